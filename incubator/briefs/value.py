"""What a product adds beside what is already sold: the judgement of claims, compared point by point. Pure; no database.

The rule is the incubator's own (不做撕牌再贴牌): the same product under a new label is refused, and so is a product that
nobody can tell from a named reference product.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

COSMETIC = frozenset({"label", "appearance", "price"})


@dataclass(frozen=True)
class Point:
    """One comparison: which reference, what aspect, who is better, and whether evidence is given."""

    reference_id: int
    aspect: str
    verdict: str
    has_evidence: bool


@dataclass(frozen=True)
class Claim:
    statement: str
    points: tuple[Point, ...]


def claims_of(brief: Any) -> list[Claim]:
    """The claims of a ProductBrief as values."""
    return [
        Claim(c.statement, tuple(Point(p.reference_id, p.aspect, p.verdict, bool(p.evidence.strip())) for p in c.points))
        for c in brief.claims
    ]


def is_ahead(point: Point) -> bool:
    """Better in substance (not label, looks or price), and with evidence."""
    return point.verdict == "better" and point.aspect not in COSMETIC and point.has_evidence


def references_beaten(claims: Sequence[Claim]) -> set[int]:
    """Ids of the references that at least one claim is ahead of."""
    return {p.reference_id for claim in claims for p in claim.points if is_ahead(p)}


def relabelled(claims: Sequence[Claim], references: Sequence[int]) -> int | None:
    """The id of a reference from which the product differs in nothing but label, looks or price; None when there is none."""
    for reference_id in references:
        points = [p for claim in claims for p in claim.points if p.reference_id == reference_id]
        if points and all(p.verdict == "same" or p.aspect in COSMETIC for p in points):
            return reference_id
    return None


def refusal(claims: Sequence[Claim], references: Sequence[int], names: Mapping[int, str]) -> Any:
    """Why these claims cannot pass the gate, in words, or None.

    Refused: no claim; a relabel; a reference with which nothing is compared; a product that is ahead of no reference.
    """
    if not claims:
        return _l("There is no value claim. State at least one new function, process, material, structure or service.")
    same = relabelled(claims, references)
    if same is not None:
        return _l("This is “%(name)s” with a new label: on every point of substance the two are the same.", name=names[same])
    compared = {p.reference_id for claim in claims for p in claim.points}
    for reference_id in references:
        if reference_id not in compared:
            return _l("No claim is compared with “%(name)s”. Compare point by point, or take the reference out.", name=names[reference_id])
    if not references_beaten(claims):
        return _l("No claim is better than a reference on a point of substance with evidence.")
    return None
