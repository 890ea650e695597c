"""Lines of feeds, thousands at a time, to facts: what was sold, what came back, what is neither. It reads no file and knows no SKU.

A line is a sale, a return, or an adjustment (postage, fees, write-offs, free goods: kept, and counted in no week); an order that was
cancelled is kept so that it takes back what it said before, one that was not paid is nothing. Money is in minor units; a unit price in
ten-thousandths, because shops sell at 0.001. A line is known again by `line_id`: the shop's own key where the feed has one; else its
place in its order where the file tells of the order's state, which changes; else all that it says, so that the same line twice is one line (docs/imports.md).
What a line of each source says stands in `rules`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from incubator.sales import engine, reasons, rules
from incubator.sales.rules import Check

EARLIEST = date(1990, 1, 1)
NUMBERS = {  # names in `typed`: column and largest value; whole numbers first
    "q": ("quantity", rules.LARGEST_QUANTITY), "ru": ("refund_units", rules.LARGEST_QUANTITY), "n": ("orders", rules.LARGEST_QUANTITY),
    "p": ("price", rules.LARGEST_AMOUNT), "a": ("amount", rules.LARGEST_AMOUNT), "r": ("refund", rules.LARGEST_AMOUNT),
    "d": ("discount", rules.LARGEST_AMOUNT),
}  # fmt: skip
WHOLE = ("q", "ru", "n")


class Setting(NamedTuple):
    """What all lines of a file share: digits of the currency, the channel's time zone, that of the file's times, today there, buyers, currency,
    and the brand's own words for reasons."""

    digits: int
    timezone: str
    file_timezone: str
    today: date
    segment: str
    currency: str
    own: tuple[reasons.Own, ...] = ()


class Wrong(NamedTuple):
    """A cell that cannot be read: its line and value, and the check that it did not pass."""

    line: int
    value: str
    check: Check


@dataclass(frozen=True)
class Reading:
    """What became of a piece. Every line is wrong, a duplicate, unpaid, or one of the `lines` whose `facts` (an Arrow table) are to be kept."""

    wrong: list[Wrong]
    duplicates: int
    unpaid: int
    lines: int
    facts: Any


class Reader:
    """Reads a file piece by piece, and remembers which lines it has seen; to be used in `with`."""

    def __init__(self, source: str, setting: Setting, fill_down: tuple[str, ...] = ()) -> None:
        self.rules, self.setting = rules.of(source, fill_down), setting
        self._database = engine.connection()

    def __enter__(self) -> "Reader":
        self.duck = self._database.__enter__()
        self.duck.execute("CREATE TABLE seen (content VARCHAR)")
        self.duck.execute("CREATE TABLE placed (article VARCHAR, said_at VARCHAR, number BIGINT)")
        return self

    def __exit__(self, *failure: Any) -> None:
        self._database.__exit__(*failure)

    @property
    def way(self) -> str:
        """How it reads, as one text: another release may read otherwise."""
        return self._judging(set(rules.COLUMNS)) + FACTS

    def read(self, numbers: Sequence[int], columns: Mapping[str, Sequence[str]], cut: int = 0) -> Reading:
        """One piece: line numbers in the file, the texts of each column that it has (others are blank), a line that has no end (0: none)."""
        handed_in = engine.texts(columns, numbers)  # noqa: F841 - the query names it
        given = ", ".join(f'trim("{name}") AS "{name}"' if name in columns else f"'' AS \"{name}\"" for name in rules.COLUMNS)
        self.duck.execute(f"CREATE OR REPLACE TEMP TABLE cells AS SELECT line, {given} FROM handed_in")
        if self.rules.fill_down:
            self._fill_down()
        self.duck.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {self._judging(set(columns))}", self._values(cut))
        self.duck.execute(REPEATED)
        if self.rules.by_place(columns):
            self.duck.execute(PLACED)
        self._hear()
        duplicates, unpaid, kept = self.duck.execute(COUNTS).fetchone()
        return Reading(list(self._wrong()), duplicates, unpaid, kept, engine.arrow(self.duck.sql(FACTS)))

    def _fill_down(self) -> None:
        """What only the first line of an order says holds for its others; an order may have begun in the piece before."""
        whole = "PARTITION BY c.order_no ORDER BY c.line ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
        said = ", ".join(
            f'coalesce(first_value(nullif(c."{n}", \'\') IGNORE NULLS) OVER ({whole}), b."{n}", \'\') AS "{n}"'
            for n in self.rules.fill_down
        )
        self.duck.execute("CREATE TABLE IF NOT EXISTS begun AS FROM cells LIMIT 0")
        joined = "FROM cells AS c LEFT JOIN begun AS b ON b.order_no = c.order_no"
        self.duck.execute(f"CREATE OR REPLACE TEMP TABLE cells AS SELECT c.* REPLACE ({said}) {joined}")
        self.duck.execute("CREATE OR REPLACE TABLE begun AS FROM cells ORDER BY line DESC LIMIT 1")

    def _judging(self, given: set[str]) -> str:
        """Each line with its first wrong check (null: none), and what its rules make of it."""
        numbers = ", ".join(f"{_number(name, given)} AS {name}" for name in NUMBERS)
        typed = (
            f'SELECT *, {numbers}, day_in("at", $there, $here) AS on_day, day_in(sold_on, $there, $here) AS sold_day, '
            f"moment(updated_at, $there) AS said_at, {rules.CONTENT} AS content FROM cells"
        )
        rule = self.rules
        wrong = " ".join(f"WHEN {check.bad} THEN {n}" for n, check in enumerate(rule.checks))
        made = (
            f"CASE {wrong} END AS wrong, {rule.kind} AS kind_of, {rule.units} AS units_of, half_even({rule.price} * 10000) AS price_e4, "
            f"half_even(CASE WHEN abs({rule.total}) <= {rules.LARGEST_AMOUNT} THEN {rule.total} END * {10**self.setting.digits}) "
            f"AS total_minor, {rule.key} AS key_of, {rule.code} AS code_of, "
            f"{rule.order_no} AS order_of, {rule.refund} AS refunded, {rule.back} AS back_units, "
            f"half_even(CASE WHEN abs({rule.given_back}) <= {rules.LARGEST_AMOUNT} THEN {rule.given_back} END * {10**self.setting.digits}) "
            f"AS refund_minor, {rule.orders} AS orders_of, CASE WHEN segment = '' THEN $segment ELSE segment END AS buyers"
        )
        return f"SELECT *, {made} FROM ({typed})"

    def _values(self, cut: int) -> dict[str, Any]:
        s = self.setting
        found = {"there": s.file_timezone, "here": s.timezone, "segment": s.segment, "currency": s.currency, "earliest": EARLIEST}
        found |= {"latest": s.today + timedelta(days=1), "cut": cut}
        return (
            found if any("$currency" in check.bad for check in self.rules.checks) else {k: v for k, v in found.items() if k != "currency"}
        )

    def _hear(self) -> None:
        """The words of returns to reasons and topics, each different text once."""
        texts = f"SELECT DISTINCT {SAID} FROM judged WHERE wrong IS NULL AND (kind_of = 'return' OR refunded)"
        said = [text for (text,) in self.duck.execute(texts).fetchall()]
        rows = [(text, *found) for text, found in zip(said, reasons.read_many(said, self.setting.own), strict=True)]
        told = engine.table(rows, (("said", "utf8"), ("why", "utf8"), ("topic", "utf8")))  # noqa: F841
        self.duck.execute("CREATE OR REPLACE TEMP TABLE heard AS SELECT * FROM told")

    def _wrong(self) -> Iterator[Wrong]:
        value = " ".join(f'WHEN {n} THEN "{check.column}"' for n, check in enumerate(self.rules.checks))
        query = f"SELECT line, CASE wrong {value} END, wrong FROM judged WHERE wrong IS NOT NULL ORDER BY line"
        for line, text, n in self.duck.execute(query).fetchall():
            yield Wrong(line, text, self.rules.checks[n])


def _number(name: str, given: set[str]) -> str:
    column, most = NUMBERS[name]
    kind = "DECIMAL(8, 0)" if name in WHOLE else "DECIMAL(20, 8)"
    if column not in given:
        return f"NULL::{kind}"
    found = f"number({column})"
    fits = f"abs({found}) <= {most}" + (f" AND {found} = trunc({found})" if name in WHOLE else "")
    return f"CASE WHEN {fits} THEN {found} END::{kind}"


SAID = "concat_ws(' ', nullif(reason, ''), nullif(reason_note, ''))"
# Of equal lines the first counts, in this piece and in those before it.
REPEATED = """
    CREATE OR REPLACE TEMP TABLE firsts AS SELECT content, min(line) AS line FROM judged WHERE wrong IS NULL GROUP BY content;
    CREATE OR REPLACE TEMP TABLE taken AS SELECT line FROM firsts ANTI JOIN seen USING (content);
    INSERT INTO seen SELECT content FROM firsts ANTI JOIN seen USING (content)
"""
# Lines of one article of an order are numbered as they come, on through the pieces of a file; those that were not paid yet have their place, too.
PLACED = f"""
    CREATE OR REPLACE TEMP TABLE places AS
    SELECT line, article, said_at, row_number() OVER (PARTITION BY article, said_at ORDER BY line) AS place
    FROM (SELECT line, said_at, {rules.ARTICLE} AS article FROM judged SEMI JOIN taken USING (line) WHERE line_key = '');
    UPDATE places SET place = place + p.number FROM placed AS p WHERE p.article = places.article AND p.said_at = places.said_at;
    UPDATE judged SET key_of = digest(concat_ws(chr(31), 'place', p.article, p.place::VARCHAR)) FROM places AS p WHERE p.line = judged.line;
    DELETE FROM placed WHERE EXISTS (FROM places AS p WHERE p.article = placed.article AND p.said_at = placed.said_at);
    INSERT INTO placed SELECT article, said_at, max(place) FROM places GROUP BY ALL
"""
COUNTS = """
    SELECT (SELECT count(*) FROM judged WHERE wrong IS NULL) - count(*), count(*) FILTER (kind_of = 'unpaid'), count(*) FILTER (kind_of <> 'unpaid')
    FROM judged SEMI JOIN taken USING (line)
"""
SHARED = """
    content, order_of[:80] AS order_no, code_of[:80] AS code, on_day AS day, date_trunc('week', on_day)::DATE AS week, price_e4,
    CASE WHEN trim(customer) = '' THEN '' ELSE digest(concat_ws(chr(31), 'customer', customer))[:16] END AS customer, region[:80] AS region,
    lot[:60] AS lot, buyers AS segment, said_at, description[:200] AS description
"""
FACTS = f"""
    SELECT line, CASE WHEN refunded AND kind_of = 'sale' THEN 'return' ELSE kind_of END AS outcome, key_of AS line_id, kind_of AS kind, {SHARED},
        CASE WHEN kind_of = 'return' THEN -units_of ELSE units_of END::BIGINT AS units,
        CASE WHEN kind_of = 'return' THEN -total_minor ELSE total_minor END AS amount_minor,
        coalesce(why, '') AS reason, coalesce(topic, '') AS topic,
        CASE WHEN kind_of = 'return' THEN {SAID}[:500] ELSE '' END AS reason_text, CASE WHEN kind_of = 'return' THEN sold_day END AS sold_on,
        orders_of::BIGINT AS orders_n, 0::BIGINT AS derived
    FROM judged SEMI JOIN taken USING (line) LEFT JOIN heard ON kind_of = 'return' AND {SAID} = said WHERE kind_of <> 'unpaid'
    UNION ALL BY NAME
    SELECT line, 'return' AS outcome, digest(concat_ws(chr(31), key_of, 'refund')) AS line_id, 'return' AS kind, {SHARED},
        back_units::BIGINT AS units, refund_minor AS amount_minor, why AS reason, topic, {SAID}[:500] AS reason_text, on_day AS sold_on,
        0::BIGINT AS orders_n, 1::BIGINT AS derived
    FROM judged SEMI JOIN taken USING (line) JOIN heard ON {SAID} = said WHERE kind_of = 'sale' AND refunded
"""
