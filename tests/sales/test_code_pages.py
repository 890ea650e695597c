"""The page of codes: one channel at a time, nothing chosen by chance, what was filled in wrongly stays there, and a download."""

import pytest
from sqlalchemy import select

from incubator.sales.models import FeedCode
from tests.builders import sign_in
from tests.sales.desk import HEAD, Desk, a_channel, line

BACKENDS = ("sqlite",)


@pytest.fixture
def desk(session):
    found = Desk()
    found.other = a_channel(found.brand, "京东")
    session.commit()
    found.hand_in(HEAD + line("1", "HERE", 1, "2026-03-02") + line("1", "BOTH", 1, "2026-03-02"))
    found.hand_in(HEAD + line("2", "THERE", 1, "2026-03-02") + line("2", "BOTH", 1, "2026-03-02"), channel=found.other)
    return found


def test_codes_of_one_channel(client, desk):
    browser = sign_in(client, desk.user)
    page = browser.get("/sales/codes").text
    assert "HERE" in page and "THERE" in page and 'name="channel"' in page
    page = browser.get(f"/sales/codes?channel={desk.other.id}").text
    assert "THERE" in page and "BOTH" in page and ">HERE<" not in page and "2 in all" in page
    for strange in ("x", "-1", "0", "9" * 30, "²", "987654"):
        assert browser.get("/sales/codes", query_string={"channel": strange}).status_code == 200
    assert "No code fits" in browser.get("/sales/codes?channel=987654").text
    lines = browser.get(f"/sales/codes/export.csv?channel={desk.other.id}").get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 3 and any(row.startswith("THERE,") and "京东" in row for row in lines)
    assert browser.get("/sales/codes/export.xlsx").status_code == 200


def test_no_product_is_chosen_by_chance_and_what_was_chosen_stays(client, session, desk):
    browser = sign_in(client, desk.user)
    assert '<select name="product_id"><option value="">' in browser.get("/sales/codes").text
    code = session.scalars(select(FeedCode.id).where(FeedCode.code == "HERE")).one()
    refused = browser.post("/sales/codes/adopt", data={"codes": [code], "product_id": ""})
    assert refused.status_code == 422 and "Choose a product." in refused.text
    assert f'value="{code}" aria-label="HERE" checked' in refused.text and refused.text.count(" checked") == 1
    wrong = browser.post("/sales/codes/resolve", data={"codes": [code], "sku": "no <such>"})
    assert wrong.status_code == 422 and 'value="no &lt;such&gt;"' in wrong.text and "HERE" in wrong.text
    assert browser.post("/sales/codes/rules", data={"pattern": "***"}).status_code == 422
    done = browser.post(f"/sales/codes/adopt?channel={desk.channel.id}", data={"codes": [code], "product_id": desk.product.id})
    assert done.status_code == 302 and done.location == f"/sales/codes?channel={desk.channel.id}"
