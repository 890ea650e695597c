"""The pages of investors by role: from the contract to the payment, from the draft to the reader; hostile input; a bounded number of queries."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from incubator.investors import report_service, sweep
from incubator.investors.models import Commitment, Tranche
from incubator.investors.report_models import ProgressReport, ReportOpening
from incubator.kernel import clock
from incubator.kernel.sheets import read
from tests.builders import a_brief, a_person, a_product, a_programme, an_organisation, counted, sign_in
from tests.investors.builders import (
    SAID,
    Desk,
    a_commitment,
    a_document,
    a_due_tranche,
    a_full_programme,
    a_payment,
    a_released_report,
    a_report,
    a_tranche,
    by_gate,
)

BACKENDS = ("sqlite",)
EVIL = "<script>alert(1)</script>{{7*7}}"


@pytest.fixture
def desk(session):
    desk = Desk()
    a_full_programme(desk)
    return desk


@pytest.fixture
def brand(app, desk):
    return sign_in(app.test_client(), a_person(desk.brand, manager=True))


@pytest.fixture
def investor(app, desk):
    return sign_in(app.test_client(), a_person(desk.ours))


def text(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.get_data(as_text=True).split("<main")[1]


def test_from_the_contract_to_the_payment_by_two_people(app, session, desk, brand, investor):
    product = a_product(desk.programme, "launch", "云朵托腰椅")
    base = {"currency": "CNY", "signed_on": (desk.today - timedelta(days=9)).isoformat(), "contact": "王", "terms": "保密"}
    answer = brand.post(
        f"/programmes/{desk.programme.id}/commitments/new",
        data={**base, "investor_id": desk.ours.id, "reference": "ZX-1", "amount": "6,000.00"},
    )
    assert answer.status_code == 302
    page = text(brand, answer.location)
    assert "¥6,000" in page and "保密" in page and "Plan a tranche" in page
    commitment = session.scalar(select(Commitment))
    row = {
        "name": "首期",
        "amount": "1500",
        "due_on": desk.today.isoformat(),
        "conditions-0-kind": "stage",
        "conditions-0-product_id": product.id,
        "conditions-0-stage": "launch",
    }
    assert brand.post(f"/commitments/{commitment.id}/tranches/new", data=row).status_code == 302
    tranche = session.scalar(select(Tranche))
    sweep.look_at(tranche.id, clock.now())
    session.commit()
    page = text(brand, f"/tranches/{tranche.id}")
    assert "Record the payment first" in page and "云朵托腰椅" in page
    paid = {"paid_on": desk.today.isoformat(), "amount": "1500.00", "bank_reference": "ICBC-9", "version": tranche.version}
    assert brand.post(f"/tranches/{tranche.id}/propose", data=paid).status_code == 302
    session.expire_all()
    assert brand.post(f"/tranches/{tranche.id}/release", data={"version": tranche.version}).status_code == 409
    second = sign_in(app.test_client(), a_person(desk.brand))
    version = tranche.version
    assert second.post(f"/tranches/{tranche.id}/release", data={"version": version}).status_code == 302
    page = text(investor, f"/tranches/{tranche.id}")
    assert "ICBC-9" in page and "Paid and released" in page and "Recorded by" not in page
    assert "¥1,500" in text(investor, "/investors") and "¥4,500" in text(investor, "/")


def test_what_is_wrong_is_said_beside_its_field(session, desk, brand):
    commitment = a_commitment(desk)
    row = {
        "name": "",
        "amount": "-5",
        "due_on": "2200-01-01",
        "conditions-0-kind": "gate",
        "conditions-1-kind": "stage",
        "conditions-1-product_id": "999999",
    }
    answer = brand.post(f"/commitments/{commitment.id}/tranches/new", data=row)
    assert answer.status_code == 422
    for words in ("cannot be empty", "between 2000 and 2100", "Choose a product"):
        assert words in answer.text
    for amount in ("1e308", "NaN", "9" * 40, "0", "1.005", EVIL):
        row = {
            "name": "a",
            "amount": amount,
            "due_on": desk.today.isoformat(),
            "conditions-0-kind": "date",
            "conditions-0-on_date": desk.today.isoformat(),
        }
        answer = brand.post(f"/commitments/{commitment.id}/tranches/new", data=row)
        assert answer.status_code == 422 and "<script>alert" not in answer.text
    answer = brand.post(f"/commitments/{commitment.id}/tranches/new", data={"name": "a", "amount": "5", "due_on": desk.today.isoformat()})
    assert answer.status_code == 422 and "at least one condition" in answer.text


def test_case_26_what_people_typed_is_shown_as_typed_in_a_refusal(session, desk, brand):
    product = a_product(desk.programme, "brief", EVIL)
    tranche = a_due_tranche(desk, a_commitment(desk), by_gate(product), name=EVIL)
    page = text(brand, f"/tranches/{tranche.id}")
    assert "Not yet met" in page and "<script>alert" not in page and page.count("&lt;script&gt;") >= 3


def test_case_08_state_and_foreign_ids_in_a_form_are_ignored(session, desk, brand):
    commitment = a_commitment(desk)
    row = {
        "name": "首期", "amount": "5", "due_on": (desk.today + timedelta(days=50)).isoformat(), "state": "released", "investor_id": desk.rival.id,
        "conditions-0-kind": "date", "conditions-0-on_date": (desk.today + timedelta(days=50)).isoformat(),
    }  # fmt: skip
    assert brand.post(f"/commitments/{commitment.id}/tranches/new", data=row).status_code == 302
    tranche = session.scalar(select(Tranche))
    assert (tranche.state, tranche.investor_id) == ("planned", desk.ours.id)


def test_a_tranche_is_planned_anew_withheld_and_its_reason_is_read(session, desk, brand, investor):
    commitment = a_commitment(desk)
    tranche = a_tranche(desk, commitment, by_gate(a_product(desk.programme, "brief")))
    assert "passed its value gate" in text(brand, f"/tranches/{tranche.id}") and "Edit" in text(brand, f"/tranches/{tranche.id}")
    day = (desk.today + timedelta(days=80)).isoformat()
    row = {
        "name": "新名字",
        "amount": "88",
        "due_on": day,
        "conditions-0-kind": "date",
        "conditions-0-on_date": day,
        "version": tranche.version,
    }
    text(brand, f"/tranches/{tranche.id}/edit")
    assert brand.post(f"/tranches/{tranche.id}/edit", data=row).status_code == 302
    due = a_due_tranche(desk, commitment, name="二期")
    version = due.version
    assert brand.post(f"/tranches/{due.id}/withhold", data={"version": version, "note": ""}).status_code == 422
    assert brand.post(f"/tranches/{due.id}/withhold", data={"version": version, "note": EVIL}).status_code == 302
    page = text(investor, f"/tranches/{due.id}")
    assert "&lt;script&gt;" in page and "<script>alert" not in page and "{{7*7}}" in page
    assert "新名字" in text(investor, "/tranches") and "New" not in text(investor, f"/tranches/{tranche.id}/edit", 404)


def test_from_the_draft_to_the_reader(app, session, desk, brand, investor):
    a_tranche(desk, a_commitment(desk))
    assert "Nobody has committed" not in text(brand, f"/programmes/{desk.programme.id}/reports/new")
    data = {**SAID, "period": "quarter", "month": f"{desk.today:%Y-%m}", "audience": [desk.ours.id], "headline_en": EVIL}
    answer = brand.post(f"/programmes/{desk.programme.id}/reports/new", data=data)
    assert answer.status_code == 302
    page = text(brand, answer.location)
    report = session.scalar(select(ProgressReport))
    assert "Preview" in page and "New niches" in page and "&lt;script&gt;" in page and "<script>alert" not in page
    text(investor, f"/reports/{report.id}", 404)
    version = report.version
    session.commit()
    assert brand.post(f"/reports/{report.id}/edit", data={**SAID, "audience": [desk.ours.id], "version": version}).status_code == 302
    session.expire_all()
    version = report.version
    assert brand.post(f"/reports/{report.id}/freeze", data={"version": version}).status_code == 302
    assert "Frozen, not released" in text(brand, f"/reports/{report.id}") and "being made" in text(brand, f"/reports/{report.id}")
    text(investor, f"/reports/{report.id}", 404)
    assert "Everything can be rebuilt" in text(brand, f"/reports/{report.id}/sources")
    session.expire_all()
    version = report.version
    assert brand.post(f"/reports/{report.id}/release", data={"version": version}).status_code == 302
    assert "Unread" in text(investor, "/reports") and 'class="count">1' in investor.get("/").text
    page = text(investor, f"/reports/{report.id}")
    assert "两句话" in page and "Your commitment and tranches" in page and "首期" in page and "Readers" not in page
    assert 'class="source"' not in page and "/sources" not in page
    assert 'class="count">1' not in investor.get("/").text
    assert investor.post(f"/reports/{report.id}/remarks", data={"body": EVIL}).status_code == 302
    page = text(brand, f"/reports/{report.id}")
    assert "&lt;script&gt;" in page and "on the page" in page
    assert brand.post(f"/reports/{report.id}/remarks", data={"body": "好", "investor_id": desk.ours.id}).status_code == 302
    assert "好" in text(investor, f"/reports/{report.id}")
    assert brand.post(f"/reports/{report.id}/remarks", data={"body": "", "investor_id": desk.ours.id}).status_code == 422


def test_a_first_look_is_noted_once_and_only_of_an_investor(app, session, desk, brand, investor):
    a_commitment(desk)
    report = a_released_report(desk)
    a_document(report, desk.ours, "zh")
    address = f"/reports/{report.id}"
    session.commit()
    for client in (brand, investor, investor):
        assert client.get(address).status_code == 200
    assert investor.get(f"{address}/document-zh.pdf").status_code == 200
    session.expire_all()
    opening = session.scalars(select(ReportOpening)).one()
    assert (opening.way, opening.organisation_id) == ("page", desk.ours.id)


def test_a_withdrawn_edition_stays_with_a_note_that_leads_to_the_new_one(session, desk, investor, brand):
    a_commitment(desk)
    old = a_released_report(desk)
    renewed = report_service.renew(old, desk.chief, clock.now())
    session.commit()
    assert "has been replaced" not in text(investor, f"/reports/{old.id}") and "is being written" in text(brand, f"/reports/{old.id}")
    report_service.freeze(renewed, renewed.version, desk.chief, clock.now())
    report_service.release(renewed, renewed.version, desk.chief, clock.now())
    session.commit()
    page = text(investor, f"/reports/{old.id}")
    assert "has been replaced" in page and f'href="/reports/{renewed.id}"' in page and "两句话" in page
    assert "Withdrawn" in text(investor, "/reports")


def test_drafts_are_edited_renewed_and_discarded_on_their_pages(session, desk, brand):
    a_commitment(desk)
    draft, released = a_report(desk), a_released_report(desk, month=date(2026, 1, 1))
    text(brand, f"/reports/{draft.id}/edit")
    text(brand, f"/reports/{released.id}/edit", 403)
    gone, stays, stale = draft.id, released.id, {**SAID, "audience": [desk.ours.id], "version": 1}
    assert brand.post(f"/reports/{stays}/renew").status_code == 302
    assert brand.post(f"/reports/{gone}/discard").status_code == 302
    text(brand, f"/reports/{gone}", 404)
    assert brand.post(f"/reports/{stays}/edit", data=stale).status_code == 409


def test_the_programme_has_tabs_burn_and_its_investors(session, desk, brand):
    a_tranche(desk, a_commitment(desk))
    a_report(desk)
    base = f"/programmes/{desk.programme.id}"
    page = text(brand, base)
    assert all(f'href="{base}/{tab}"' in page for tab in ("investors", "burn", "reports"))
    page = text(brand, f"{base}/investors")
    assert "首期" in page and "¥1,000" in page and "Draft" in page
    page = text(brand, f"{base}/burn")
    assert "¥200" in page and "Runway" in page and "新细分数量" in page and "¥999,800" in page
    assert "Draft" in text(brand, f"{base}/reports?state=draft") and "No report fits" in text(brand, f"{base}/reports?state=frozen")
    empty = a_programme(desk.brand)
    for tab in ("investors", "burn", "reports"):
        assert "empty" in text(brand, f"/programmes/{empty.id}/{tab}")


def test_the_portfolio_map_is_as_large_as_the_money(session, desk, brand):
    product, other = a_product(desk.programme, "brief", "大"), a_product(desk.programme, "brief", "小")
    commitment = a_commitment(desk)
    a_tranche(desk, commitment, by_gate(product), amount=400)
    a_tranche(desk, commitment, by_gate(other), by_gate(product), amount=100, name="二")
    page = text(brand, "/portfolio")
    assert "¥500.00" in page and "¥100.00" in page and 'r="28.0"' in page
    a_brief(product, first_order_quantity=10)
    assert "¥2,000.00" in text(brand, f"/portfolio?by=budget&programme={desk.programme.id}")
    assert "大" not in text(brand, f"/portfolio?programme={a_programme(desk.brand).id}&by=%00'")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/investors/export.{}", "知行"), ("/tranches/export.{}", "=二期"), ("/reports/export.{}", "2026"), ("/portfolio/export.{}", "云朵椅"),
        ("/programmes/{p}/burn/export.{}", "2026-01"), ("/reports/{r}/figures.{}", "niche"),
    ],
)  # fmt: skip
def test_case_23_lists_are_exported_and_run_nothing(session, desk, brand, path, expected):
    a_tranche(desk, a_commitment(desk), name="=二期")
    report = a_released_report(desk)
    address = path.replace("{p}", str(desk.programme.id)).replace("{r}", str(report.id))
    session.commit()
    csv = brand.get(address.format("csv"))
    assert csv.status_code == 200 and expected in csv.text and "\n=" not in csv.text and ",=" not in csv.text
    sheet = read(brand.get(address.format("xlsx")).data)
    assert expected in str(list(sheet.rows))


def test_filters_and_pages_of_the_lists(session, desk, brand, investor):
    commitment = a_commitment(desk, amount=100_000)
    for n in range(55):
        a_tranche(desk, commitment, name=f"第 {n:02} 期", due=30 + n)
    page = text(brand, "/tranches")
    assert "第 00 期" in page and "第 54 期" not in page and "55 tranches" in page
    following = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "第 54 期" in text(brand, following)
    assert "No tranche fits" in text(investor, "/tranches?state=withheld")
    assert "No commitment fits" in text(brand, "/investors?q=%25_'") and "ours" not in text(brand, f"/investors?investor={desk.ours.id}")
    text(brand, "/tranches?cursor=damaged", 422)
    assert "No report fits" in text(investor, "/reports?q=x")


def test_pages_ask_a_fixed_number_of_questions(session, desk, brand, investor):
    commitment = a_commitment(desk, amount=100_000)
    a_tranche(desk, commitment)
    report = a_released_report(desk)
    report_service.remark(report, "?", None, desk.reader, clock.now())
    paths = ["/investors", "/tranches", "/reports", f"/reports/{report.id}", f"/commitments/{commitment.id}"]
    brands = [f"/programmes/{desk.programme.id}/{tab}" for tab in ("investors", "burn", "reports")] + [
        "/portfolio",
        f"/reports/{report.id}/sources",
    ]

    def counts():
        found = {}
        for client, name in ((brand, "brand"), (investor, "investor")):
            client.get("/notifications")  # the first request after a change reads itself in
            for path in [*paths, *(brands if name == "brand" else ["/"])]:
                with counted() as statements:
                    assert client.get(path).status_code == 200
                found[name, path] = len(statements)
        return found

    counts()
    few = counts()
    for n in range(5):
        a_tranche(desk, commitment, by_gate(a_product(desk.programme, "brief")), name=f"{n}", due=20 + n)
        a_report(desk, month=date(2003, 1 + 3 * n, 1)) if n < 4 else None
        a_released_report(desk, month=date(2010 + n, 1, 1))
        report_service.remark(report, "?", None, desk.reader, clock.now())
    many = counts()
    assert all(many[key] <= few[key] for key in few), {k: (few[k], many[k]) for k in few if many[k] > few[k]}
    assert max(few.values()) <= 20, few


def test_every_other_role_finds_nothing(app, session, desk):
    commitment = a_commitment(desk)
    tranche, report = a_tranche(desk, commitment), a_released_report(desk)
    others = [a_person(an_organisation(kind)) for kind in ("factory", "design_firm", "operator")] + [
        a_person(staff_role="administrator"),
        a_person(staff_role="field_agent"),
    ]
    paths = (
        "/investors",
        "/tranches",
        "/reports",
        "/portfolio",
        f"/commitments/{commitment.id}",
        f"/tranches/{tranche.id}",
        f"/reports/{report.id}",
    )
    for person in others:
        client = sign_in(app.test_client(), person)
        for path in paths:
            assert client.get(path).status_code == 404, (person.name, path)


def test_an_investor_without_anything_has_a_designed_home(app, session, desk):
    client = sign_in(app.test_client(), a_person(desk.rival))
    assert "No report yet" in text(client, "/") and "No commitment yet" in text(client, "/investors")
    assert "No tranche yet" in text(client, "/tranches") and "No report yet" in text(client, "/reports")


def test_the_sheet_is_read_back(session, desk, brand):
    a_due = a_due_tranche(desk, a_commitment(desk))
    a_payment(desk, a_due)
    rows = list(read(io.BytesIO(brand.get("/tranches/export.xlsx").data).getvalue()).dicts())
    assert rows[0][1]["Tranche"] == "首期" and rows[0][1]["Amount"] == "100"
