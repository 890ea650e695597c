"""The import of production lots: its columns, how a line is read, and how checked rows become lots, new ones and corrected ones."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.accounts.models import Organisation
from incubator.imports.kinds import Cells, Column, Counts, Kind, Line, Refusal, Row
from incubator.imports.models import DataImport
from incubator.kernel import access, audit
from incubator.kernel.actor import Actor
from incubator.kernel.bulk import id_set, insert_many
from incubator.kernel.db import db
from incubator.launches.models import Sku, SkuAlias, SkuFactory
from incubator.sales import lot_service, touched
from incubator.sales.lot_models import MOST_UNITS, ProductionLot

COLUMNS = (
    Column("sku", _l("SKU code"), True, _l("Its own code, or another one that stands for it everywhere."), "KF-BK-01",
           ("货号", "商家编码", "SKU", "商品编码", "货品编码", "款号")),
    Column("code", _l("Lot"), True, _l("As it stands on the carton and in the feeds."), "L2603A",
           ("批次", "批号", "批次号", "生产批次", "生产批号", "生产批次号", "batch", "lot", "lot no", "lot number")),
    Column("units", _l("Units"), True, "", 1200, ("数量", "件数", "批量", "生产数量", "入库数量", "quantity")),
    Column("available_on", _l("On sale from"), True, _l("The first day on which it could be sold."), "2026-03-10",
           ("起售日期", "可售日期", "入库日期", "上架日期", "received")),
    Column("made_on", _l("Made on"), False, "", "2026-02-20", ("生产日期", "produced", "made")),
    Column("factory", _l("Factory"), False, _l("Blank: who made the SKU on that day."), "", ("工厂", "生产厂家", "factory")),
    Column("note", _l("Note"), False, "", "", ("备注",)),
)  # fmt: skip
FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d")
Makers = dict[int, list[tuple[date, int]]]


def read(cells: Iterable[Cells], _made: DataImport, actor: Actor) -> Iterator[Line]:
    """One Line per line: a lot of a known SKU, or what is wrong; of two lines of one lot the second is refused."""
    skus, factories, makers = _skus(actor), _factories(actor), _makers(actor)
    seen: dict[tuple[int, str], int] = {}
    for number, line in cells:
        row, wrong = _row(number, {name: text.strip() for name, text in line.items()}, skus, factories)
        if not wrong:
            row["factory_organisation_id"] = row["factory_organisation_id"] or _maker_on(makers.get(row["sku_id"], []), row)
            first = seen.setdefault((row["sku_id"], row["code"]), number)
            if first != number:
                wrong = [_refusal("code", row["code"], gettext("Line %(n)s gives this lot already.", n=first))]
        yield Line(number, refusals=wrong) if wrong else Line(number, row)


def _row(number: int, line: dict[str, str], skus: dict[str, int], factories: dict[str, int]) -> tuple[Row, list[Refusal]]:
    wrong: list[Refusal] = []
    sku_id = skus.get(line.get("sku", "").upper())
    if sku_id is None:
        wrong.append(_refusal("sku", line.get("sku", ""), gettext("No SKU has this code.")))
    code, units = line.get("code", "").upper(), _units(line.get("units", ""))
    if not 0 < len(code) <= 60:
        wrong.append(_refusal("code", code, gettext("Give the lot a code of at most 60 characters.")))
    if units is None:
        wrong.append(_refusal("units", line.get("units", ""), gettext("Give the units of the lot, like 1200.")))
    days = {name: _day(line.get(name, "")) for name in ("available_on", "made_on")}
    wrong += [_refusal(n, line[n], gettext("Give a date, like 2026-03-10.")) for n, day in days.items() if line.get(n) and day is None]
    if not line.get("available_on"):
        wrong.append(_refusal("available_on", "", gettext("Give a date, like 2026-03-10.")))
    if days["made_on"] and days["available_on"] and days["made_on"] > days["available_on"]:
        wrong.append(_refusal("available_on", line["available_on"], gettext("It cannot be sold before it was made.")))
    factory = line.get("factory", "")
    if factory and factory.lower() not in factories:
        wrong.append(_refusal("factory", factory, gettext("No factory of this name has made an SKU of yours.")))
    values = {
        "code": code,
        "units": units,
        **days,
        "note": line.get("note", "")[:1000],
        "factory_organisation_id": factories.get(factory.lower()),
    }
    return {"line": number, "sku_id": sku_id, **values}, wrong


def _refusal(column: str, value: str, message: str) -> Refusal:
    return Refusal(str(next(c.label for c in COLUMNS if c.name == column)), value, message)


def _units(text: str) -> int | None:
    plain = text.replace(",", "").removesuffix(".0")
    return int(plain) if plain.isdecimal() and len(plain) < 12 and 0 < int(plain) <= MOST_UNITS else None


def _day(text: str) -> date | None:
    found = next((day for form in FORMS if (day := _parsed(text[:10], form))), None)
    return found if found and 2000 <= found.year <= 2100 else None


def _parsed(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day
    except ValueError:
        return None


def _skus(actor: Actor) -> dict[str, int]:
    """Upper-case code → SKU: aliases that hold everywhere, and before them its own code."""
    everywhere = access.select_visible(SkuAlias, actor, SkuAlias.code, SkuAlias.sku_id).where(SkuAlias.channel_key == 0)
    own = access.select_visible(Sku, actor, Sku.code, Sku.id)
    return {code.upper(): sku_id for query in (everywhere, own) for code, sku_id in db.session.execute(query)}


def _factories(actor: Actor) -> dict[str, int]:
    """Lower-case name → organisation, of the factories that have made one of the brand's SKUs."""
    query = access.select_visible(SkuFactory, actor, Organisation.id, Organisation.name, Organisation.short_name)
    rows = db.session.execute(query.join(Organisation, Organisation.id == SkuFactory.organisation_id).distinct()).all()
    return {name.lower(): row.id for row in rows for name in (row.short_name, row.name) if name}


def _makers(actor: Actor) -> Makers:
    query = access.select_visible(SkuFactory, actor, SkuFactory.sku_id, SkuFactory.from_on, SkuFactory.organisation_id)
    found: Makers = {}
    for sku_id, since, who in db.session.execute(query.order_by(SkuFactory.from_on)):
        found.setdefault(sku_id, []).append((since, who))
    return found


def _maker_on(those: list[tuple[date, int]], row: Row) -> int | None:
    day = row["made_on"] or row["available_on"]
    return next((who for since, who in reversed(those) if since <= day), those[0][1] if those else None)


def _standing(rows: Sequence[Row], actor: Actor) -> dict[tuple[int, str], ProductionLot]:
    query = access.select_visible(ProductionLot, actor).where(ProductionLot.sku_id.in_(id_set(sorted({row["sku_id"] for row in rows}))))
    return {(lot.sku_id, lot.code): lot for lot in db.session.scalars(query)}


def _changes(lot: ProductionLot, row: Row) -> dict[str, Any]:
    """What the row says otherwise; a blank factory or note says nothing."""
    said = {name: row[name] for name in lot_service.FIELDS if name not in ("note", "factory_organisation_id", "made_on") or row[name]}
    return {name: value for name, value in said.items() if getattr(lot, name) != value}


def plan(rows: Sequence[Row], _made: DataImport, actor: Actor) -> Counts:
    standing = _standing(rows, actor)
    kept = [(standing.get((row["sku_id"], row["code"])), row) for row in rows]
    changed = sum(1 for lot, row in kept if lot is not None and _changes(lot, row))
    new = sum(1 for lot, _ in kept if lot is None)
    return {"new": new, "changed": changed, "unchanged": len(rows) - new - changed}


def apply(rows: Sequence[Row], made: DataImport, actor: Actor, now: datetime, _progress: Any) -> Counts:
    """Enter the lots that are new and correct those that say something else; their SKUs are laid out anew."""
    assert made.organisation_id is not None
    counts, standing = plan(rows, made, actor), _standing(rows, actor)
    new, moved = [], set()
    for row in rows:
        lot = standing.get((row["sku_id"], row["code"]))
        changes = _changes(lot, row) if lot is not None else {}
        if lot is None:
            new.append({"sku_id": row["sku_id"], **{name: _plain(row[name]) for name in lot_service.FIELDS}})
        elif changes:
            lot_service.fill(lot, changes)
        if lot is None or changes:
            moved.add(row["sku_id"])
    common = {"brand_id": made.organisation_id, "entered_by_id": actor.user_id, "created_at": now, "updated_at": now, "version": 1}
    insert_many(ProductionLot, new, **common)
    db.session.flush()
    touched.skus(made.organisation_id, sorted(moved))
    audit.record_bulk("lot.import", "production_lot", [(made.id, None, made.organisation_id, {"number": len(moved)})], actor, now)
    return counts


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


LOTS = Kind(
    name="sales.lots",
    title=_l("Production lots"),
    rule="sales.import",
    columns=COLUMNS,
    read=read,
    plan=plan,
    apply=apply,
    whole=True,
    help=_l(
        "Which lots of a SKU there were, from when they were sold, and who made them. What was sold and came back is then laid to them."
    ),
    done="sales.lots",
    done_label=_l("To the lots"),
)
