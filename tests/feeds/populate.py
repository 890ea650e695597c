"""One of everything of feeds for the sweeps: a push feed with a file that is imported, one by hand that waits for its headings, and a mapping."""

from typing import Any

from sqlalchemy import select

from incubator.feeds import service, taking
from incubator.feeds.service import Wish
from incubator.imports import kinds, mapping_service
from incubator.imports.models import ColumnMapping, DataImport
from incubator.kernel import clock
from incubator.kernel.db import db
from tests.world import actor

SHEET = "标题,说明\n椅,白\n".encode()


def populate(world: Any, manager: Any, partners: Any) -> None:
    me, now = actor(manager), clock.now()
    options = {"programme_id": world.values["programme_id"]}
    feed = service.create(kinds.find("briefs"), "push", Wish("briefs", options=options), me, now)
    taken = taking.push(feed, "k", "briefs.csv", SHEET, me, now)
    made = db.session.get_one(DataImport, taken.import_id)
    made.status = "mapping"
    made.mapping = {"title": "标题"}
    mapping_service.remember(made, ["标题", "说明"], me, now)
    made.mapping = None
    pulled = Wish("pulled", options=options, place="https://example.com/a.csv?token=x", proof="bearer", secret="s3cret")
    service.create(kinds.find("briefs"), "pull", pulled, me, now)
    mapping_id = db.session.scalars(select(ColumnMapping.id)).one()
    world.values |= {"feed_id": feed.id, "mapping_id": mapping_id}
    world.values |= {(endpoint, "file_id"): taken.id for endpoint in ("feeds.retry", "feeds_api.get_file")}
    stranger = actor(world.strangers["brand"])
    service.create(kinds.find("briefs"), "push", Wish("theirs"), stranger, now)
