"""Who is told of which step, in the reader's language and with a link: people by notice and mail, organisations by their webhooks.

Nothing that is told holds a figure of the pack.
"""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.accounts import notices, webhooks
from incubator.accounts.models import User
from incubator.factories.models import Caseload, Factory
from incubator.feedback.models import FeedbackAction, FeedbackPack, PackSection
from incubator.feedback.playbook_models import Playbook
from incubator.kernel import access
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.products.models import Product

notices.register(
    {
        "feedback.sent": _l("%(brand)s: how your SKUs sold in the week from %(week)s. Please answer by %(due)s."),
        "feedback.soon": _l("The feedback pack of %(brand)s for the week from %(week)s is to be answered by %(due)s."),
        "feedback.late": _l("The feedback pack of %(brand)s for the week from %(week)s was to be answered by %(due)s and is overdue."),
        "feedback.escalated": _l("%(factory)s has not answered the feedback pack of the week from %(week)s, due on %(due)s."),
        "feedback.unanswered": _l(
            "%(factory)s still has not answered the feedback pack of the week from %(week)s, due on %(due)s. Please call them."
        ),
        "feedback.acknowledged": _l("%(factory)s has answered the feedback pack of the week from %(week)s."),
        "feedback.done": _l("%(factory)s has done what it promised for %(code)s."),
        "feedback.dropped": _l("%(who)s dropped what was promised for %(code)s."),
        "feedback.measured": _l("What you changed on %(code)s has been measured."),
        "feedback.effect": _l("What %(factory)s changed on %(code)s has been measured."),
        "playbook.propose": _l("The playbook “%(title)s” has been proposed. Read it as others would, then publish it."),
        "playbook.publish": _l("The playbook “%(title)s” has been published."),
        "playbook.decline": _l("The playbook “%(title)s” was not taken up: %(note)s"),
        "playbook.withdraw": _l("The playbook “%(title)s” has been withdrawn."),
        "feedback.asked": _l("%(factory)s asks about %(code)s in the feedback pack of the week from %(week)s."),
        "feedback.replied": _l("%(brand)s answered your question about %(code)s."),
    }
)
FACTORY, BRAND = ("factory",), ("brand",)
webhooks.register(
    {
        "sent": webhooks.Event(_l("A feedback pack was sent"), FACTORY, ("feedback.sent",)),
        "reminder": webhooks.Event(_l("A feedback pack is due tomorrow"), FACTORY, ("feedback.soon",)),
        "overdue": webhooks.Event(
            _l("A feedback pack is overdue"), (*FACTORY, *BRAND), ("feedback.late", "feedback.escalated", "feedback.unanswered")
        ),
        "question": webhooks.Event(_l("A question was asked or answered"), (*FACTORY, *BRAND), ("feedback.asked", "feedback.replied")),
        "acknowledged": webhooks.Event(_l("A factory has answered"), BRAND, ("feedback.acknowledged",)),
        "done": webhooks.Event(_l("A promise was kept or dropped"), (*FACTORY, *BRAND), ("feedback.done", "feedback.dropped")),
        "measured": webhooks.Event(
            _l("The effect of a promise was measured"), (*FACTORY, *BRAND), ("feedback.measured", "feedback.effect")
        ),
    }
)


def factory(pack: FeedbackPack, text: str, now: datetime) -> int:
    """Everybody in the factory; how many."""
    people = notices.people_of(pack.factory_id)
    _tell(people, pack.factory_id, f"feedback.{text}", f"/feedback/packs/{pack.id}", now, f"pack:{pack.id}", **_params(pack))
    return len(people)


def brand(pack: FeedbackPack, text: str, now: datetime) -> None:
    _tell(
        _managers(pack),
        pack.brand_id,
        f"feedback.{text}",
        f"/feedback/packs/{pack.id}",
        now,
        f"pack:{pack.id}:{pack.state}",
        **_params(pack),
    )


def escalate(pack: FeedbackPack, now: datetime) -> None:
    """The owners of the products in an overdue pack (the brand's managers where none has one), and the factory's field agents.

    An agent reads no pack: the link leads to the factory.
    """
    url = f"/feedback/packs/{pack.id}"
    _tell(_owners(pack) or _managers(pack), pack.brand_id, "feedback.unanswered", url, now, f"pack:{pack.id}", **_params(pack))
    for agent, factory_id in _agents(pack):
        notices.notify([agent], "feedback.unanswered", f"/factories/{factory_id}", now, **_params(pack))


def _owners(pack: FeedbackPack) -> list[User]:
    owners = access.select_visible(Product, SYSTEM, Product.owner_id).join(PackSection, PackSection.product_id == Product.id)
    owners = owners.where(PackSection.pack_id == pack.id, PackSection.revision == pack.revision)
    query = access.select_visible(User, SYSTEM).where(User.id.in_(owners), User.disabled_at.is_(None))
    return list(db.session.scalars(query.order_by(User.id)))


def _agents(pack: FeedbackPack) -> list[tuple[User, int]]:
    query = access.select_visible(Caseload, SYSTEM, User, Factory.id).join(User, User.id == Caseload.agent_user_id)
    query = query.join(Factory, Factory.id == Caseload.factory_id)
    query = query.where(Factory.organisation_id == pack.factory_id, Caseload.ended_at.is_(None), User.disabled_at.is_(None))
    return [(user, factory_id) for user, factory_id in db.session.execute(query)]


def of_action(action: FeedbackAction, text: str, actor: Actor, now: datetime) -> None:
    """The side that did not close the promise; of a measured effect both sides, in the app only."""
    url, key = f"/feedback/actions/{action.id}", f"action:{action.id}"
    params: dict[str, Any] = {"code": action.section.code, "factory": action.pack.factory.label, "who": actor.organisation_name}
    to_brand = text == "done" or (text == "dropped" and actor.role == "factory")
    if to_brand:
        _tell(_managers(action.pack), action.brand_id, f"feedback.{text}", url, now, key, **params)
        return
    people = notices.people_of(action.factory_id)
    _tell(people, action.factory_id, f"feedback.{text}", url, now, key, by_mail=text != "measured", **params)
    if text == "measured":
        _tell(_managers(action.pack), action.brand_id, "feedback.effect", url, now, key, by_mail=False, **params)


def of_question(section: PackSection, text: str, now: datetime) -> None:
    """Asked: the owner of the product, or the brand's managers; replied: everybody in the factory."""
    pack = section.pack
    params, key = {"code": section.code, **_params(pack)}, f"section:{section.id}:{now.isoformat()}"
    url = f"/feedback/packs/{pack.id}/skus/{section.position + 1}#questions"
    if text == "replied":
        _tell(notices.people_of(pack.factory_id), pack.factory_id, "feedback.replied", url, now, key, **params)
        return
    owner = [section.product.owner] if section.product.owner and section.product.owner.disabled_at is None else _managers(pack)
    _tell(owner, pack.brand_id, "feedback.asked", url, now, key, **params)


def of_playbook(book: Playbook, step: str, actor: Actor, note: str, now: datetime) -> None:
    """The side that did not do it: the brand's managers, or everybody in the factory; by name of the playbook alone."""
    by_factory = actor.role == "factory"
    people = notices.people_of(book.brand_id, managers_only=True) if by_factory else notices.people_of(book.factory_id)
    organisation_id = book.brand_id if by_factory else book.factory_id
    notices.notify(people, f"playbook.{step}", f"/playbooks/{book.id}", now, organisation_id, title=book.title, note=note)


def _tell(
    people: list[User], organisation_id: int, text: str, url: str, now: datetime, key: str, by_mail: bool = True, **params: Any
) -> None:
    notices.notify(people, text, url, now, organisation_id, by_mail, **params)
    webhooks.queue(organisation_id, text, url, now, key, **params)


def _managers(pack: FeedbackPack) -> list[User]:
    return notices.people_of(pack.brand_id, managers_only=True)


def _params(pack: FeedbackPack) -> dict[str, Any]:
    due: date | None = pack.due_on
    return {
        "brand": pack.brand.label, "factory": pack.factory.label, "week": pack.week.isoformat(), "due": due.isoformat() if due else "",
    }  # fmt: skip
