"""Remarks on the records of a product. One is read by the brand alone, or by the brand and one organisation; never by two rivals.

Bodies are plain text: everything is escaped, only http addresses become links, and a mention reaches nobody who may not read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape
from sqlalchemy.orm import joinedload

from incubator.accounts import notices
from incubator.accounts.models import Organisation, User
from incubator.kernel import access, audit, events
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid, NotFound
from incubator.products.mentions import LINK, MENTION, handles, mentioned_in, people_named, spellings
from incubator.products.models import Comment, Participant, Product

MOST_SHOWN = 200
notices.register(
    {
        "comment.mentioned": _l("%(author)s mentioned you in “%(name)s”."),
        "comment.addressed": _l("%(author)s wrote to you about “%(name)s”."),
    }
)
_subjects: dict[str, Any] = {}
_silent: set[str] = set()


def register_subject(model: Any, page: Any, *, tells: bool = True) -> None:
    """Let records of `model` (with a `product_id`, or Product itself) be commented; `page(record)` is the path that shows the thread.

    With `tells` false its package tells the other side itself, by a reaction to "comment.add".
    """
    _subjects[model.__tablename__] = (model, page)
    _silent.discard(model.__tablename__) if tells else _silent.add(model.__tablename__)


@dataclass(frozen=True)
class Thread:
    """What `products/comments.html` shows: remarks with their safe markup, and to whom one may write."""

    items: Sequence[tuple[Comment, Markup]]
    audiences: Sequence[tuple[int, str]]
    subject_type: str
    subject_id: int
    post_url: str
    mentions_url: str
    chosen: int | None = None  # of the audiences, the one that is offered first; None: one's own side alone


def subject_of(subject_type: str, subject_id: int, actor: Actor) -> tuple[Any, Product, str]:
    """(record, its product, path of its page); NotFound unless the actor sees both."""
    if subject_type not in _subjects:
        raise NotFound()
    model, page = _subjects[subject_type]
    record = access.get_visible(model, subject_id, actor)
    product = record if isinstance(record, Product) else access.get_visible(Product, record.product_id, actor)
    return record, product, page(record)


def thread(subject_type: str, subject_id: int, actor: Actor) -> list[Comment]:
    """The remarks that the actor may read, oldest first, at most the latest 200."""
    query = access.select_visible(Comment, actor).where(Comment.subject_type == subject_type, Comment.subject_id == subject_id)
    options = (joinedload(Comment.author), joinedload(Comment.organisation), joinedload(Comment.audience))
    return list(reversed(db.session.scalars(query.options(*options).order_by(Comment.id.desc()).limit(MOST_SHOWN)).all()))


def thread_context(product: Product, subject: Any, actor: Actor) -> Thread:
    """The thread of `subject` ready for the template; three queries, two for anybody but the brand."""
    remarks = thread(subject.__tablename__, subject.id, actor)
    known = spellings(i for remark in remarks for i in remark.mentioned)
    return Thread(
        items=[(r, render_body(r.body, [h for i in r.mentioned for h in known.get(i, ())])) for r in remarks],
        audiences=audiences(product, actor),
        subject_type=subject.__tablename__,
        subject_id=subject.id,
        post_url=url_for("products.comment", product_id=product.id),
        mentions_url=url_for("products.mentions", product_id=product.id),
    )


def audiences(product: Product, actor: Actor) -> list[tuple[int, str]]:
    """To which organisations the brand may write; a party writes to the brand and has no choice."""
    if actor.role != "brand":
        return []
    query = access.select_visible(Participant, actor, Organisation.id, Organisation.name, Organisation.short_name)
    query = query.join(Organisation).where(Participant.product_id == product.id, Participant.left_at.is_(None))
    return [(row.id, row.short_name or row.name) for row in db.session.execute(query.distinct().order_by(Organisation.name))]


def add(product: Product, subject: Any, body: str, audience_id: int | None, actor: Actor, now: datetime) -> Comment:
    """Write a remark on `subject`. Invalid when it is empty or addressed to somebody who takes no part."""
    access.require("product.comment", actor, product)
    if not body.strip():
        raise Invalid({"body": [_l("Write something first.")]})
    audience_id = _audience(product, audience_id, actor)
    readers = people_named(_organisations(product, audience_id))
    named = mentioned_in(body, readers)
    comment = Comment(
        product_id=product.id, brand_id=product.brand_id, subject_type=subject.__tablename__, subject_id=subject.id, author_id=actor.user_id,
        organisation_id=actor.organisation_id, audience_id=audience_id, body=body.strip(), mentioned=[u.id for u in named], created_at=now,
    )  # fmt: skip
    db.session.add(comment)
    db.session.flush()
    audit.record("comment.add", subject, actor, now, comment=comment.id, audience=audience_id)
    _tell(comment, subject, product, named, actor, now)
    events.publish("comment.add", subject, actor, now, comment=comment)
    return comment


def _audience(product: Product, audience_id: int | None, actor: Actor) -> int | None:
    if actor.role != "brand":
        return actor.organisation_id
    if audience_id is not None and audience_id not in dict(audiences(product, actor)):
        raise Invalid({"audience_id": [_l("This organisation does not take part in the product.")]})
    return audience_id


def _organisations(product: Product, audience_id: int | None) -> list[int]:
    return [product.brand_id] if audience_id is None else [product.brand_id, audience_id]


def _tell(comment: Comment, subject: Any, product: Product, named: list[User], actor: Actor, now: datetime) -> None:
    """Those who are named, by mail too; the other side of an addressed remark in the app only. Never the author."""
    url = _subjects[comment.subject_type][1](subject) if comment.subject_type in _subjects else f"/products/{product.id}"
    told = {actor.user_id, *(u.id for u in named)}
    notices.notify([u for u in named if u.id != actor.user_id], "comment.mentioned", url, now, author=actor.name, name=product.name)
    others = _other_side(comment, product, actor)
    notices.notify(
        [u for u in others if u.id not in told], "comment.addressed", url, now, by_mail=False, author=actor.name, name=product.name
    )


def _other_side(comment: Comment, product: Product, actor: Actor) -> list[User]:
    if comment.audience_id is None or comment.subject_type in _silent:
        return []
    if actor.role == "brand":
        return notices.people_of(comment.audience_id)
    return (
        [] if product.owner_id is None else list(db.session.scalars(access.select_visible(User, SYSTEM).where(User.id == product.owner_id)))
    )


def suggestions(product: Product, text: str, actor: Actor) -> list[dict[str, Any]]:
    """People whom the actor may name here, for the list under the text field: own colleagues and the other side."""
    organisations = [product.brand_id, *(dict(audiences(product, actor)) if actor.role == "brand" else [actor.organisation_id])]
    found = [
        (handle, user) for handle, user in handles(people_named(organisations)).items() if text.lower() in f"{handle} {user.name}".lower()
    ]
    return [{"id": user.id, "label": user.name, "handle": handle} for handle, user in found[:8]]


def render_body(body: str, named: Iterable[str] = ()) -> Markup:
    """Escaped text with line breaks; http and https addresses become links that carry no referrer and no trust.

    `named` are the handles of those whom the remark mentions: nothing else that begins with @ is marked.
    """
    longest_first, lines = sorted(named, key=len, reverse=True), []
    for line in body.splitlines():
        parts = [_link(part) if LINK.fullmatch(part) else _words(part, longest_first) for part in LINK.split(line)]
        lines.append(Markup("").join(parts))
    return Markup("<p>") + Markup("<br>").join(lines) + Markup("</p>")


def _link(address: str) -> Markup:
    return Markup('<a href="{0}" rel="nofollow ugc noopener noreferrer">{0}</a>').format(address)


def _words(text: str, named: Sequence[str]) -> Markup:
    return Markup(MENTION.sub(lambda m: _mention(m.group(), named), str(escape(text))))  # noqa: S704 - escaped before


def _mention(word: str, named: Sequence[str]) -> str:
    """The part of `word` that names somebody, marked; Chinese runs on behind it without a space."""
    end = 1 + next((len(handle) for handle in named if word[1:].lower().startswith(handle)), -1)
    return f'<span class="mention">{word[:end]}</span>{word[end:]}' if end else word


register_subject(Product, lambda product: f"/products/{product.id}")
