"""Organisations, people, sign-in, invitations, sessions and API tokens."""
