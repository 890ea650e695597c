"""The directory as JSON under /api/v1, to be read: the same filters and the same scope as the pages. Contacts only for brands and staff in charge."""

from typing import Any

from apiflask import APIBlueprint, Schema, fields
from apiflask.validators import OneOf, Range
from marshmallow import RAISE

from incubator.factories import content, profile_queries, queries
from incubator.factories.evidence_models import CERTIFICATE_KINDS, TIERS
from incubator.factories.filters import SORTS, Filters
from incubator.factories.guards import ZONE
from incubator.factories.models import FACTORY_STATES
from incubator.kernel import access, clock, json_edge, paging, web
from incubator.kernel.actor import ROLES

blueprint = APIBlueprint("factories_api", __name__, url_prefix="/api/v1", tag="Factories")
ROW = (
    "id",
    "name_zh",
    "name_en",
    "short_name",
    "state",
    "country",
    "province",
    "city",
    "cluster_id",
    "staff_count",
    "founded_year",
    "organisation_id",
)
WHOLE = ("uscc", "registration_number", "address", "floor_area", "export_share", "website", "introduction")


class ListQuery(json_edge.Strict):
    """`capacity` (a month, at least) and `moq` (at most) must be true of one and the same process or line."""

    q = fields.String(validate=json_edge.LongAtMost(max=80))
    state = fields.String(validate=OneOf(FACTORY_STATES))
    cluster = fields.Integer(validate=Range(min=1, max=2**53))
    category = fields.String(validate=json_edge.LongAtMost(max=60))
    process = fields.String(validate=json_edge.LongAtMost(max=80))
    material = fields.String(validate=json_edge.LongAtMost(max=80))
    capacity = fields.Integer(validate=Range(min=1, max=10**11))
    moq = fields.Integer(validate=Range(min=1, max=10**11))
    certificate = fields.String(validate=OneOf(CERTIFICATE_KINDS))
    tier = fields.String(validate=OneOf(TIERS))
    sort = fields.String(load_default="-updated", validate=OneOf([*SORTS, *(f"-{name}" for name in SORTS)]))
    cursor = fields.String(validate=json_edge.LongAtMost(max=1000))
    limit = fields.Integer(load_default=paging.PAGE_SIZE, validate=Range(min=1, max=paging.LARGEST_PAGE))


class FactoryRowOut(Schema):
    """A factory in a list; `tier` only while it is held."""

    id = fields.Integer()
    name_zh = fields.String()
    name_en = fields.String()
    short_name = fields.String()
    state = fields.String()
    country = fields.String()
    province = fields.String()
    city = fields.String()
    cluster_id = fields.Integer(allow_none=True)
    staff_count = fields.Integer(allow_none=True)
    founded_year = fields.Integer(allow_none=True)
    organisation_id = fields.Integer(allow_none=True)
    tier = fields.String(allow_none=True)
    categories = fields.List(fields.String())
    valid_certificates = fields.Integer()


class FactoryPageOut(Schema):
    """One page; `next` and `previous` are cursors, `total` stops counting at 10,001."""

    items = fields.List(fields.Nested(FactoryRowOut))
    next = fields.String(allow_none=True)
    previous = fields.String(allow_none=True)
    total = fields.Integer(allow_none=True)


class CapabilityOut(Schema):
    kind = fields.String()
    name_zh = fields.String()
    name_en = fields.String()
    monthly_capacity = fields.Integer(allow_none=True)
    unit = fields.String()
    moq = fields.Integer(allow_none=True)
    lead_days = fields.Integer(allow_none=True)
    note = fields.String()


class CertificateOut(Schema):
    kind = fields.String()
    title = fields.String()
    number = fields.String()
    issuer = fields.String()
    valid_from = fields.String(allow_none=True, metadata={"format": "date"})
    expires_on = fields.String(metadata={"format": "date"})
    state = fields.String()
    counts = fields.Boolean()


class OemOut(Schema):
    """`client` is null where it is confidential and not the caller's to know."""

    client = fields.String(allow_none=True)
    category = fields.String()
    from_year = fields.Integer()
    to_year = fields.Integer(allow_none=True)
    checked = fields.Boolean()


ContactOut = Schema.from_dict({name: fields.String() for name in content.CONTACT_FIELDS}, name="ContactOut")


class FactoryOut(FactoryRowOut):
    """A whole profile; `contacts` only for brands, staff in charge and the factory itself."""

    uscc = fields.String()
    registration_number = fields.String()
    address = fields.String()
    floor_area = fields.Integer(allow_none=True)
    export_share = fields.Integer(allow_none=True)
    website = fields.String()
    introduction = fields.String()
    capabilities = fields.List(fields.Nested(CapabilityOut))
    certificates = fields.List(fields.Nested(CertificateOut))
    oem = fields.List(fields.Nested(OemOut))
    contacts = fields.List(fields.Nested(ContactOut))


@blueprint.get("/factories")
@blueprint.input(ListQuery, location="query", unknown=RAISE)
@blueprint.output(FactoryPageOut)
@web.allow(*ROLES)
def list_factories(query_data: dict[str, Any]) -> Any:
    """The factories that you may see, page by page."""
    actor = web.actor()
    page = queries.page(Filters.read(query_data), actor, query_data.get("cursor"), query_data["limit"])
    more = queries.beside(page.rows, actor)
    return {"items": [_row(r, more) for r in page.rows], "next": page.next, "previous": page.previous, "total": page.total}


@blueprint.get("/factories/<int:factory_id>")
@blueprint.output(FactoryOut)
@web.allow(*ROLES)
def get_factory(factory_id: int) -> Any:
    """One factory with what it can make and what proves it."""
    actor, today = web.actor(), clock.today(ZONE)
    factory = profile_queries.whole(factory_id, actor)
    certificates = profile_queries.certificates(factory, actor)
    body = _row(factory, {"categories": {factory.id: [c.name for c in factory.categories]}, "certificates": {}})
    body |= {name: getattr(factory, name) for name in WHOLE}
    body |= {
        "valid_certificates": sum(c.counts_on(today) for c in certificates),
        "capabilities": content.snapshot_of_capabilities(factory),
        "certificates": [_certificate(c, today) for c in certificates],
        "oem": [{**{n: getattr(r, n) for n in ("client", "category", "from_year", "to_year")}, "checked": r.checked_at is not None}
                for r in profile_queries.oem(factory, actor)],
    }  # fmt: skip
    if access.may("factory.know", actor, factory):
        body["contacts"] = [{n: getattr(c, n) for n in content.CONTACT_FIELDS} for c in profile_queries.contacts(factory, actor)]
    return body


def _row(row: Any, more: dict[str, Any]) -> dict[str, Any]:
    holds = row.tier and row.tier_until is not None and row.tier_until >= clock.today(ZONE)
    return {
        **{name: getattr(row, name) for name in ROW},
        "tier": row.tier if holds else None,
        "categories": more["categories"].get(row.id, []),
        "valid_certificates": more["certificates"].get(row.id, (0, None))[0],
    }


def _certificate(found: Any, today: Any) -> dict[str, Any]:
    plain = {name: getattr(found, name) for name in ("kind", "title", "number", "issuer", "state")}
    days = {name: value.isoformat() if (value := getattr(found, name)) else None for name in ("valid_from", "expires_on")}
    return {**plain, **days, "counts": found.counts_on(today)}
