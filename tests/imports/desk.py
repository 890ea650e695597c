"""A kind of import for tests: words with a number, known by the word; one person to hand files in."""

import io
from typing import Any

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from incubator.accounts.models import Setting, User
from incubator.imports import jobs, kinds, service
from incubator.imports.kinds import Column, Kind, Line, Preset, Refusal, RowsRefused
from incubator.imports.models import DataImport, ImportRefusal
from incubator.kernel import clock
from incubator.kernel.db import db
from tests.builders import an_actor, an_organisation, sign_in


def read(cells, made, actor):
    seen = set()
    for number, values in cells:
        if values["word"] in seen:
            yield Line(number, outcome="duplicates")
        elif not values["size"].isdecimal():
            yield Line(number, refusals=[Refusal("Size", values["size"], "A whole number, like 5.")])
        else:
            seen.add(values["word"])
            yield Line(number, {"line": number, "word": values["word"], "size": values["size"], "note": values["note"]})


def apply(rows, made, actor, now, progress):
    """Settings stand for rows: the key is organisation and word."""
    if locked := {row["line"]: Refusal("Word", row["word"], "This word is locked.") for row in rows if row["word"] == "locked"}:
        raise RowsRefused(locked)
    keys = {f"{made.organisation_id}:{row['word']}": row for row in rows}
    known = {s.key: s for s in db.session.scalars(select(Setting).where(Setting.key.in_(list(keys)[:30_000])))}
    changed = [key for key, setting in known.items() if setting.value != keys[key]["size"]]
    for key in changed:
        known[key].value = keys[key]["size"]
    db.session.add_all(Setting(key=key, value=row["size"]) for key, row in keys.items() if key not in known)
    return {"new": len(keys) - len(known), "changed": len(changed), "unchanged": len(known) - len(changed)}


COLUMNS = (
    Column("word", "Word", True, "What it is known by.", "chair", ("词语",)),
    Column("size", "Size", True, "A whole number.", 5, ("大小",)),
    Column("note", "Note"),
)
PRESETS = (Preset("shop", "The shop's file", {"w": "word", "s": "size", "junk": ""}, {"note": "from the shop"}, "cp1252"),)
WORDS = Kind("words", "Words", "brief.create", COLUMNS, read, apply, PRESETS)
WHOLE = Kind("words.whole", "Words, all or none", "brief.create", COLUMNS, read, apply, whole=True)


class Desk:
    def __init__(self, session: Any) -> None:
        self.session = session
        self.brand = an_organisation("brand")
        self.actor = an_actor(self.brand)
        session.commit()

    def hand_in(self, text: str | bytes, kind: Kind = WORDS, actor: Any = None, **more: Any) -> DataImport:
        data = text.encode() if isinstance(text, str) else text
        made = service.start(kinds.find(kind.name), FileStorage(io.BytesIO(data), "words.csv"), actor or self.actor, clock.now(), **more)
        self.session.commit()
        return made

    def check(self, made: DataImport, **more: Any) -> DataImport:
        return jobs.check_now(made.id, self.actor, lambda *_: None, **more)

    def apply(self, made: DataImport) -> dict[str, int]:
        if self.check(made).status == "checked":
            service.ask_to_apply(made, self.actor, clock.now())
            self.session.commit()
            jobs.apply_now(made.id, self.actor, clock.now(), lambda *_: None)
        assert made.is_balanced
        return {name: number for name, number in made.counts.items() if number}

    def words(self) -> dict[str, str]:
        rows = self.session.execute(select(Setting.key, Setting.value).where(Setting.key.startswith(f"{self.brand.id}:")))
        return {key.partition(":")[2]: value for key, value in rows}

    def refusals(self, made: DataImport) -> list[ImportRefusal]:
        return list(self.session.scalars(select(ImportRefusal).where(ImportRefusal.import_id == made.id).order_by(ImportRefusal.id)))

    def browser(self, app: Any, actor: Any = None) -> Any:
        return sign_in(app.test_client(), self.session.get_one(User, (actor or self.actor).user_id))
