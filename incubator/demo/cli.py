"""`flask --app app demo-load`: the demo once, and who may sign in every time. It refuses production."""

import click
from flask import Flask, current_app

from incubator.accounts import labels, queries
from incubator.demo import loader, multiply
from incubator.kernel import clock
from incubator.kernel.db import db

PASSWORD_FILE = "demo_password"  # noqa: S105 - a file name


def install(app: Flask) -> None:
    app.cli.add_command(demo_load)


@click.command()
@click.option("--size", type=click.Choice(list(multiply.SIZES)), help="Else what DEMO_SIZE says.")
def demo_load(size: str | None) -> None:
    """Load the demo data, unless they are there, and print a sign-in per role. Medium is ten times the products, large a thousand times."""
    if current_app.config["PRODUCTION"]:
        raise click.ClickException("Demo data is refused in production.")
    path, times = current_app.config["DATA_DIR"] / PASSWORD_FILE, _times(size or current_app.config["DEMO_SIZE"])
    if not loader.is_loaded():
        path.write_text(loader.load(clock.now()))
        path.chmod(0o600)
        if times > 1:
            click.echo(f"{multiply.multiply(times):,} products")
            db.session.commit()
    password = path.read_text() if path.exists() else "(unknown)"
    click.echo(f"\nSign in with one click on the first page, or with the password {password} as:")
    for user in queries.demo_accounts():
        click.echo(f"  {labels.role_label(queries.demo_role(user))!s:<16} {user.email}")


def _times(size: str) -> int:
    if size not in multiply.SIZES:
        raise click.ClickException(f"DEMO_SIZE is {size}, but there are only {', '.join(multiply.SIZES)}.")
    return multiply.SIZES[size]
