"""The server's own database from inside the test process: rows that the browser alone would take long to make."""

from contextlib import contextmanager

from sqlalchemy import select

from incubator import create_app
from incubator.accounts.identity import actor_for
from incubator.accounts.models import Membership, Organisation, User
from incubator.accounts.queries import DEMO_DOMAIN
from incubator.kernel.db import db


@contextmanager
def inside(server):
    """An app context on the running server's database; committed at the end."""
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": server.database,
            "DATA_DIR": server.folder,
            "FILES_URL": f"file://{server.folder}/files",
            "LOG_LEVEL": "WARNING",
            "RATELIMIT_ENABLED": False,  # the limiter is one of the process, and other tests follow
        }
    )
    with app.app_context():
        yield db.session
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def person(handle):
    return db.session.scalars(select(User).where(User.email == handle + DEMO_DOMAIN)).one()


def actor(handle):
    user = person(handle)
    return actor_for(user, db.session.scalar(select(Membership).where(Membership.user_id == user.id)))


def organisation(short_name):
    return db.session.scalars(select(Organisation).where(Organisation.short_name == short_name)).one()
