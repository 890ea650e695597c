"""One product's story: who is at their browser, where things stand, and a picture of each stage."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.journeys import pictures, world

PATIENCE = 120_000  # milliseconds until a job has run: those of the demo that print documents may come before it


class Story:
    """People come when they are first called, and stay; `at` keeps the addresses that the story returns to."""

    def __init__(self, visit: Callable[..., world.Visitor], server: world.Server, folder: Path) -> None:
        self.visit, self.server, self.folder = visit, server, folder
        self.pictures = pictures.folder(folder)
        self.people: dict[str, world.Visitor] = {}
        self.at: dict[str, str] = {}
        self.facts: dict[str, Any] = {}

    def page(self, handle: str, path: str = "", locale: str = "en", **options: Any) -> Any:
        """The person's page, signed in and in their language, opened at `path` or at the address of that name."""
        if handle not in self.people:
            self.people[handle] = self.visit(handle, **options).speak(locale)
        if path:
            self.people[handle].go(self.at.get(path, path))
        return self.people[handle].page

    def keep(self, name: str, page: Any) -> str:
        """Remember the page's address, without what follows it."""
        self.at[name] = self.path(page)
        return self.at[name]

    def path(self, page: Any) -> str:
        return str(page.url).removeprefix(self.server.url).partition("#")[0].partition("?")[0]

    def picture(self, page: Any, name: str) -> None:
        pictures.keep(page, self.pictures, name)

    def refused(self, handle: str, *names: str) -> None:
        """These addresses answer 404 to the person, as if there were nothing."""
        for name in names:
            answer = self.people[handle].context.request.get(self.server.url + self.at[name])
            assert answer.status == 404, f"{handle} reads {name}: {answer.status}"


def today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def day(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()
