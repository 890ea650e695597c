"""Landed cost by hand, by rule and by property: monotone, in one currency, rounded once."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incubator.kernel.money import Money
from incubator.sourcing import comparison, landed_cost
from incubator.sourcing.comparison import Entry, Target
from incubator.sourcing.landed_cost import PARTS, SELLER_PAYS, Basis, Leg, Offer, landed, margin, price_for, unit_price

D = Decimal
ONE = D(1)
LEGS = {"origin": Leg(D(500), D("0.10")), "carriage": Leg(D(2000), D("0.30")), "delivery": Leg(D(300), D("0.05"))}
TOOLING = D(10_000)
BASIS = Basis("CNY", 10_000, LEGS, insurance=D("0.003"), duty=D("0.10"))
BREAKS = ((100, D(20)), (1000, D(18)), (10_000, D(15)))


def an_offer(incoterm="FOB", breaks=BREAKS, tooling=TOOLING, currency="CNY"):
    return Offer(currency, incoterm, breaks, tooling)


def test_the_highest_break_that_the_quantity_reaches():
    assert [unit_price(BREAKS, q) for q in (99, 100, 999, 1000, 50_000)] == [None, 20, 20, 18, 15]
    assert unit_price(tuple(reversed(BREAKS)), 1000) == 18
    assert unit_price((), 5) is None


def test_a_cost_worked_out_by_hand():
    """FOB at 1,000: 18 + tooling 1 + carriage 2.30 = 21.30; insurance 21.30 × 0.0033 / 0.9967; duty 10% of the CIF value; delivery 0.35."""
    found = landed(an_offer(), BASIS, 1000, ONE)
    assert found.parts["price"] == 18 and found.parts["tooling"] == 1 and found.parts["origin"] == 0
    assert found.parts["carriage"] == D("2.3") and found.parts["delivery"] == D("0.35")
    assert round(found.parts["insurance"], 6) == D("0.070523")
    assert round(found.parts["duty"], 6) == D("2.137052")
    assert found.unit == Money(2386, "CNY")
    assert found.total == Money(2_385_757, "CNY")


@pytest.mark.parametrize(
    ("incoterm", "paid_by_us"),
    [
        ("EXW", {"origin", "carriage", "insurance", "duty", "delivery"}), ("FCA", {"carriage", "insurance", "duty", "delivery"}),
        ("FAS", {"carriage", "insurance", "duty", "delivery"}), ("FOB", {"carriage", "insurance", "duty", "delivery"}),
        ("CFR", {"insurance", "duty", "delivery"}), ("CPT", {"insurance", "duty", "delivery"}), ("CIF", {"duty", "delivery"}),
        ("CIP", {"duty", "delivery"}), ("DAP", {"duty"}), ("DPU", {"duty"}), ("DDP", set()),
    ],
)  # fmt: skip
def test_each_incoterm_decides_what_is_added(incoterm, paid_by_us):
    found = landed(an_offer(incoterm), BASIS, 1000, ONE)
    assert {name for name in PARTS if found.parts[name] > 0} == paid_by_us | {"price", "tooling"}


def test_every_rule_of_2020_is_known_and_the_more_the_seller_pays_the_less_is_added():
    assert len(SELLER_PAYS) == 11
    costs = [landed(an_offer(term), BASIS, 1000, ONE).exact for term in ("EXW", "FOB", "CFR", "CIF", "DAP", "DDP")]
    assert costs == sorted(costs, reverse=True)


def test_duty_on_fob_leaves_the_way_out_and_takes_it_out_of_a_price_that_contains_it():
    basis = Basis("CNY", 10_000, LEGS, insurance=D("0.003"), duty=D("0.10"), duty_on="fob")
    assert landed(an_offer("FOB"), basis, 1000, ONE).parts["duty"] == D("1.9")
    contained = landed(an_offer("CFR"), basis, 1000, ONE).parts["duty"]
    assert contained == (D(19) - D("2.3")) / 10
    gift = landed(an_offer("CIF", breaks=((1, D("0.01")),), tooling=D(0)), basis, 1000, ONE)
    assert gift.parts["duty"] == 0


def test_an_offer_in_another_currency_is_converted_by_the_frozen_rate():
    dollars = an_offer("DDP", breaks=((1, D("2.50")),), tooling=D(1000), currency="USD")
    found = landed(dollars, BASIS, 1000, D("7.10"))
    assert (found.currency, found.exact) == ("CNY", D("17.75") + D("0.71"))
    yen = landed(an_offer("DDP", breaks=((1, D(300)),), tooling=D(0), currency="JPY"), BASIS, 1, D("0.048"))
    assert yen.unit == Money(1440, "CNY")
    assert landed(an_offer("DDP", breaks=((1, D(3)),), tooling=D(0)), Basis("JPY", 1, {}), 1, D("20.84")).unit == Money(63, "JPY")


def test_nothing_is_computed_from_rates_that_make_no_sense():
    for wrong in ({"amortise_over": 0}, {"insurance": D("0.95")}, {"insurance": D("-0.1")}, {"duty": D("-0.1")}):
        with pytest.raises(ValueError, match="positive"):
            Basis(**{"currency": "CNY", "amortise_over": 1, "legs": {}, **wrong})


amounts = st.decimals("0.01", "99999", places=2)
rates = st.decimals("0.0001", "2", places=4)
offers = st.builds(
    lambda term, price, tooling: an_offer(term, breaks=((1, price),), tooling=tooling),
    st.sampled_from(sorted(SELLER_PAYS)),
    amounts,
    amounts,
)
bases = st.builds(
    lambda over, a, b, c, insurance, duty, on: Basis("CNY", over, {"origin": Leg(a, b), "carriage": Leg(b, c), "delivery": Leg(c, a)}, insurance, duty, on),
    st.integers(1, 10**6), amounts, amounts, amounts, st.decimals("0", "0.5", places=4), st.decimals("0", "3", places=4), st.sampled_from(("cif", "fob")),
)  # fmt: skip
quantities = st.integers(1, 10**7)


@settings(max_examples=30, deadline=None)
@given(offers, bases, quantities, rates, amounts)
def test_a_higher_price_never_lands_cheaper(offer, basis, quantity, rate, more):
    dearer = an_offer(offer.incoterm, breaks=((1, offer.breaks[0][1] + more),), tooling=offer.tooling)
    assert landed(dearer, basis, quantity, rate).exact >= landed(offer, basis, quantity, rate).exact + more * rate - D("1e-20")


@settings(max_examples=30, deadline=None)
@given(offers, bases, quantities, rates)
def test_a_larger_quantity_never_lands_dearer_at_one_price(offer, basis, quantity, rate):
    """With duty on the CIF value: on the FOB value a price that contains the carriage is worth more, the less of it is carriage."""
    basis = replace(basis, duty_on="cif")
    assert landed(offer, basis, quantity * 2, rate).exact <= landed(offer, basis, quantity, rate).exact


@settings(max_examples=30, deadline=None)
@given(offers, bases, quantities, rates)
def test_the_parts_are_the_cost_and_none_is_negative(offer, basis, quantity, rate):
    found = landed(offer, basis, quantity, rate)
    assert all(part >= 0 for part in found.parts.values())
    assert abs(found.unit.major - found.exact) <= D("0.005")
    assert abs(found.total.major - found.exact * quantity) <= D("0.005")


@settings(max_examples=30, deadline=None)
@given(offers, bases, quantities, rates)
def test_the_currency_of_the_basis_makes_no_difference_but_rounding(offer, basis, quantity, rate):
    """Everything in another unit of account, at a rate of a hundred, costs a hundred times as much."""
    legs = {name: Leg(leg.shipment * 100, leg.unit * 100) for name, leg in basis.legs.items()}
    other = Basis("JPY", basis.amortise_over, legs, basis.insurance, basis.duty, basis.duty_on)
    assert landed(offer, other, quantity, rate * 100).exact == pytest.approx(
        landed(offer, basis, quantity, rate).exact * 100, rel=D("1e-20")
    )


@settings(max_examples=30, deadline=None)
@given(offers, bases, quantities, rates, amounts)
def test_the_price_for_the_target_meets_it_and_a_cent_more_does_not(offer, basis, quantity, rate, allowed):
    found = price_for(offer, basis, quantity, rate, allowed)

    def cost(minor):
        return landed(an_offer(offer.incoterm, ((1, Money(minor, "CNY").major),), offer.tooling), basis, quantity, rate).exact

    if found is None:
        assert cost(0) > allowed
    else:
        assert cost(found.minor) <= allowed < cost(found.minor + 1)


def test_margin_and_what_is_not_offered():
    assert margin(D(50), D(30)) == D("0.4") and margin(D(50), D(60)) == D("-0.2")
    assert landed(an_offer(), BASIS, 50, ONE) is None and price_for(an_offer(), BASIS, 50, ONE, D(10)) is None
    assert landed_cost.rounded(D("0.125"), "CNY") == Money(13, "CNY")


def an_entry(number, price, points=70, first=1):
    return Entry(number, f"F{number}", points, Offer("CNY", "DDP", ((first, D(price)),)))


def test_a_comparison_orders_marks_and_leaves_gaps():
    found = comparison.compare(
        [an_entry(1, 12), an_entry(2, 10), an_entry(3, 9, first=5000)], (100, 1000, 10_000), BASIS, {"CNY": ONE}, Target(D(20), D("0.45"))
    )
    assert [c.entry.name for c in found.columns] == ["F2", "F1", "F3"]
    assert [c.at(1000).is_best for c in found.columns] == [True, False, False]
    assert [c.at(10_000).is_best for c in found.columns] == [False, False, True]
    first = found.column(2).at(1000)
    assert (first.price, first.margin, first.price_for_target) == (Money(1000, "CNY"), D("0.5"), Money(1100, "CNY"))
    assert found.column(3).at(1000) == comparison.Cell(1000) and found.column(9) is None
    alone = comparison.compare([an_entry(1, 12)], (1, 2, 3), BASIS, {"CNY": ONE}, None).columns[0].at(2)
    assert alone.margin is None and not alone.is_best


def test_a_loser_learns_a_band_and_not_a_gap():
    prices = {
        "10": "lowest",
        "9": "lowest",
        "10.4": "under_5",
        "10.5": "under_5",
        "10.51": "under_10",
        "12": "under_20",
        "12.01": "over_20",
    }
    awarded = comparison.compare([an_entry(1, 10)], (1, 2, 3), BASIS, {"CNY": ONE}, None).columns[0].at(2)
    for price, name in prices.items():
        own = comparison.compare([an_entry(2, price)], (1, 2, 3), BASIS, {"CNY": ONE}, None).columns[0].at(2)
        assert comparison.band(own, awarded) == name, price
    assert comparison.band(comparison.Cell(2), awarded) == comparison.band(None, awarded) == "none"
