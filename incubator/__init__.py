"""The composition root: the only place that knows every package."""

from incubator.app_factory import create_app

__all__ = ["create_app"]
