"""Bearer tokens, made as people make them: through the accounts services."""

from datetime import timedelta

import pytest

from incubator.accounts import credential_service
from incubator.accounts.identity import new_token
from incubator.accounts.models import UserSession
from incubator.kernel import clock
from incubator.kernel.db import db
from tests.builders import an_actor, put


class Caller:
    """A program that calls the API in one person's name."""

    def __init__(self, client, actor, user, membership, scope="write", days=30):
        self.client, self.actor = client, actor
        now = clock.now()
        session = put(
            UserSession(
                token_hash=new_token()[1], user_id=user.id, membership_id=membership and membership.id,
                created_at=now, last_seen_at=now, expires_at=now + timedelta(days=1),
            )
        )  # fmt: skip
        self.made = credential_service.create_token(session, "script", scope, days, actor, now)
        db.session.commit()
        self.headers = {"Authorization": f"Bearer {self.made.text}"}

    def __call__(self, method, path, json=None, **options):
        return self.client.open(
            f"/api/v1{path}", method=method, json=json, headers={**self.headers, **options.pop("headers", {})}, **options
        )

    def get(self, path, **options):
        return self("GET", path, **options)

    def post(self, path, json=None, **options):
        return self("POST", path, json if json is not None else {}, **options)


@pytest.fixture
def caller(app, session):
    """`caller(organisation)`: somebody of the organisation with a token of their own."""

    def make(organisation=None, scope="write", days=30, actor=None):
        from incubator.accounts.models import User

        actor = actor or an_actor(organisation)
        user = session.get_one(User, actor.user_id)
        membership = next((m for m in user.memberships if m.organisation_id == actor.organisation_id), None)
        return Caller(app.test_client(), actor, user, membership, scope, days)

    return make
