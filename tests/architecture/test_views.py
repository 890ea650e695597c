"""Every view says who may call it, and those that need no session are listed here by name."""

import pytest

from incubator import create_app
from incubator.config import ROOT
from incubator.kernel import lifecycle

PUBLIC = {
    "accounts.sign_in",
    "accounts.set_theme",
    "accounts.set_locale",
    "accounts.accept_invitation",
    "accounts.reset",
    "accounts.forgot",
    "accounts.sign_in_as_demo",
    "accounts.sign_in_code",
    "health.alive",
    "health.ready",
    "health.show_metrics",
    "openapi.spec",
    "schedule.read_feed",
}


@pytest.fixture(scope="module")
def application():
    return create_app()


def test_every_view_says_who_may_call_it(application):
    silent = {name for name, view in application.view_functions.items() if getattr(view, "allowed_roles", None) is None}
    assert silent <= {"static"}


def test_the_public_views_are_these(application):
    public = {name for name, view in application.view_functions.items() if getattr(view, "allowed_roles", None) == frozenset()}
    assert public == PUBLIC


def test_reading_views_take_no_writing_method_and_the_other_way_round(application):
    """A page and the act behind its form may share an address, but an act never answers GET."""
    acts = [
        rule for rule in application.url_map.iter_rules() if rule.rule.endswith(("/delete", "/fire", "/revoke")) and "GET" in rule.methods
    ]
    assert not acts


def test_the_lifecycle_document_is_generated(application):
    with application.app_context():
        assert (ROOT / "docs" / "lifecycle.md").read_text() == lifecycle.document(), "run `make lifecycle`"
