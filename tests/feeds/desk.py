"""A brand with a person who sets up feeds of words, and everything that the clock would do, done now."""

import os
import threading
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from incubator.accounts.models import Notification
from incubator.feeds import folder, service
from incubator.feeds.models import Feed, FeedFile
from incubator.feeds.service import Wish
from incubator.imports import kinds
from incubator.imports.models import DataImport
from incubator.kernel import clock, job_runner, jobs
from incubator.kernel.actor import SYSTEM
from incubator.kernel.job_table import JobRun
from tests.builders import an_actor
from tests.imports.desk import Desk

SHEET = b"word,size\nchair,5\ntable,6\n"
MINUTE = timedelta(minutes=1)


class FeedDesk(Desk):
    def __init__(self, app: Any, session: Any) -> None:
        super().__init__(session)
        self.app = app
        self.colleague = an_actor(self.brand)
        session.commit()

    def feed(self, transport: str = "push", kind: str = "words", actor: Any = None, **wish: Any) -> Feed:
        given = {"name": f"{transport} {len(self.all(Feed))}", **({"place": "shop"} if transport in ("folder", "s3") else {}), **wish}
        made = service.create(kinds.find(kind), transport, Wish(**given), actor or self.actor, clock.now())
        self.session.commit()
        return made

    def all(self, model: Any, *criteria: Any) -> list[Any]:
        self.session.expire_all()
        return list(self.session.scalars(select(model).where(*criteria).order_by(model.id)))

    def tick(self, name: str = "feeds.collect") -> dict[str, Any]:
        """What the scheduler fires, and all that it leaves queued; the answer is that of `name` itself."""
        self.session.commit()
        run = jobs.enqueue(name, SYSTEM, clock.now())
        self.session.commit()
        run_id = run.id
        self.work()
        [done] = self.all(JobRun, JobRun.id == run_id)
        assert done.status == "done", done.error
        return done.counts

    def work(self) -> None:
        """Run whatever is queued, to the end."""
        self.session.commit()
        while job_runner.run_next(self.app, "test", threading.Event()):
            pass
        failed = [(run.job, run.error) for run in self.all(JobRun, JobRun.job.startswith("feeds.")) if run.error]
        assert not failed, failed

    def look(self, feed: Feed) -> None:
        jobs.enqueue("feeds.look", SYSTEM, clock.now(), feed_id=feed.id)
        self.work()

    def files(self, feed: Feed) -> list[FeedFile]:
        return self.all(FeedFile, FeedFile.feed_id == feed.id)

    def import_of(self, taken: FeedFile) -> DataImport:
        self.session.expire_all()
        return self.session.get_one(DataImport, taken.import_id)

    def told(self, user_id: int | None = None) -> list[str]:
        return [n.text for n in self.all(Notification, Notification.user_id == (user_id or self.actor.user_id))]

    def drop(self, name: str, data: bytes = SHEET, place: str = "shop", age: float = 120) -> Any:
        """A file in a watched folder, last changed `age` seconds ago."""
        path = folder.root(self.brand.id) / place / name
        path.write_bytes(data)
        then = clock.now().timestamp() - age
        os.utime(path, (then, then))
        return path
