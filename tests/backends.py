"""Says on which databases a test runs, when what it tests exists on one of them only."""

from collections.abc import Callable
from typing import Any


def on(*backends: str) -> Callable[[Any], Any]:
    """`@on("sqlite")`: run with that `app` only."""

    def mark(test: Any) -> Any:
        test.backends = backends
        return test

    return mark
