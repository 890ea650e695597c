"""The readings of a test launch against its threshold, as the places of a small drawing. Pure; the template draws it."""

from dataclasses import dataclass

from incubator.launches.probe_models import Probe

HEIGHT, TOP, BOTTOM = 170, 24, 46  # px; places across are per cent, so that text keeps its size on a phone
LEFT, RIGHT = 2, 98
FEWEST, MOST_LABELS = 2, 12


@dataclass(frozen=True)
class Point:
    """A reading: per cent from the left, px from the top, its value, and on which side of the threshold it lies."""

    x: float
    y: float
    value_x100: int
    is_met: bool
    is_labelled: bool


@dataclass(frozen=True)
class Drawing:
    """The points in the order of days, the height of the threshold, and at which end its words find room ("start" or "end")."""

    points: list[Point]
    threshold: float
    side: str


def of(probe: Probe) -> Drawing | None:
    """None below two readings: one point is no course."""
    readings = probe.readings
    if len(readings) < FEWEST:
        return None
    values = [r.value_x100 for r in readings] + [probe.threshold_x100]
    low, high = min(values), max(values)
    span = max(1, high - low)
    first, days = readings[0].on_date, max(1, (readings[-1].on_date - readings[0].on_date).days)

    def y(value: int) -> float:
        return round(TOP + (high - value) / span * (HEIGHT - TOP - BOTTOM), 1)

    points = [
        Point(
            round(LEFT + (r.on_date - first).days / days * (RIGHT - LEFT), 1), y(r.value_x100), r.value_x100, probe.is_met_by(r.value_x100),
            len(readings) <= MOST_LABELS,
        )
        for r in readings
    ]  # fmt: skip
    threshold = y(probe.threshold_x100)
    side = "start" if abs(points[0].y - threshold) > abs(points[-1].y - threshold) else "end"
    return Drawing(points, threshold, side)
