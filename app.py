"""Entry point: `gunicorn app:app`, `flask --app app …`."""

from incubator import create_app

app = create_app()
