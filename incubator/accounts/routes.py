"""The pages of accounts, registered in one place; each noun has its own file."""

from incubator.accounts import (
    admin_routes,
    invitation_routes,
    notification_routes,
    organisation_routes,
    people_routes,
    profile_routes,
    security_routes,
    sign_in_routes,
    token_routes,
    webhook_routes,
)
from incubator.accounts.shared_routes import blueprint

PAGES = (
    sign_in_routes, invitation_routes, profile_routes, security_routes, token_routes, notification_routes, organisation_routes,
    admin_routes, people_routes, webhook_routes,
)  # fmt: skip
__all__ = ["PAGES", "blueprint"]
