"""The readings of a test launch against its threshold, as the places of a small drawing. Pure; the template draws it."""

from dataclasses import dataclass

from incubator.launches.probe_models import Probe

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 600, 170, 44, 12, 14, 26
FEWEST = 2


@dataclass(frozen=True)
class Drawing:
    """Places in the view box: the line, its points with value and side of the threshold, the threshold, and the two ends of each axis."""

    line: str
    points: list[tuple[float, float, bool]]
    threshold: float
    low: float
    high: float


def of(probe: Probe) -> Drawing | None:
    """None below two readings: one point is no course."""
    readings = probe.readings
    if len(readings) < FEWEST:
        return None
    values = [r.value_x100 for r in readings] + [probe.threshold_x100]
    low, high = min(values), max(values)
    margin = max(1, (high - low) // 6)
    low, high = max(0, low - margin), high + margin
    first, last = readings[0].on_date, readings[-1].on_date
    days = max(1, (last - first).days)

    def x(on: object) -> float:
        return round(LEFT + (on - first).days / days * (WIDTH - LEFT - RIGHT), 1)  # type: ignore[operator]

    def y(value: int) -> float:
        return round(TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    points = [(x(r.on_date), y(r.value_x100), probe.is_met_by(r.value_x100)) for r in readings]
    return Drawing(" ".join(f"{a},{b}" for a, b, _met in points), points, y(probe.threshold_x100), low / 100, high / 100)
