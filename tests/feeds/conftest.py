"""The kinds of the tests of imports, declared for the length of one; a desk from which feeds are set up, and its clock."""

import pytest

from incubator.imports import kinds, mapping
from tests.feeds.desk import FeedDesk
from tests.imports.desk import WHOLE, WORDS


@pytest.fixture
def declared(app, monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds.declared()))
    kinds.register([WORDS, WHOLE])
    mapping.names_of.cache_clear()


@pytest.fixture
def desk(app, session, declared):
    return FeedDesk(app, session)
