"""The import of briefs: its columns, its example, and who does the work."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.briefs import import_service, importer, queries
from incubator.briefs.forms import ImportOptions
from incubator.imports.kinds import Cells, Column, Kind, Line
from incubator.imports.models import DataImport
from incubator.kernel.actor import Actor

EXAMPLE = {
    "code": "DEMO-001", "title": "云朵托腰人体工学椅", "type": "hero", "segment": "居家办公人群", "buyer_kind": "consumer", "scenario": "test_launch",
    "need": "久坐 8 小时腰不酸", "reason_to_choose": "腰托跟着人动", "customisation": "none", "first_order_quantity": 500, "annual_quantity": 12000,
    "moq": 200, "launch_from": "2027-03-01", "launch_to": "2027-04-30", "currency": "CNY", "price": "899.00", "cost": "420.00", "margin": "",
    "requirements": "腰托支撑力 | = | 180 | N | 15 | must | 118 条吐槽; 扶手晃动量 | ≤ | 6 | mm | | must | 64 条吐槽",
}  # fmt: skip
MEANINGS = {
    "code": _l("By it a brief is known again, so the same sheet can be imported twice."),
    "type": _l("A word of either language: basic or hero."),
    "launch_from": _l("A day, like 2027-03-01."),
    "price": _l("In the currency of the row; without one, in yuan."),
    "margin": _l("Left blank, what price and cost leave."),
    "requirements": _l("In one cell: attribute | operator | target | unit | tolerance | priority | evidence, separated by “;”."),
}


def read(cells: Iterable[Cells], _made: DataImport, _actor: Actor) -> Iterator[Line]:
    return importer.read(cells)


def options(actor: Actor, **given: Any) -> ImportOptions:
    """The programme, of those that are open."""
    form = ImportOptions(**given)
    form.programme_id.choices = queries.programmes(actor)
    return form


BRIEFS = Kind(
    name="briefs",
    title=_l("Briefs"),
    rule="brief.create",
    columns=tuple(
        Column(name, label, name in importer.REQUIRED, MEANINGS.get(name, ""), EXAMPLE.get(name, ""))
        for name, label in importer.LABELS.items()
    ),
    read=read,
    plan=import_service.plan,
    apply=import_service.apply,
    whole=True,
    options=options,
    help=_l("Each row becomes a product with its brief. All rows are imported, or none."),
    done="briefs.index",
    done_label=_l("To the briefs"),
)
KINDS = (BRIEFS,)
