"""The OpenAPI document: valid, complete, and true when a machine tries it."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import checks as found

from incubator.kernel.openapi import METHODS
from tests.builders import a_brief, a_product, a_programme, a_review, an_actor, an_organisation

CHECKS = (
    found.not_a_server_error, found.status_code_conformance, found.content_type_conformance, found.response_schema_conformance,
    found.negative_data_rejection,
)  # fmt: skip


@pytest.fixture
def document(client):
    return client.get("/api/v1/openapi.json").json


def operations(document):
    return [(path, method, one[method]) for path, one in document["paths"].items() for method in METHODS if method in one]


def test_it_is_a_valid_openapi_3_1_document(document):
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_says_what_it_needs_and_how_it_refuses(document):
    assert document["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}
    assert len(operations(document)) >= 12
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        assert operation["security"] == [{"bearer": []}], where
        assert operation["summary"] and operation["tags"], where
        codes = set(operation["responses"])
        assert {"401", "404"} <= codes and codes & {"200", "201", "202"}, where
        if method != "get":
            assert "409" in codes, where
        if "requestBody" in operation:
            assert operation["requestBody"]["required"] is True and {"400", "422"} <= codes, where
        for code in codes - {"200", "201", "202"}:
            assert operation["responses"][code]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
        for code in codes & {"200", "201", "202"}:
            assert all(body["schema"] for body in operation["responses"][code]["content"].values()), f"{where} gives no shape"


def test_every_route_under_api_is_in_it(app, document):
    rules = {r.rule.replace("<int:", "{").replace(">", "}") for r in app.url_map.iter_rules() if r.rule.startswith("/api/v1/")}
    assert rules - {"/api/v1/openapi.json"} == set(document["paths"])


def test_schemathesis_finds_nothing(app, caller, session):
    """Seeded and bounded: each operation with a few dozen made-up requests, in the name of a brand that has a brief and a review."""
    brand, firm = an_organisation("brand"), an_organisation("design_firm")
    programme, author = a_programme(brand), an_actor(brand)
    brief = a_brief(a_product(programme, stage="brief"))
    review = a_review(brief, author, firm)
    draft = a_brief(a_product(programme, stage="brief"))
    who = caller(brand)
    session.commit()
    real = {"brief_id": draft.id, "review_id": review.id, "reference_id": draft.references[0].id, "claim_id": draft.claims[0].id}
    session.rollback()
    raw = json.loads(who.client.get("/api/v1/openapi.json").data)
    schema = schemathesis.openapi.from_dict(raw)
    schema.app = app
    profile = settings(
        max_examples=12, deadline=None, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    for operation in (result.ok() for result in schema.get_all_operations()):
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            attack(operation, mode, who, real, profile)


def attack(operation, mode, who, real, profile):
    from hypothesis import given

    @profile
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case):
        if mode is schemathesis.GenerationMode.POSITIVE:
            case.path_parameters = {name: real.get(name, 1) for name in case.path_parameters or {}}
        response = case.call(headers=who.headers)
        case.validate_response(response, checks=CHECKS if mode is schemathesis.GenerationMode.NEGATIVE else CHECKS[:4])

    run()
