"""`flask --app app create-admin EMAIL`: the first administrator. It knows no default password."""

import click
from flask import Flask

from incubator.accounts import bootstrap
from incubator.kernel import clock
from incubator.kernel.db import db
from incubator.kernel.errors import AppError


def install(app: Flask) -> None:
    app.cli.add_command(create_admin)


@click.command("create-admin")
@click.argument("email")
@click.option("--name", default="", help="The person's name, asked for when missing.")
@click.option("--link", is_flag=True, help="Print a one-time invitation link instead of asking for a password.")
def create_admin(email: str, name: str, link: bool) -> None:
    """Make EMAIL an administrator of the platform."""
    try:
        if link:
            click.echo(bootstrap.invite_administrator(email, clock.now()))
        else:
            name = name or click.prompt("Name")
            password = click.prompt("Password (12 characters or more)", hide_input=True, confirmation_prompt=True)
            bootstrap.create_administrator(email, name, password, clock.now())
            click.echo(f"{email} is an administrator.")
        db.session.commit()
    except AppError as error:
        db.session.rollback()
        reasons = [str(m) for messages in getattr(error, "fields", {}).values() for m in messages]
        raise click.ClickException(" ".join(reasons) or str(error.message)) from error
