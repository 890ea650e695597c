"""The sales table: every order line, in Delta Lake. Adding a line again changes nothing; a corrected line replaces the old one.

It knows brands, channels and codes, and no SKU: which code means which SKU is settled later, and may change.
Its libraries are heavy and are loaded where lines are written or rolled up, never by a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from incubator.sales import engine, lake
from incubator.sales.columns import COLUMNS, FACT

RATE = 10**8


@dataclass(frozen=True)
class Origin:
    """What all lines of a piece share. `rates` are (from day, rate_e8) to the brand's reporting currency, whose minor units are
    `shift` digits more than the channel's; (0, 10⁸) for the same currency."""

    brand_id: int
    channel_id: int
    currency: str
    import_id: int
    rates: Sequence[tuple[date, int]] = ((date(1900, 1, 1), RATE),)
    shift: int = 0


@dataclass(frozen=True)
class NewCode:
    """What new lines say of an article's code."""

    code: str
    description: str
    lines: int
    units: int
    amount_minor: int
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Added:
    """What became of lines, by outcome; the weeks that they touch, those that corrected ones left included; the codes of new ones.

    Lines that this very piece had put there before, in a run that was killed, count as they did then: that run kept nothing else.
    """

    outcomes: dict[str, int] = field(default_factory=dict)
    weeks: frozenset[date] = frozenset()
    codes: tuple[NewCode, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One thing that happened, made by hand: `units` and `amount_minor` are positive for sales and returns alike, signed for adjustments."""

    line_id: str
    content: str
    kind: str
    order_no: str
    code: str
    day: date
    units: int
    price_e4: int
    amount_minor: int
    reason: str = ""
    customer: str = ""
    region: str = ""
    topic: str = ""
    reason_text: str = ""
    lot: str = ""
    sold_on: date | None = None
    segment: str = "consumer"
    orders_n: int = 0
    derived: int = 0
    said_at: str = ""
    description: str = ""


def table_of(facts: Sequence[Fact]) -> Any:
    """Facts made by hand as the Arrow table that `add` takes, numbered from 1."""
    names = tuple(Fact.__dataclass_fields__)
    days = ("day", "sold_on")
    rows = [
        (n, *(str(getattr(f, name) or "") if name in days else getattr(f, name) for name in names), f.kind) for n, f in enumerate(facts, 1)
    ]
    kinds = ("units", "price_e4", "amount_minor", "orders_n", "derived")
    columns = [("line", "int64"), *((n, "int64" if n in kinds else "utf8") for n in names), ("outcome", "utf8")]
    given = engine.table(rows, columns)  # noqa: F841 - the query names it
    typed = "* REPLACE (day::DATE AS day, nullif(sold_on, '')::DATE AS sold_on)"
    with engine.connection() as duck:
        return engine.arrow(duck.sql(f"SELECT {typed}, date_trunc('week', day::DATE)::DATE AS week FROM given"))


def add(given: Any, origin: Origin) -> Added:
    """Write the facts that are new, replace those that say something else now. A repetition finds nothing to do.

    `given` are facts as `lines.Reader` gives them, an Arrow table or a Parquet file. Callers take turns (`exclusive.turn`): two that add the same lines at
    once would both find them new.
    """
    with engine.connection() as duck:
        piece = _Piece(duck, given, origin)
        if piece.is_empty:
            return Added()
        piece.compare(lake.opened())
        piece.write()
        if piece.was_here_before():
            piece.compare(lake.before(piece.tag))
        return piece.added()


class _Piece:
    """Facts of one piece of a file, in a database of their own, beside what the sales table says of them."""

    def __init__(self, duck: Any, given: Any, origin: Origin) -> None:
        self.duck, self.origin = duck, origin
        rates = engine.table([(d.isoformat(), e8) for d, e8 in origin.rates], (("on_day", "utf8"), ("rate_e8", "int64")))  # noqa: F841
        (duck.read_parquet(str(given)) if isinstance(given, Path) else duck.sql("FROM given")).create("given")
        duck.execute("CREATE TABLE rates AS SELECT on_day::DATE AS on_day, rate_e8 FROM rates")
        repeated = duck.execute("SELECT count(*) <> count(DISTINCT line_id) FROM given").fetchone()[0]
        duck.execute(LATEST if repeated else "CREATE VIEW latest AS SELECT * FROM given")
        self.first, self.is_empty = duck.execute("SELECT min(line), count(*) = 0 FROM latest").fetchone()
        self.tag = f"{origin.import_id}:{self.first}"

    def compare(self, table: Any) -> None:
        """Beside each fact what the table knows of it: `state` is new, changed or same."""
        self._look_up(table)
        self.duck.execute(COMPARED)
        self.duck.execute(
            ROWS,
            {
                "up": 10 ** max(self.origin.shift, 0),
                "down": 10 ** max(-self.origin.shift, 0),
                "import_id": self.origin.import_id,
                **self._constants(),
            },
        )

    def _constants(self) -> dict[str, Any]:
        o = self.origin
        return {"currency": o.currency, "channel": o.channel_id, "brand": o.brand_id}

    def _look_up(self, table: Any) -> None:
        """What the table holds under the same ids, under those of their refunds, and of returns of the same orders.

        A line's own key may stand in another month, so it is sought everywhere; a line that is known by what it says, in its month.
        """
        self.duck.execute(
            "CREATE OR REPLACE TABLE sought AS SELECT line_id FROM latest UNION SELECT digest(line_id || chr(31) || 'refund') FROM latest"
        )
        by_content, months = self.duck.execute(
            "SELECT bool_and(line_id = content), list(DISTINCT strftime(day, '%Y-%m')) FROM latest"
        ).fetchone()
        files = [] if table is None else lake.files_of(table, self.origin.brand_id, months if by_content else None)
        found = lake.scan(self.duck, files)
        wanted = "line_id IN (SELECT line_id FROM sought)"
        if not by_content:
            wanted += " OR (kind = 'return' AND order_no <> '' AND order_no IN (SELECT order_no FROM latest WHERE kind = 'return'))"
        whole = "* REPLACE (coalesce(nullif(content, ''), line_id) AS content)"
        self.duck.execute(
            f"CREATE OR REPLACE TABLE known AS SELECT {whole} FROM ({found}) WHERE channel = $channel AND ({wanted})",
            {"channel": self.origin.channel_id},
        )

    def write(self) -> None:
        """One commit for the new ones, one for those that are replaced."""
        new = engine.arrow(self.duck.sql(f"SELECT {NAMES} FROM written WHERE state = 'new'"))
        changed = engine.arrow(self.duck.sql(f"SELECT {NAMES} FROM written WHERE state = 'changed'"))
        if new.num_rows:
            lake.append(new, self.tag)
        if changed.num_rows:
            lake.replace(changed, self.tag)

    def was_here_before(self) -> bool:
        """Whether the table held lines of this very piece already."""
        query = "SELECT count(*) > 0 FROM known JOIN latest USING (line_id) WHERE known.import_id = $import_id AND known.line = latest.line"
        answer: bool = self.duck.execute(query, {"import_id": self.origin.import_id}).fetchone()[0]
        return answer

    def added(self) -> Added:
        outcomes = dict(self.duck.execute(OUTCOMES).fetchall())
        weeks = self.duck.execute(
            "SELECT week FROM written UNION SELECT was FROM written WHERE was IS NOT NULL AND state = 'changed'"
        ).fetchall()
        codes = tuple(NewCode(*row) for row in self.duck.execute(CODES).fetchall())
        return Added(outcomes, frozenset(week for (week,) in weeks), codes)


# What a line says is not kept a second time where it is the id as well.
KEPT = {"content": "CASE WHEN content = line_id THEN '' ELSE content END"}
NAMES = ", ".join(f"({KEPT.get(name, name)})::{kind} AS {name}" for name, kind in COLUMNS.items())
BLANK_FACT = ", ".join(f"k.{name}" for name in FACT if name not in ("content", "kind", "line"))
# Of what a piece says twice the later holds; a refund goes with the version of its order that told of it.
LATEST = """
    CREATE TABLE latest AS
    WITH last AS (SELECT * FROM given QUALIFY row_number() OVER (PARTITION BY line_id ORDER BY said_at DESC, line DESC) = 1)
    SELECT * FROM last AS l WHERE NOT (l.derived = 1 AND EXISTS (
        SELECT 1 FROM last AS o WHERE o.derived = 0 AND o.line <> l.line AND digest(o.line_id || chr(31) || 'refund') = l.line_id))
"""
# A refund that an order told of gives way to the return itself, which says more; a refund that a corrected order no longer tells of is taken back.
COMPARED = f"""
    CREATE OR REPLACE TABLE compared AS
    WITH told AS (
        SELECT l.* FROM latest AS l WHERE NOT (l.derived = 1 AND EXISTS (
            SELECT 1 FROM known AS k WHERE k.kind = 'return' AND k.derived = 0 AND k.order_no = l.order_no AND (k.code = l.code OR l.code = '')))
            AND NOT (l.derived = 1 AND l.said_at <> '' AND EXISTS (
                SELECT 1 FROM known AS k WHERE k.said_at > l.said_at AND digest(k.line_id || chr(31) || 'refund') = l.line_id))
    ), facts AS (
        SELECT l.* EXCLUDE (outcome, description), CASE WHEN k.line_id IS NULL THEN 'new' WHEN k.said_at > l.said_at AND l.said_at <> '' THEN 'outdated'
            WHEN k.content <> l.content OR k.kind <> l.kind THEN 'changed'
            ELSE 'same' END AS state, k.week AS was, CASE WHEN k.day = l.day THEN k.rate_e8 END AS frozen, true AS told
        FROM told AS l LEFT JOIN known AS k USING (line_id)
    ), superseded AS (
        SELECT k.* FROM known AS k WHERE k.kind = 'return' AND k.derived = 1 AND k.line_id NOT IN (SELECT line_id FROM facts) AND (
            EXISTS (SELECT 1 FROM facts AS f WHERE f.kind = 'return' AND f.derived = 0 AND f.order_no = k.order_no AND (f.code = k.code OR k.code = ''))
            OR EXISTS (SELECT 1 FROM facts AS f WHERE f.state = 'changed' AND digest(f.line_id || chr(31) || 'refund') = k.line_id))
    )
    SELECT * FROM facts
    UNION ALL BY NAME
    SELECT {BLANK_FACT}, 'superseded' AS content, 'cancelled' AS kind, 0::BIGINT AS line, 'changed' AS state, k.week AS was, k.rate_e8 AS frozen, false AS told
    FROM superseded AS k
"""
# The rate of a line's day is frozen with it: a correction of the same day keeps it.
ROWS = f"""
    CREATE OR REPLACE TABLE written AS
    SELECT c.* EXCLUDE (frozen), $currency AS currency, $channel AS channel, $import_id AS import_id, $brand AS brand,
        strftime(c.day, '%Y-%m') AS month, coalesce(nullif(c.frozen, 0), r.rate_e8, 0) AS rate_e8,
        half_even(c.amount_minor::DECIMAL(18, 0) * coalesce(nullif(c.frozen, 0), r.rate_e8, 0)::DECIMAL(18, 0) * $up::DECIMAL(4, 0)
            / $down::DECIMAL(4, 0) / {RATE}) AS base_minor
    FROM compared AS c ASOF LEFT JOIN rates AS r ON c.day >= r.on_day
"""
OUTCOMES = """
    SELECT CASE WHEN bool_or(state = 'changed') THEN 'changed' WHEN bool_or(state = 'new') THEN any_value(outcome)
        WHEN bool_or(state = 'outdated') THEN 'outdated' ELSE 'unchanged' END AS became, count(*)
    FROM (SELECT g.line, g.outcome, coalesce(w.state, 'same') AS state FROM given AS g LEFT JOIN written AS w ON w.line_id = g.line_id AND w.told)
    GROUP BY line
"""
OUTCOMES = f"SELECT became, count(*) FROM ({OUTCOMES.replace(', count(*)', ', line')}) GROUP BY became"
CODES = """
    SELECT w.code, coalesce(max(g.description), ''), count(*), coalesce(sum(w.units) FILTER (w.kind = 'sale'), 0)::BIGINT,
        coalesce(sum(w.amount_minor) FILTER (w.kind = 'sale'), 0)::BIGINT, min(w.day), max(w.day)
    FROM written AS w JOIN latest AS g USING (line_id) WHERE w.state = 'new' AND w.kind IN ('sale', 'return') AND w.code <> '' GROUP BY w.code
"""
