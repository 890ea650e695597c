"""Who sees what of a factory, in queries, pages, JSON, export and files. A rival factory has an account."""

import io
import json

import pytest
from sqlalchemy import select

from incubator.factories import evidence_service, profile_queries, queries
from incubator.factories.evidence_models import Certificate, FactoryChange
from incubator.factories.filters import Filters
from incubator.factories.models import Factory, FactoryContact
from incubator.kernel import access, clock
from incubator.kernel.actor import ORGANISATION_KINDS
from incubator.kernel.errors import Forbidden, NotFound
from tests.backends import on
from tests.builders import a_participant, a_person, a_product, a_programme, an_actor, an_organisation, put, sign_in
from tests.factories.builders import a_certificate, a_factory, an_audit, an_oem_entry
from tests.world import a_token

SECRETS = ("139-secret-phone", "wang@secret.example", "王厂长")
OUTSIDERS = tuple(kind for kind in ORGANISATION_KINDS if kind not in ("brand", "factory"))


class Scene:
    """Brand A brought factory F1 (approved) and the prospect P; F2 is a rival with a profile of its own."""

    def __init__(self, state="approved"):
        self.a, self.b = an_organisation("brand", "A"), an_organisation("brand", "B")
        self.f1, self.f2 = an_organisation("factory", "F1"), an_organisation("factory", "F2")
        self.factory = a_factory(state, brand=self.a, organisation=self.f1, name_zh="云上一号厂")
        self.rival = a_factory("approved", brand=self.a, organisation=self.f2, name_zh="竞争二号厂")
        self.prospect = a_factory("prospect", brand=self.a, name_zh="意向三号厂")
        an_oem_entry(self.factory)
        self.audit = an_audit(self.factory, brand=self.a)


def seen(actor):
    return {row.name for row in queries.page(Filters(), actor, None).rows}


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("administrator", {"云上一号厂", "竞争二号厂", "意向三号厂"}),
        ("field_agent", {"云上一号厂", "竞争二号厂"}),
        ("brand", {"云上一号厂", "竞争二号厂"}),
        *((kind, set()) for kind in (*OUTSIDERS, "factory")),
    ],
)
def test_who_finds_which_factories(session, role, names):
    Scene()
    assert seen(an_actor(role=role)) == names


def test_a_brand_sees_its_own_prospects_and_nobody_elses(session):
    scene = Scene()
    assert "意向三号厂" in seen(an_actor(scene.a)) and "意向三号厂" not in seen(an_actor(scene.b))


def test_a_factory_sees_itself_alone(session):
    scene = Scene("suspended")
    assert seen(an_actor(scene.f1)) == {"云上一号厂"} and seen(an_actor(scene.f2)) == {"竞争二号厂"}


def test_a_brand_still_sees_a_suspended_factory_that_makes_its_product(session):
    scene = Scene("suspended")
    other = an_actor(scene.b)
    assert "云上一号厂" not in seen(other)
    a_participant(a_product(a_programme(scene.b), "scale"), scene.f1)
    assert "云上一号厂" in seen(other)


@pytest.mark.parametrize("kind", OUTSIDERS)
def test_whoever_shares_a_product_sees_the_public_profile_once_the_factory_is_chosen(session, kind):
    scene = Scene()
    party = an_organisation(kind)
    actor = an_actor(party)
    asked = a_product(a_programme(scene.a), "sourcing")
    for organisation in (party, scene.f1):
        a_participant(asked, organisation)
    assert seen(actor) == set(), "who was asked for a quotation is the brand's secret"
    chosen = a_product(a_programme(scene.a), "sampling")
    for organisation in (party, scene.f1):
        a_participant(chosen, organisation)
    assert seen(actor) == {"云上一号厂"}
    assert profile_queries.contacts(scene.factory, actor) == [] and profile_queries.audits(scene.factory, actor) == []
    assert not access.may("factory.know", actor, scene.factory)


def test_two_factories_of_one_product_do_not_see_each_other(session):
    scene = Scene()
    product = a_product(a_programme(scene.a), "scale")
    for organisation in (scene.f1, scene.f2):
        a_participant(product, organisation)
    assert seen(an_actor(scene.f2)) == {"竞争二号厂"}
    with pytest.raises(NotFound):
        profile_queries.whole(scene.factory.id, an_actor(scene.f2))


@pytest.mark.parametrize(
    ("who", "client"),
    [("a", None), ("b", None), ("f1", "Secret Client Inc"), ("administrator", "Secret Client Inc"), ("field_agent", None)],
)
def test_a_confidential_client_is_for_the_factory_and_staff_in_charge(session, who, client):
    scene = Scene()
    actor = an_actor(getattr(scene, who)) if hasattr(scene, who) else an_actor(role=who)
    assert [row.client for row in profile_queries.oem(scene.factory, actor)] == [client]


def test_the_name_of_a_confidential_client_is_not_even_fetched(session):
    scene = Scene()
    statement = str(access.select_visible(Factory, an_actor(scene.b)))
    rows = profile_queries.oem(scene.factory, an_actor(scene.b))
    assert "factory_oem" not in statement and "Secret" not in repr(rows)
    an_oem_entry(scene.factory, "Public Client", confidential=False)
    assert {row.client for row in profile_queries.oem(scene.factory, an_actor(scene.b))} == {None, "Public Client"}


def test_a_brand_may_not_touch_the_oem_history(session):
    scene = Scene()
    data = {"client": "x", "category": "", "from_year": 2020, "to_year": None, "is_confidential": True}
    with pytest.raises(Forbidden):
        evidence_service.add_oem(scene.factory, data, an_actor(scene.a), clock.now())
    own = evidence_service.add_oem(scene.factory, data, an_actor(scene.f1), clock.now())
    assert own.checked_at is None
    with pytest.raises(Forbidden):
        evidence_service.check_oem(scene.factory, own, an_actor(scene.f1), clock.now())
    admin = an_actor(role="administrator")
    evidence_service.check_oem(scene.factory, own, admin, clock.now())
    assert own.checked_by_id == admin.user_id
    with pytest.raises(Forbidden):
        evidence_service.remove_oem(scene.factory, own, an_actor(scene.f2), clock.now())


def test_an_audit_that_a_brand_ordered_is_not_another_brands(session):
    scene = Scene()
    platform = an_audit(scene.factory)
    assert {a.id for a in profile_queries.audits(scene.factory, an_actor(scene.b))} == {platform.id}
    for actor in (an_actor(scene.a), an_actor(scene.f1), an_actor(role="administrator")):
        assert {a.id for a in profile_queries.audits(scene.factory, actor)} == {platform.id, scene.audit.id}


def test_a_certificate_to_be_checked_is_shown_to_those_who_check_it(session):
    scene = Scene()
    for state in ("valid", "proposed", "rejected", "expired"):
        a_certificate(scene.factory, state=state, days=9)
    states = {
        who: {c.state for c in profile_queries.certificates(scene.factory, an_actor(getattr(scene, who)))} for who in ("a", "b", "f1")
    }
    assert states["b"] == {"valid", "expired"} and states["a"] == states["f1"] == {"valid", "proposed", "rejected", "expired"}


def test_changes_are_for_those_who_decide_them(session):
    scene = Scene()
    put(FactoryChange(factory_id=scene.factory.id, number=1, content={}, state_since=clock.now()))
    counts = {who: len(profile_queries.changes(scene.factory, an_actor(getattr(scene, who)))) for who in ("a", "b", "f1", "f2")}
    assert counts == {"a": 1, "b": 0, "f1": 1, "f2": 0}
    assert [w.id for w in queries.waiting_changes(an_actor(scene.a))] and not queries.waiting_changes(an_actor(scene.b))


# Through HTTP


def texts(app, person, paths):
    browser = sign_in(app.test_client(), person)
    return {path: browser.get(path) for path in paths}


@on("sqlite")
@pytest.mark.parametrize("kind", ("design_firm", "investor"))
def test_case_07_the_pages_of_an_outsider_hold_no_secret(app, session, kind):
    scene = Scene()
    party = an_organisation(kind)
    product = a_product(a_programme(scene.a), "sampling")
    for organisation in (party, scene.f1):
        a_participant(product, organisation)
    base = f"/factories/{scene.factory.id}"
    found = texts(app, a_person(party), [base, f"{base}/certificates", f"{base}/oem", f"{base}/tiers", f"/products/{product.id}"])
    for path, answer in found.items():
        assert answer.status_code == 200, path
        assert not [word for word in (*SECRETS, "Secret Client", "竞争二号厂") if word in answer.text], path
    assert "云上一号厂" in found[f"/products/{product.id}"].text and "Confidential client" in found[f"{base}/oem"].text
    for path, answer in texts(
        app, a_person(party), [f"{base}/audits", f"{base}/changes", f"{base}/edit", "/factories", "/factories/export.csv"]
    ).items():
        assert answer.status_code == 404, path


@on("sqlite")
def test_case_01_a_rival_reads_nothing_at_all(app, session):
    scene = Scene()
    base = f"/factories/{scene.factory.id}"
    browser = sign_in(app.test_client(), a_person(scene.f2, manager=True))
    for path in (
        base,
        f"{base}/certificates",
        f"{base}/oem",
        f"{base}/audits",
        f"{base}/audits/{scene.audit.id}",
        f"{base}/changes",
        f"{base}/edit",
        f"{base}/tiers",
    ):
        assert browser.get(path).status_code == 404, path
    for path in (f"{base}/edit", f"{base}/certificates", f"{base}/oem", f"{base}/move/submit"):
        assert browser.post(path, data={}).status_code == 404, path


@on("sqlite")
def test_json_has_contacts_for_brands_only_and_never_a_confidential_client(app, session):
    scene = Scene()
    a_certificate(scene.factory)
    party = an_organisation("design_firm")
    product = a_product(a_programme(scene.a), "scale")
    for organisation in (party, scene.f1):
        a_participant(product, organisation)
    tokens = {name: a_token(a_person(organisation)) for name, organisation in (("b", scene.b), ("design", party), ("rival", scene.f2))}
    session.commit()
    answers = {
        n: app.test_client().get(f"/api/v1/factories/{scene.factory.id}", headers={"Authorization": f"Bearer {t}"})
        for n, t in tokens.items()
    }
    assert answers["rival"].status_code == 404
    assert answers["b"].json["contacts"][0]["phone"] == "139-secret-phone" and answers["b"].json["valid_certificates"] == 1
    assert "contacts" not in answers["design"].json and not [w for w in SECRETS if w in answers["design"].text]
    assert all("Secret Client" not in a.text for a in answers.values()) and answers["b"].json["oem"][0]["client"] is None


@on("sqlite")
def test_the_export_holds_no_contact(app, session):
    scene = Scene()
    browser = sign_in(app.test_client(), a_person(scene.b))
    text = browser.get("/factories/export.csv").data.decode("utf-8-sig")
    assert "云上一号厂" in text and "意向三号厂" not in text and not [word for word in SECRETS if word in text]
    assert browser.get("/factories/export.xlsx").data.startswith(b"PK")


@on("sqlite")
def test_case_22_the_scan_of_a_certificate_is_an_attachment_for_insiders(app, session):
    scene = Scene()
    party = an_organisation("investor")
    product = a_product(a_programme(scene.a), "scale")
    for organisation in (party, scene.f1):
        a_participant(product, organisation)
    owner = sign_in(app.test_client(), a_person(scene.f1))
    data = {"kind": "iso_9001", "number": "1", "issuer": "SGS", "expires_on": "2099-01-01"}
    path = f"/factories/{scene.factory.id}/certificates"
    assert owner.post(path, data={**data, "file": (io.BytesIO(b"<svg onload=alert(1)>"), "scan.svg")}).status_code in (413, 422)
    assert owner.post(path, data={**data, "file": (io.BytesIO(b"%PDF-1.4 scan"), "scan.pdf")}).status_code == 302
    certificate = session.scalar(select(Certificate))
    file = f"/files/{certificate.file_id}"
    answer = owner.get(file)
    assert (
        answer.status_code == 200
        and answer.headers["Content-Disposition"].startswith("attachment")
        and answer.headers["X-Content-Type-Options"] == "nosniff"
    )
    for outsider in (a_person(scene.f2), a_person(party), a_person(scene.b)):
        assert sign_in(app.test_client(), outsider).get(file).status_code == 404, outsider.name
    assert sign_in(app.test_client(), a_person(scene.a)).get(file).status_code == 200


@on("sqlite")
def test_contacts_are_in_no_other_query_of_a_page(app, session):
    """Whole rows of contacts are read by `contacts` alone, through the policy."""
    scene = Scene()
    assert (
        session.scalar(access.select_visible(FactoryContact, an_actor(scene.f2)).where(FactoryContact.factory_id == scene.factory.id))
        is None
    )
    assert json.dumps([dict(r._mapping) for r in queries.page(Filters(), an_actor(scene.b), None).rows], default=str).find("secret") < 0


@on("sqlite")
@pytest.mark.parametrize("role", ("administrator", "brand", "factory", "field_agent"))
def test_nobody_but_the_administrator_manages_accounts_and_agents(app, session, role):
    scene = Scene()
    person = a_person(staff_role=role) if role in ("administrator", "field_agent") else a_person(an_organisation(role))
    browser = sign_in(app.test_client(), person)
    answer = browser.post(f"/factories/{scene.prospect.id}/caseload/entrust", data={"agent_user_id": a_person(staff_role="field_agent").id})
    assert answer.status_code == (302 if role == "administrator" else 404)
