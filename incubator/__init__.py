"""The composition root: the only place that knows every package."""

import gc

gc.disable()  # what is loaded here stays; looking through it again and again would take a quarter of the start

from incubator.app_factory import create_app  # noqa: E402 - see above

gc.freeze()
gc.enable()
__all__ = ["create_app"]
