"""A world to measure in: two brands, their people, programmes, products, milestones, briefs and history, inserted in bulk.

`python -m benchmarks.world ROWS` fills the empty database of DATABASE_URL and prints as JSON what the client needs to know.
It goes around the services, because it tells no story; it may be run on an empty database only.
"""

import json
import random
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import insert, text

from benchmarks import briefs, names
from incubator import create_app
from incubator.accounts.identity import digest
from incubator.accounts.models import Membership, Notification, Organisation, User, UserSession
from incubator.config import ROOT
from incubator.kernel import audit, clock, upkeep
from incubator.kernel.actor import Actor
from incubator.kernel.db import db, is_sqlite
from incubator.products.models import STAGES, Comment, Participant, Product, ProductCounter, Programme
from incubator.schedule.models import Milestone

BRIEFS, HISTORY, NOTICES = 10_000, 100_000, 40
PEOPLE, FACTORIES, PROGRAMMES = 24, 30, 12
WEIGHTS = (8, 6, 14, 12, 12, 8, 8, 7, 8, 9, 3, 5)  # of the stages
NOW = clock.now()
DAY = timedelta(days=1)


def main(rows: int) -> None:
    app = create_app()
    with app.app_context():
        make_schema()
        fill(rows)
        _as_after_a_night()
        print(json.dumps(_known(app)))


def make_schema() -> None:
    if list((ROOT / "migrations" / "versions").glob("*.py")):
        upgrade(directory=str(ROOT / "migrations"))
    else:
        db.create_all()


def fill(rows: int) -> None:
    """Brand 1 has `rows` products and everything that is measured; brand 2 has a fifth of that, to be kept apart."""
    dice = random.Random(rows)
    _put(Organisation, _organisations())
    _put(User, (_person(n) for n in range(1, PEOPLE * 2 + 1)))
    _put(
        Membership,
        (
            {"id": n, "user_id": n, "organisation_id": 1 if n <= PEOPLE else 2, "is_manager": n % PEOPLE == 1}
            for n in range(1, PEOPLE * 2 + 1)
        ),
    )
    _put(UserSession, (_session(n) for n in range(1, PEOPLE + 1)))
    _put(Notification, (_notice(n) for n in range(1, PEOPLE * NOTICES + 1)))
    _put(Programme, (_programme(n) for n in range(1, PROGRAMMES * 2 + 1)))
    products = [_product(n, rows, dice) for n in range(1, rows + rows // 5 + 1)]
    _put(Product, products)
    _put(ProductCounter, ({"brand_id": b, "last": rows} for b in (1, 2)))
    _put(Participant, (_participant(p, k, n) for n, p in enumerate(products) for k in range(2)))
    _put(Milestone, (m for p in products for m in _milestones(p, dice)))
    _put(Comment, (_comment(n, products[n % 500]) for n in range(1, 1501)))
    briefs.fill(products[:BRIEFS], _put, NOW, PEOPLE)
    _put(audit.AuditEntry, _history(products))
    if not is_sqlite():
        _advance_sequences()
    db.session.commit()


def _put(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    stream = iter(rows)
    while batch := list(islice(stream, 5000)):
        db.session.execute(insert(model.__table__), batch)


def _organisations() -> Iterator[dict[str, Any]]:
    yield {"id": 1, "kind": "brand", "name": "青禾家居股份有限公司", "short_name": "青禾"}
    yield {"id": 2, "kind": "brand", "name": "北岸生活科技有限公司", "short_name": "北岸"}
    for n in range(3, FACTORIES + 3):
        yield {
            "id": n,
            "kind": "factory" if n % 3 else "design_firm",
            "name": f"宁波第{n}制造有限公司",
            "short_name": f"宁波{n}厂",
            "city": "宁波",
        }


def _person(n: int) -> dict[str, Any]:
    name = names.FAMILY[n % len(names.FAMILY)] + names.GIVEN[n % len(names.GIVEN)]
    return {"id": n, "email": f"p{n}@bench.example", "name": name, "password_hash": "!", "locale": "zh", "timezone": "Asia/Shanghai"}


def token_of(n: int) -> str:
    """The session token of person `n`; the client puts it into a signed cookie."""
    return f"benchmark-session-{n}"


def _session(n: int) -> dict[str, Any]:
    return {
        "token_hash": digest(token_of(n)),
        "user_id": n,
        "membership_id": n,
        "created_at": NOW,
        "last_seen_at": NOW + DAY,
        "expires_at": NOW + 14 * DAY,
    }


def _notice(n: int) -> dict[str, Any]:
    params = {"author": "钱敏", "name": "静音款"}
    read = NOW if n % 8 else None
    return {
        "user_id": n % PEOPLE + 1,
        "organisation_id": 1,
        "text": "comment.mentioned",
        "params": params,
        "url": "/",
        "created_at": NOW,
        "read_at": read,
    }


def _programme(n: int) -> dict[str, Any]:
    brand = 1 if n <= PROGRAMMES else 2
    started = date(2025, 1 + n % 12, 1)
    return {
        "id": n,
        "brand_id": brand,
        "code": f"PG-{n:02d}",
        "name": f"{names.CATEGORIES[n % 9]}孵化计划 {n}",
        "type": "consumer",
        "starts_on": started,
        "owner_id": 1,
    }


def _product(n: int, rows: int, dice: random.Random) -> dict[str, Any]:
    own = n <= rows
    name = f"{names.WHAT[n % 12]}{names.RARE if n % 400 == 7 else ''} {names.HOW[n % 10]} {n:05d}"
    changed = NOW - timedelta(seconds=dice.randrange(400 * 86400))
    return {
        "id": n, "brand_id": 1 if own else 2, "programme_id": n % PROGRAMMES + (1 if own else PROGRAMMES + 1), "code": f"P-{n:06d}", "name": name,
        "category": names.CATEGORIES[n % 9], "type": "hero" if n % 4 else "basic", "state": dice.choices(STAGES, WEIGHTS)[0], "state_since": changed,
        "owner_id": n % PEOPLE + (1 if own else PEOPLE + 1), "risk": dice.choices(("green", "amber", "red"), (6, 3, 1))[0],
        "next_milestone": "封样", "next_milestone_on": NOW.date() + timedelta(days=dice.randrange(-5, 120)),
        "launch_on": NOW.date() + timedelta(days=dice.randrange(30, 500)), "created_at": changed, "updated_at": changed,
    }  # fmt: skip


def _participant(product: dict[str, Any], k: int, n: int) -> dict[str, Any]:
    organisation = (n + k * 7) % FACTORIES + 3
    return {"product_id": product["id"], "organisation_id": organisation, "part": "factory" if organisation % 3 else "design_firm"}


def _milestones(product: dict[str, Any], dice: random.Random) -> Iterator[dict[str, Any]]:
    """One that is done and one or two that are open; all have been told of, so that no sweep disturbs the measurement."""
    due = product["next_milestone_on"]
    for k, (name, days, done) in enumerate((("开题", -60, NOW), ("封样", 0, None), ("试产", 45, None))):
        if k < 2 or product["id"] % 2:
            planned = due + timedelta(days=days - dice.randrange(3))
            yield {
                "product_id": product["id"], "brand_id": product["brand_id"], "name": name, "baseline_on": planned, "due_on": due + timedelta(days=days),
                "done_at": done, "reminded_for": "late",
            }  # fmt: skip


def _comment(n: int, product: dict[str, Any]) -> dict[str, Any]:
    return {
        "product_id": product["id"], "brand_id": 1, "subject_type": "product", "subject_id": product["id"], "author_id": n % PEOPLE + 1,
        "organisation_id": 1, "body": "腰托的行程再确认一次,下周三前给供应商答复。", "mentioned": [], "created_at": NOW,
    }  # fmt: skip


def _history(products: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A whole chain over the acts of the last months, the latest now."""
    previous = audit.GENESIS
    for n in range(HISTORY):
        product = products[n * 7 % len(products)]
        author = Actor("brand", user_id=n % PEOPLE + 1, organisation_id=product["brand_id"], name="钱敏")
        at: datetime = NOW - timedelta(seconds=(HISTORY - n) * 90)
        entry = {
            "at": at, "event": "product.edit", "record_type": "product", "record_id": product["id"], "product_id": product["id"],
            "organisation_id": product["brand_id"], "actor_user_id": author.user_id, "actor_organisation_id": author.organisation_id,
            "actor_name": author.name, "data": {"before": {"name": "旧名"}, "after": {"name": product["name"]}}, "note": None, "request_id": "world",
        }  # fmt: skip
        entry["previous_hash"] = previous
        entry["hash"] = previous = audit.digest(entry, previous)
        yield entry


def _advance_sequences() -> None:
    for table in db.metadata.sorted_tables:
        db.session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), coalesce(max(id), 0) + 1) FROM {table.name}"))


def _as_after_a_night() -> None:
    """What PostgreSQL does by itself within minutes of such a load, and our own job by night for SQLite."""
    if is_sqlite():
        upkeep.analyse(None, NOW)
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _known(app: Any) -> dict[str, Any]:
    """One signed session cookie per person of the first brand."""
    serializer = app.session_interface.get_signing_serializer(app)
    cookies = [f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'_user_id': token_of(n)})}" for n in range(1, PEOPLE + 1)]
    return {"cookies": cookies}


if __name__ == "__main__":
    main(int(sys.argv[1]))
