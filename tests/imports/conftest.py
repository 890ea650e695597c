"""The kinds of the tests, declared for the length of one."""

import pytest

from incubator.imports import kinds, mapping
from tests.imports.desk import WHOLE, WORDS, Desk


@pytest.fixture(autouse=True)
def declared(app, monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds.declared()))
    kinds.register([WORDS, WHOLE])
    mapping.names_of.cache_clear()


@pytest.fixture
def desk(session):
    return Desk(session)
