"""What must not happen here: hostile files and texts, ids of others, two at once. Each test names its case."""

import threading
from io import BytesIO

import pytest
from sqlalchemy import func, select

from incubator.accounts.models import User
from incubator.codevelopment import agreement_queries, page_queries, revision_service, service
from incubator.codevelopment.ledger_models import Contribution
from incubator.codevelopment.models import Deliverable, DeliverableDecision, DeliverableRevision
from incubator.kernel import clock, sniff
from incubator.kernel.audit import AuditEntry
from incubator.kernel.db import db
from incubator.kernel.errors import AppError, Invalid
from incubator.kernel.file_table import StoredFile
from tests.backends import on
from tests.builders import an_actor, an_organisation, sign_in
from tests.codevelopment.builders import Scene, a_picture
from tests.uploads import a_giant_picture, a_picture_with_a_position


@pytest.fixture
def scene(session):
    return Scene()


@pytest.fixture
def browser(app, session):
    def of(actor):
        return sign_in(app.test_client(), session.get_one(User, actor.user_id))

    return of


STEP = b"ISO-10303-21;\nHEADER;\nENDSEC;\nEND-ISO-10303-21;\n"
HOSTILE = {
    "x.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "x.html": b"<!doctype html><script>alert(1)</script>",
    "x.png": b"<html><body>not a picture</body></html>",
    "x.step": b"<svg/>" + STEP,
    "x.dwg": b"MZ\x90\x00 an executable",
    "x.zip": b"PK\x03\x04 nothing",
    "empty.png": b"",
}


@on("sqlite")
def test_case_22_hostile_files_are_refused_and_nothing_is_submitted(scene, browser, session):
    found = scene.deliverable()
    firm = browser(scene.designer)
    for name, data in HOSTILE.items():
        answer = firm.post(f"/deliverables/{found.id}/revisions", data={"version": 1, "files": (BytesIO(data), name)})
        assert answer.status_code in (413, 422), name
    session.expire_all()
    assert (found.state, found.current_number) == ("planned", 0) and session.scalar(select(func.count(StoredFile.id))) == 0


@on("sqlite")
def test_case_30_a_giant_picture_is_refused_before_it_is_decoded(scene, browser, session):
    found = scene.deliverable()
    sent = {"version": 1, "files": (BytesIO(a_giant_picture()), "huge.png")}
    assert browser(scene.designer).post(f"/deliverables/{found.id}/revisions", data=sent).status_code == 413
    assert session.scalar(select(func.count(DeliverableRevision.id))) == 0


@on("sqlite")
def test_a_photo_loses_where_it_was_taken_and_cad_is_only_downloaded(scene, browser, session):
    found = scene.deliverable()
    firm = browser(scene.designer)
    files = [(BytesIO(a_picture_with_a_position()), "photo.jpg"), (BytesIO(STEP), "../../leg.step")]
    assert firm.post(f"/deliverables/{found.id}/revisions", data={"version": 1, "files": files}).status_code == 302
    photo, cad = page_queries.revisions(found, scene.leader)[0].files
    assert b"SECRET" not in firm.get(f"/files/{photo.file_id}").data
    got = firm.get(f"/files/{cad.file_id}")
    assert got.headers["Content-Disposition"].startswith("attachment") and cad.name == "leg.step"
    assert got.headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in got.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.step", STEP, "model/step"),
        ("a.stp", b"ISO-10303-21;\r\nHEADER;", "model/step"),
        ("a.dxf", b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "image/vnd.dxf"),
        ("a.dwg", b"AC1032\0\0\0\0\0\1", "image/vnd.dwg"),
    ],
)
def test_drawings_are_known_by_bytes_and_name(name, data, kind):
    assert sniff.content_type(data, name) == kind


@pytest.mark.parametrize(("name", "data"), [("a.dwg", b"AB1032\0"), ("a.step", b"\0" + STEP), ("a.step", STEP + b"\0")])
def test_what_only_claims_to_be_a_drawing_is_refused(name, data):
    with pytest.raises(Invalid):
        sniff.content_type(data, name)


@on("sqlite")
def test_case_02_a_record_of_another_product_is_no_way_in(scene, browser, session):
    """A party's own address with another's ids: the brand's other product, another brand, another deliverable's share."""
    found, other = scene.submitted(), scene.submitted(owner=scene.maker, title="模具图")
    given = service.share(other, scene.firm.id, scene.leader, clock.now())
    brand = browser(scene.leader)
    assert brand.post(f"/deliverables/{found.id}/shares/{given.id}/remove").status_code == 404
    picture = scene.picture_of(other).file_id
    place = {"file_id": picture, "shape": "pin", "x": 1, "y": 1, "body": "?"}
    assert brand.post(f"/deliverables/{found.id}/annotations", data=place).status_code == 404
    kept = browser(scene.designer).post(f"/deliverables/{found.id}/revisions", data={"version": found.version, "keep": picture})
    assert kept.status_code == 422
    draft = scene.draft()
    assert brand.post(f"/agreements/{draft.id}/promises/987654/remove").status_code == 404
    foreign = {"title": "x", "kind": "bom", "owner_id": an_organisation("factory").id, "due_on": "2027-01-01", "review_days": 5}
    assert brand.post(f"/products/{scene.product.id}/deliverables/new", data=foreign).status_code == 422


@on("sqlite")
def test_case_07_a_rival_in_the_same_product_reads_nothing_of_the_other(scene, browser):
    scene.firm.name = "对手设计公司"
    found = scene.submitted(title="秘密造型")
    mark = scene.annotation(found)
    agreement = scene.draft()
    rival = browser(scene.toolmaker)
    for path in (f"/deliverables/{found.id}", f"/agreements/{agreement.id}", f"/files/{scene.picture_of(found).file_id}"):
        assert rival.get(path).status_code == 404, path
    for path in (f"/annotations/{mark.id}/resolve", f"/annotations/{mark.id}/remarks", f"/deliverables/{found.id}/annotations"):
        assert rival.post(path, data={"body": "?"}).status_code == 404, path
    pages = [
        "/deliverables",
        f"/products/{scene.product.id}/codevelopment",
        f"/products/{scene.product.id}/consortium",
        f"/products/{scene.product.id}/files",
    ]
    pages += ["/", "/deliverables/export.csv?show=all", f"/products/{scene.product.id}/activity", "/notifications"]
    for path in pages:
        text = rival.get(path).get_data(as_text=True)
        assert "秘密造型" not in text and "对手" not in text, path


@on("sqlite")
def test_case_08_states_and_signatures_are_not_posted(scene, browser, session):
    found = scene.deliverable()
    fields = {"title": "x", "kind": "bom", "owner_id": scene.firm.id, "due_on": "2027-01-01", "review_days": 5, "version": found.version}
    more = {"state": "accepted", "brand_id": 1, "current_number": 9, "submitted_by_id": 1, "organisation_id": 1}
    assert browser(scene.leader).post(f"/deliverables/{found.id}/edit", data=fields | more).status_code == 302
    session.expire_all()
    assert (found.state, found.current_number, found.brand_id) == ("planned", 0, scene.brand.id)


@on("sqlite")
def test_case_26_texts_are_shown_as_typed(scene, browser):
    hostile = "{{7*7}} %(x)s <script>alert(1)</script>"
    found = scene.submitted(title=hostile, description=hostile, acceptance=hostile)
    scene.annotation(found, body=hostile)
    agreement = scene.proposed()
    for path in (
        f"/deliverables/{found.id}",
        "/deliverables",
        f"/products/{scene.product.id}/codevelopment",
        f"/agreements/{agreement.id}",
        "/",
    ):
        text = browser(scene.leader).get(path).text
        assert "<script>alert" not in text and "49" not in text.split("<main")[1].split("{{7*7}}")[-1][:3]


@on("sqlite")
def test_case_31_absurd_figures_are_refused(scene, browser, session):
    found = scene.submitted()
    brand, page = browser(scene.leader), f"/deliverables/{found.id}"
    place = {"file_id": scene.picture_of(found).file_id, "shape": "pin", "x": "1", "y": "1", "body": "?"}
    for wrong in ({"x": "NaN"}, {"x": "1e308"}, {"y": "-1"}, {"x": "100.01"}, {"y": "Infinity"}, {"file_id": 10**30}, {"x": "9" * 5000}):
        assert brand.post(f"{page}/annotations", data=place | wrong).status_code == 422, wrong
    draft = scene.draft()
    money = {
        "organisation_id": scene.brand.id,
        "kind": "design_hours",
        "description": "x",
        "currency": "CNY",
        "quantity": "1",
        "hourly": "1",
    }
    for wrong in (
        {"quantity": "1e308"},
        {"quantity": "-1"},
        {"hourly": "1e40"},
        {"hourly": "NaN"},
        {"hourly": "1.234"},
        {"currency": "XXX"},
        {"hourly": "9" * 29},
    ):
        assert brand.post(f"/agreements/{draft.id}/promises/new", data=money | wrong).status_code == 422, wrong
    largest = {"quantity": "10000000", "hourly": "9999999999999.99"}
    assert brand.post(f"/agreements/{draft.id}/promises/new", data=money | largest).status_code == 422
    assert session.scalar(select(func.count(Contribution.id))) == 0


def at_once(app, *acts):
    """Each act in a thread of its own with its own session; the names of what they raised, or "done"."""
    results, gate = [], threading.Barrier(len(acts))

    def run(act):
        with app.app_context():
            gate.wait()
            try:
                act()
                db.session.commit()
                results.append("done")
            except AppError as error:
                db.session.rollback()
                results.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


def test_case_34_ten_decide_at_once_and_one_decision_stands(app, scene, session):
    found = scene.submitted()
    session.commit()
    people = [an_actor(scene.brand) for _ in range(6)]
    session.commit()
    found_id, seen = found.id, found.version
    session.remove()

    def deciding(actor, n):
        def act():
            outcome = ("accept", "ask_changes")[n % 2]
            service.decide(page_queries.whole(found_id, actor), outcome, "理由", 1, actor, clock.now(), seen)

        return act

    assert at_once(app, *(deciding(actor, n) for n, actor in enumerate(people))) == ["Conflict"] * 5 + ["done"]
    assert session.scalar(select(func.count(DeliverableDecision.id))) == 1
    acts = select(func.count(AuditEntry.id)).where(AuditEntry.event.in_(("deliverable.accept", "deliverable.ask_changes")))
    assert session.scalar(acts) == 1


def test_two_submissions_at_once_make_one_revision(app, scene, session):
    found = scene.deliverable()
    session.commit()
    found_id, seen = found.id, found.version
    session.remove()

    def submitting():
        revision_service.submit(session.get_one(Deliverable, found_id), "", [a_picture()], [], scene.designer, clock.now(), seen)

    assert at_once(app, *[submitting] * 3) == ["Conflict", "Conflict", "done"]
    assert session.scalar(select(func.count(DeliverableRevision.id))) == 1


def test_the_last_two_signatures_at_once_open_the_ledger_once(app, scene, session):
    found = scene.proposed()
    scene.sign(found, scene.leader)
    session.commit()
    agreement_id = found.id
    session.remove()

    def signing(actor):
        return lambda: scene.sign(agreement_queries.whole(agreement_id, actor), actor)

    assert at_once(app, signing(scene.designer), signing(scene.toolmaker)) == ["done", "done"]
    assert session.scalar(select(func.count(Contribution.id))) == 3
