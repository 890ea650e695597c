"""Entry point: `gunicorn app:app`, `flask --app app …`."""

import gc

from incubator import create_app

app = create_app()
gc.freeze()  # the application stays: no request need wait while the collector looks through it
