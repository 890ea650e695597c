"""The tables, and the comparison with the aims of performance. It measures nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.load import Window

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
MANY = 8
FLOOR_LIST, FLOOR_CREATE, FLOOR_RATE, FLOOR_START = 1.1, 1.1, 1815.0, 0.16  # of the machine the aims were taken on
KANBOARD_LIST, KANBOARD_DETAIL, KANBOARD_CREATE, KANBOARD_SEARCH, KANBOARD_RATE = 22.0, 5.7, 16.0, 19.0, 94.0


@dataclass(frozen=True)
class Result:
    """What one database of one size gave. Windows by (side, clients, work); seconds; MiB; processes that wanted a core."""

    kind: str
    rows: int
    windows: dict[tuple[str, int, str], Window]
    queries: dict[str, int]
    jobs: dict[str, float]
    starts: dict[str, float]
    load: float
    memory: dict[str, float]

    @property
    def name(self) -> str:
        return f"{'SQLite' if self.kind == 'sqlite' else 'PostgreSQL'}, {self.rows:,} products"

    def p95(self, work: str, side: str = "ours") -> float:
        return self.windows[side, 1, work].at(0.95)


@dataclass(frozen=True)
class Aim:
    """A figure with its limit; `larger` when more is better.

    `slower`: how many times the floor's time here is that on the machine where the limit was taken. Absolute figures drift from machine to
    machine; the limit times this is what the design asks for on this one.
    """

    what: str
    value: float
    limit: float
    unit: str
    larger: bool = False
    slower: float = 1.0

    @property
    def factor(self) -> float:
        """Above 1 it is missed, by so much."""
        return self.limit / max(self.value, 1e-9) if self.larger else self.value / self.limit

    @property
    def beside_floor(self) -> float:
        """The same, with the limit moved to this machine."""
        return self.factor / self.slower

    @property
    def verdict(self) -> str:
        if self.factor <= 1:
            return "met"
        clock = f"missed, {self.factor:.2f} times"
        if self.slower == 1:
            return clock
        here = "met" if self.beside_floor <= 1 else f"missed, {self.beside_floor:.2f} times"
        return f"by the clock {clock}; beside the floor, which is {self.slower:.1f} times slower here, {here}"


def aims(result: Result) -> Iterator[Aim]:
    """Those of the design that this run can answer; Kanboard's figures are of 10,000 items."""
    listed, floor = result.p95("list, filtered"), result.p95("list, filtered", "floor")
    many = result.windows["ours", MANY, "list, filtered"]
    created = result.windows["ours", MANY, "create"]
    slow, busy = floor / FLOOR_LIST, FLOOR_RATE / result.windows["floor", MANY, "list, filtered"].rate
    creating = result.p95("create", "floor") / FLOOR_CREATE
    yield Aim("filtered list, p95: half of Kanboard's", listed, KANBOARD_LIST / 2, "ms", slower=slow)
    yield Aim("filtered list, p95: 10 times the floor", listed / floor, 10, "times")
    first, last = (result.windows["ours", 1, f"list, page {n}"].cpu_ms for n in (1, 200))
    yield Aim("page 200, CPU: 1.2 times page 1", last / first, 1.2, "times")
    yield Aim("list, 8 clients: twice Kanboard's", many.rate, KANBOARD_RATE * 2, "req/s", larger=True, slower=busy)
    yield Aim("product, p95: Kanboard's", result.p95("product"), KANBOARD_DETAIL, "ms", slower=slow)
    yield Aim("create, p95: 0.6 of Kanboard's", result.p95("create"), KANBOARD_CREATE * 0.6, "ms", slower=creating)
    yield Aim("create, 8 clients: no error", created.errors + 1, 1, "errors + 1")
    yield Aim("search, p95: half of Kanboard's", result.p95("search"), KANBOARD_SEARCH / 2, "ms", slower=slow)
    yield Aim("CSV of 10,000 briefs: check and apply", result.jobs["check"] + result.jobs["apply"], 4, "s")
    yield Aim("milestone sweep of 10,000", result.jobs["sweep"], 0.75, "s")
    yield Aim("memory, 2 web workers and scheduler", result.memory["ours"], 240, "MiB")
    yield Aim("cold start to the first page", result.starts["ours"], 1.2, "s", slower=result.starts["floor"] / FLOOR_START)


def misses(result: Result) -> Iterator[str]:
    for aim in aims(result):
        if aim.factor > 1:
            yield f"MISS {result.name}: {aim.what}: {aim.value:.3g} {aim.unit}, aim {aim.limit:.3g}: {aim.verdict}"


def markdown(results: list[Result]) -> str:
    return "\n\n".join("\n".join(_section(result)) for result in results)


def _section(result: Result) -> Iterator[str]:
    yield f"### {result.name}\n"
    yield f"Load average while measuring: {result.load:.1f}; beyond 2 to 3 the clock tells of the neighbours, and only the CPU columns of us.\n"
    yield "| one client | p50 / p95 ms | CPU ms | floor p50 / p95 ms | floor CPU ms | times the floor: p95, CPU | queries |\n|---|---|---|---|---|---|---|"
    for _side, _clients, work in (key for key in result.windows if key[:2] == ("ours", 1)):
        yield _line(result, work)
    yield f"\n| {MANY} clients | req/s | p50 / p95 ms | floor req/s | errors |\n|---|---|---|---|---|"
    for key, seen in result.windows.items():
        if key[:2] == ("ours", MANY):
            yield f"| {key[2]} | {seen.rate:.0f} | {_pair(seen)} | {result.windows['floor', MANY, key[2]].rate:,.0f} | {seen.errors} |"
    yield "\n| aim | measured | limit | |\n|---|---|---|---|"
    for aim in aims(result):
        yield f"| {aim.what} | {aim.value:.3g} {aim.unit} | {aim.limit:.3g} | {aim.verdict} |"
    yield f"\n{_seconds(result, 'check')}, {_seconds(result, 'apply')}, {_seconds(result, 'sweep')}. The floor starts in {result.starts['floor']:.2f} s and holds {result.memory['floor']:.0f} MiB."


def _seconds(result: Result, job: str) -> str:
    return f"{job} {result.jobs[job]:.2f} s ({result.jobs[f'{job} CPU']:.2f} s of CPU)"


def _line(result: Result, work: str) -> str:
    ours, floor = result.windows["ours", 1, work], result.windows.get(("floor", 1, work))
    beside = "– | – | –"
    if floor:
        beside = f"{_pair(floor)} | {floor.cpu_ms:.2f} | {ours.at(0.95) / floor.at(0.95):.1f}, {ours.cpu_ms / floor.cpu_ms:.1f}"
    return f"| {work} | {_pair(ours)} | {ours.cpu_ms:.1f} | {beside} | {result.queries.get(work, '–')} |"


def _pair(seen: Any) -> str:
    return f"{seen.at(0.5):.1f} / {seen.at(0.95):.1f}"


def write(results: list[Result]) -> None:
    """Replace what stands between the markers of the README."""
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    missed = [f"- {line}" for result in results for line in misses(result)]
    verdict = "\n".join(missed) or "Every aim is met."
    README.write_text(f"{before}{BEGIN}\n\n{markdown(results)}\n\n{verdict}\n\n{END}{rest.split(END, 1)[1]}", encoding="utf-8")
