"""Enquiries as JSON: a factory reads its invitations and submits; a brand reads; everybody else finds nothing."""

import pytest

from incubator.kernel import clock
from tests.builders import a_person, an_organisation
from tests.sourcing.builders import DAY, a_house, a_maker, a_quotation, an_rfq, awarded, of, opened
from tests.world import a_token

BACKENDS = ("sqlite",)


@pytest.fixture
def house(session):
    return a_house()


class Caller:
    def __init__(self, client, user):
        self.client, self.headers = client, {"Authorization": f"Bearer {a_token(user)}"}

    def get(self, path):
        return self.client.get(f"/api/v1{path}", headers=self.headers)

    def post(self, path, body):
        return self.client.post(f"/api/v1{path}", json=body, headers=self.headers)


def a_caller(client, session, maker):
    from incubator.accounts.models import User

    return Caller(client, session.get_one(User, maker.user_id))


def an_offer(**values):
    return {
        "lead_days": 30, "sample_days": 7, "tooling_days": 0, "moq": 100, "monthly_capacity": 9000, "currency": "CNY", "incoterm": "FOB", "place": "宁波",
        "payment_terms": "net_30", "valid_until": (clock.today() + 30 * DAY).isoformat(), "breaks": [{"quantity_from": 1, "unit_price": "12.50"}],
        "answers": [{"requirement": n, "verdict": "meets"} for n in (1, 2, 3)], **values,
    }  # fmt: skip


def test_a_factory_reads_submits_and_revises(client, session, house):
    maker = a_maker()
    rfq = an_rfq(house, maker)
    caller = a_caller(client, session, maker)
    (row,) = caller.get("/rfqs").json["items"]
    assert (row["id"], row["standing"]) == (rfq.id, "invited") and "asked" not in row
    whole = caller.get(f"/rfqs/{rfq.id}").json
    assert [r["number"] for r in whole["requirements"]] == [1, 2, 3] and whole["quotation"]["state"] == "invited"
    answer = caller.post(f"/rfqs/{rfq.id}/quotation", an_offer())
    assert answer.status_code == 200, answer.text
    mine = answer.json["quotation"]
    assert (mine["state"], mine["breaks"], mine["outcome"]) == ("submitted", [{"quantity_from": 1, "unit_minor": 1250}], None)
    again = caller.post(f"/rfqs/{rfq.id}/quotation", an_offer(version=mine["version"] - 1))
    assert again.status_code == 409
    assert caller.post(f"/rfqs/{rfq.id}/quotation", an_offer(version=mine["version"])).json["quotation"]["state"] == "revised"


@pytest.mark.parametrize(
    "wrong",
    [
        {"moq": -1}, {"moq": "100"}, {"moq": 1.5}, {"moq": True}, {"lead_days": 10**9}, {"breaks": []}, {"breaks": [{"quantity_from": 1, "unit_price": "NaN"}]},
        {"answers": []}, {"currency": "XXX"}, {"incoterm": "FOO"}, {"state": "won"}, {"organisation_id": 1}, {"place": ""}, {"valid_until": "soon"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_and_changes_nothing(client, session, house, wrong):
    """Cases 8 and 31."""
    maker = a_maker()
    rfq = an_rfq(house, maker)
    answer = a_caller(client, session, maker).post(f"/rfqs/{rfq.id}/quotation", an_offer(**wrong))
    assert answer.status_code in (400, 422), answer.text
    session.expire_all()
    assert of(rfq, maker).state == "invited"


def test_late_is_refused_politely_and_declining_needs_a_reason(client, session, house):
    maker = a_maker()
    rfq = an_rfq(house, maker)
    caller = a_caller(client, session, maker)
    assert caller.post(f"/rfqs/{rfq.id}/quotation/decline", {"note": ""}).status_code == 422
    assert caller.post(f"/rfqs/{rfq.id}/quotation/decline", {"note": "排产已满"}).json["quotation"]["state"] == "declined"
    assert caller.post(f"/rfqs/{rfq.id}/quotation/confirm", {}).status_code == 409
    rfq.deadline = clock.now() - DAY
    late = caller.post(f"/rfqs/{rfq.id}/quotation", an_offer())
    assert late.status_code == 409 and "deadline" in late.json["message"]


def test_the_brand_reads_envelope_by_envelope(client, session, house):
    maker = a_maker()
    rfq = an_rfq(house, maker)
    a_quotation(rfq, maker, "12.50")
    caller = Caller(client, house.user)
    (sealed,) = caller.get(f"/rfqs/{rfq.id}").json["quotations"]
    assert set(sealed) == {"factory", "state", "submitted_at", "issue_seen"}
    opened(rfq, house.buyer)
    (open_one,) = caller.get(f"/rfqs/{rfq.id}").json["quotations"]
    assert (open_one["breaks"][0]["unit_minor"], open_one["technical_points"], open_one["moq"]) == (1250, 80, 100)
    assert caller.get("/rfqs?state=opened").json["items"][0]["answered"] == 1
    assert caller.post(f"/rfqs/{rfq.id}/quotation", an_offer()).status_code == 404
    awarded(rfq, maker, house.buyer)
    outcome = a_caller(client, session, maker).get(f"/rfqs/{rfq.id}").json["quotation"]["outcome"]
    assert outcome == {"share": 100, "price_band": "lowest", "technical_points": 80, "technical_met": True}


def test_others_find_nothing(client, session, house):
    rfq = an_rfq(house, a_maker())
    rival, firm = a_maker(), an_organisation("design_firm")
    for caller in (a_caller(client, session, rival), Caller(client, a_person(firm)), Caller(client, a_house().user)):
        real, absent = caller.get(f"/rfqs/{rfq.id}"), caller.get("/rfqs/987654")
        assert (real.status_code, real.data) == (absent.status_code, absent.data) == (404, absent.data)
        assert caller.post(f"/rfqs/{rfq.id}/quotation/decline", {"note": "x"}).status_code == 404
    assert a_caller(client, session, rival).get("/rfqs").json["items"] == []
