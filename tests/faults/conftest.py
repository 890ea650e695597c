"""Tokens for the fault tests."""

from tests.api.conftest import caller

__all__ = ["caller"]
