"""Landed cost (到岸成本) per unit: what one piece costs at the destination, whatever was agreed in the quotation. Pure; Decimal only.

All amounts are major units; nothing is rounded before the last step, where a unit cost is rounded half up to the minor unit of its
currency. The parts are exact, so their sum is the exact cost, and a shown part may differ from it by rounding alone.

Who pays which part follows the rules A9/B9 (allocation of costs) of Incoterms® 2020, ICC publication 723:

    EXW            the buyer pays everything from the seller's gate
    FCA FAS FOB    the seller pays up to the carrier, the quay or the ship, with export clearance
    CFR CPT        … and the main carriage
    CIF CIP        … and the insurance
    DAP DPU        … and the way to the destination, at the seller's own risk, so that the buyer insures nothing
    DDP            … and import clearance and duty

    price      unit price at the quantity, converted by the frozen rate
    tooling    tooling cost / the quantity that it is spread over, converted by the same rate
    origin, carriage, delivery
               (amount per shipment / quantity + amount per piece), where the buyer pays for that part
    insurance  r × 1.1 / (1 − r × 1.1) × (price + tooling + origin + carriage), r being the premium's rate: the cover is 110% of the CIF
               value (Incoterms® 2020, A5 of CIF and CIP), in which the premium itself is contained
    duty       rate × customs value. CIF value: price + tooling + origin + carriage + insurance that the buyer pays. FOB value: price +
               tooling + origin that the buyer pays, less carriage and insurance that the price contains. Tooling that the buyer pays for
               belongs to the value of the goods (WTO Customs Valuation Agreement, article 8.1 (b) (ii)); the choice of CIF or FOB is
               each member's (article 8.2)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

from babel.numbers import get_currency_precision

from incubator.kernel.money import Money

ZERO, ONE = Decimal(0), Decimal(1)
COVER = Decimal("1.1")
PRECISION = 34
PARTS = ("price", "tooling", "origin", "carriage", "insurance", "duty", "delivery")
LEGS = ("origin", "carriage", "delivery")
SELLER_PAYS: Mapping[str, frozenset[str]] = {
    "EXW": frozenset(),
    **dict.fromkeys(("FCA", "FAS", "FOB"), frozenset({"origin"})),
    **dict.fromkeys(("CFR", "CPT"), frozenset({"origin", "carriage"})),
    **dict.fromkeys(("CIF", "CIP"), frozenset({"origin", "carriage", "insurance"})),
    **dict.fromkeys(("DAP", "DPU"), frozenset({"origin", "carriage", "insurance", "delivery"})),
    "DDP": frozenset({"origin", "carriage", "insurance", "delivery", "duty"}),
}


@dataclass(frozen=True)
class Leg:
    """What a part of the way costs: per shipment and per piece."""

    shipment: Decimal = ZERO
    unit: Decimal = ZERO

    def per_unit(self, quantity: int) -> Decimal:
        return self.shipment / quantity + self.unit


@dataclass(frozen=True)
class Basis:
    """The rates of one RFQ, in `currency`. `insurance` and `duty` are fractions; `duty_on` is "cif" or "fob"."""

    currency: str
    amortise_over: int
    legs: Mapping[str, Leg]
    insurance: Decimal = ZERO
    duty: Decimal = ZERO
    duty_on: str = "cif"

    def __post_init__(self) -> None:
        if self.amortise_over <= 0 or not ZERO <= self.insurance * COVER < ONE or self.duty < ZERO:
            raise ValueError("tooling is spread over a positive quantity; rates are fractions that are not negative")


@dataclass(frozen=True)
class Offer:
    """The terms of one quotation, in `currency`: price breaks (quantity from, unit price) in ascending order of quantity."""

    currency: str
    incoterm: str
    breaks: Sequence[tuple[int, Decimal]]
    tooling: Decimal = ZERO


@dataclass(frozen=True)
class Landed:
    """The exact parts of a unit cost in `currency` at `quantity`; the parts that the seller pays are zero."""

    quantity: int
    currency: str
    parts: Mapping[str, Decimal]

    @property
    def exact(self) -> Decimal:
        with localcontext(prec=PRECISION):
            return sum((self.parts[name] for name in PARTS), ZERO)

    @property
    def unit(self) -> Money:
        """Rounded half up to the minor unit."""
        return rounded(self.exact, self.currency)

    @property
    def total(self) -> Money:
        """Of the whole quantity, rounded once."""
        with localcontext(prec=PRECISION):
            return rounded(self.exact * self.quantity, self.currency)


def rounded(amount: Decimal, currency: str, how: str = ROUND_HALF_UP) -> Money:
    """Major units to Money."""
    with localcontext(prec=PRECISION):
        return Money(int(amount.scaleb(get_currency_precision(currency)).to_integral_value(how)), currency)


def unit_price(breaks: Sequence[tuple[int, Decimal]], quantity: int) -> Decimal | None:
    """The price of the highest break that `quantity` reaches; None below the first: at that quantity nothing was offered."""
    reached = [price for start, price in sorted(breaks) if start <= quantity]
    return reached[-1] if reached else None


def landed(offer: Offer, basis: Basis, quantity: int, rate: Decimal) -> Landed | None:
    """The landed cost of `offer` at `quantity`; `rate` units of the basis' currency buy one of the offer's. None where nothing was offered."""
    price = unit_price(offer.breaks, quantity)
    return None if price is None else _at_price(offer, basis, quantity, rate, price)


def _at_price(offer: Offer, basis: Basis, quantity: int, rate: Decimal, price: Decimal) -> Landed:
    paid = SELLER_PAYS[offer.incoterm]
    with localcontext(prec=PRECISION):
        parts = {"price": price * rate, "tooling": offer.tooling * rate / basis.amortise_over}
        legs = {name: basis.legs.get(name, Leg()).per_unit(quantity) for name in LEGS}
        parts |= {name: ZERO if name in paid else legs[name] for name in LEGS}
        parts["insurance"] = ZERO if "insurance" in paid else _premium(parts, legs, paid, basis)
        parts["duty"] = ZERO if "duty" in paid else basis.duty * _customs_value(parts, legs, paid, basis)
    return Landed(quantity, basis.currency, parts)


def _premium(parts: Mapping[str, Decimal], legs: Mapping[str, Decimal], paid: frozenset[str], basis: Basis) -> Decimal:
    insured = parts["price"] + parts["tooling"] + parts["origin"] + parts["carriage"]
    cover = basis.insurance * COVER
    return insured * cover / (ONE - cover)


def _customs_value(parts: Mapping[str, Decimal], legs: Mapping[str, Decimal], paid: frozenset[str], basis: Basis) -> Decimal:
    goods = parts["price"] + parts["tooling"] + parts["origin"]
    if basis.duty_on == "cif":
        return goods + parts["carriage"] + parts["insurance"]
    contained = (legs["carriage"] if "carriage" in paid else ZERO) + (
        _premium({**parts, "carriage": ZERO}, legs, paid, basis) if "insurance" in paid else ZERO
    )
    return max(ZERO, goods - contained)


def margin(target: Decimal, cost: Decimal) -> Decimal:
    """The share of the target price that the cost leaves: 0.4 is 40%. Negative when it costs more than it brings."""
    with localcontext(prec=PRECISION):
        return (target - cost) / target


def price_for(offer: Offer, basis: Basis, quantity: int, rate: Decimal, allowed: Decimal) -> Money | None:
    """The unit price, in the offer's currency, at which the landed cost is `allowed`; rounded down, so that the target is met.

    The cost only rises with the price, so the highest minor unit that keeps to `allowed` is found by halving. None when even a gift
    would cost more, or nothing was offered at that quantity.
    """
    if unit_price(offer.breaks, quantity) is None:
        return None

    def cost(minor: int) -> Decimal:
        return _at_price(offer, basis, quantity, rate, Money(minor, offer.currency).major).exact

    if cost(0) > allowed:
        return None
    with localcontext(prec=PRECISION):
        ceiling = rounded(allowed / rate, offer.currency, ROUND_FLOOR).minor + 1
    return Money(_highest(lambda minor: cost(minor) <= allowed, 0, ceiling), offer.currency)


def _highest(fits: Callable[[int], bool], low: int, high: int) -> int:
    """The largest number in [low, high] that fits; `low` does, and whatever is below one that fits."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low
