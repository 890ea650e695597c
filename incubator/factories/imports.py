"""The import of supplier lists: its columns, its sources, and who does the work."""

from collections.abc import Iterable, Iterator

from flask_babel import lazy_gettext as _l

from incubator.factories import import_service, importer
from incubator.imports.kinds import Cells, Column, Kind, Line, Preset
from incubator.imports.models import DataImport
from incubator.kernel.actor import Actor

EXAMPLE = {
    "name": "宁波慈溪暖川电器有限公司", "name_en": "Cixi Nuanchuan Electric Co., Ltd.", "short_name": "暖川电器",
    "country": "CN", "province": "浙江", "city": "慈溪",
    "address": "观海卫镇工业园 8 号", "founded_year": 2008, "staff_count": 180, "floor_area": 12000, "export_share": 40, "categories": "小家电; 暖风机",
    "processes": "注塑; 总装", "contact_name": "周建国", "contact_phone": "0574-8888 0000",
}  # fmt: skip
MEANINGS = {
    "name": _l("In either language; or use the columns for the Chinese and the English name."),
    "uscc": _l("By it a factory is known again; else by name, country and address."),
    "country": _l("A code or a name, in either language; left blank, China."),
    "categories": _l("Several separated by “;”."),
    "processes": _l("Several separated by “;”."),
}
ALSO = {
    "name": ("facility name", "factory name", "supplier", "supplier name", "供应商", "供应商名称", "工厂名称", "企业名称", "公司名称"),
    "address": ("facility address", "factory address", "详细地址"),
    "country": ("country/region", "国家"),
    "categories": ("sector", "product type", "主营", "主营产品", "类目"),
    "uscc": ("USCC", "信用代码", "统一信用代码"),
    "staff_count": ("number of workers", "workers", "employees", "员工数"),
    "contact_phone": ("phone", "tel", "手机", "联系电话"),
}


def read(cells: Iterable[Cells], _made: DataImport, _actor: Actor) -> Iterator[Line]:
    return importer.read(cells)


FACTORIES = Kind(
    name="factories",
    title=_l("Supplier list"),
    rule="factory.import",
    columns=tuple(
        Column(name, label, False, MEANINGS.get(name, ""), EXAMPLE.get(name, ""), ALSO.get(name, ()))
        for name, label in importer.LABELS.items()
    ),
    read=read,
    plan=import_service.plan,
    apply=import_service.apply,
    presets=(Preset("osh", _l("Open Supply Hub"), {"country": "country", "name": "name", "address": "address", "sector": "categories"}),),
    help=_l(
        "Each line becomes a prospect. What looks like a factory that is there already is suggested as a duplicate, and never merged by itself."
    ),
    done="factories.duplicates",
    done_label=_l("To the suspected duplicates"),
)
KINDS = (FACTORIES,)
