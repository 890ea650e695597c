"""Documents: HTML of ours, with what strangers wrote in it, to PDF bytes. It fetches nothing that the caller did not hand over."""

import json
from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from incubator.kernel import isolated
from incubator.kernel.errors import Refused

SECONDS = 60
MEGABYTES = 1536


def document(template: str, language: str, stored: Mapping[str, bytes] | None = None, **values: Any) -> bytes:
    """The PDF of a template in "zh" or "en", alike in a request and in a job: the template has `values` and `language`, and no frame."""
    with force_locale(language):
        return render(current_app.jinja_env.get_template(template).render(language=language, **values), stored)


def render(html: str, stored: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF of `html` (extend `kernel/print.html`). Images: `asset:` (static folder), `stored:key`, or `data:`.

    `stored` maps those keys to bytes (`files.read`). Refused after 60 s or 1.5 GiB. Takes seconds: from 20 pages on, run it in a job.
    """
    body, files = html.encode(), dict(stored or {})
    head = {"html": len(body), "assets": current_app.static_folder, "stored": {name: len(data) for name, data in files.items()}}
    try:
        return isolated.run("pdf_process", b"".join([json.dumps(head).encode(), b"\n", body, *files.values()]), SECONDS, MEGABYTES)
    except isolated.ChildFailed as error:
        current_app.logger.error("pdf failed: %s", error.said[-500:])
        raise Refused(_l("This document could not be made. Try again with fewer pages or pictures.")) from error
