"""Who a token is, and whom it may address, as JSON under /api/v1. It changes nothing: accounts are managed in the app."""

from typing import Any

from apiflask import APIBlueprint, Schema, fields
from apiflask.validators import Length, OneOf
from marshmallow import RAISE

from incubator.accounts import queries
from incubator.kernel import web
from incubator.kernel.actor import ORGANISATION_KINDS

blueprint = APIBlueprint("accounts_api", __name__, url_prefix="/api/v1", tag="Accounts")


class MeOut(Schema):
    """The person, organisation and scope behind the bearer token."""

    user_id = fields.Integer()
    name = fields.String()
    role = fields.String()
    organisation_id = fields.Integer(allow_none=True)
    organisation = fields.String()
    scope = fields.String()
    locale = fields.String()
    timezone = fields.String()


class DirectoryQuery(Schema):
    kind = fields.String(validate=OneOf(ORGANISATION_KINDS))
    q = fields.String(validate=Length(max=100))


class OrganisationOut(Schema):
    id = fields.Integer()
    name = fields.String()
    short_name = fields.String()
    kind = fields.String()
    city = fields.String()


class DirectoryOut(Schema):
    items = fields.List(fields.Nested(OrganisationOut))


@blueprint.get("/me")
@blueprint.output(MeOut)
@web.signed_in
def me() -> Any:
    """Whom this token acts for."""
    actor = web.actor()
    return {
        "user_id": actor.user_id,
        "name": actor.name,
        "role": actor.role,
        "organisation_id": actor.organisation_id,
        "organisation": actor.organisation_name,
        "scope": actor.scope,
        "locale": actor.locale,
        "timezone": actor.timezone,
    }


@blueprint.get("/organisations")
@blueprint.input(DirectoryQuery, location="query", unknown=RAISE)
@blueprint.output(DirectoryOut)
@web.signed_in
def organisations(query_data: dict[str, Any]) -> Any:
    """The first 200 organisations that you may address, by name."""
    kinds = [query_data["kind"]] if "kind" in query_data else []
    return {"items": queries.directory_rows(web.actor(), kinds, query_data.get("q", ""))}
