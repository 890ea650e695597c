"""The brief as a document, in Chinese or English. It prints what its reader may see: no target leaves the brand."""

from flask import Response

from incubator.briefs import queries, service, words
from incubator.briefs.models import ProductBrief
from incubator.kernel import access, clock, files, names, pdf, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.file_table import StoredFile


def answer(brief: ProductBrief, language: str, actor: Actor) -> Response:
    """The PDF as a download named after the brief's code and title."""
    data = document(brief, language, actor)
    response = Response(data, mimetype="application/pdf")
    response.headers["Content-Disposition"] = names.disposition(f"{brief.code} {brief.title}.pdf")
    return response


def document(brief: ProductBrief, language: str, actor: Actor) -> bytes:
    """The PDF's bytes; `language` is "zh" or "en"."""
    photos = _photos(brief, actor)
    return pdf.document(
        "briefs/print.html", language, {f"photo-{i}": data for i, data in photos.items()}, brief=brief, words=words, photos=set(photos),
        targets=service.targets_of(brief, actor), state=workflow.state_of(brief), reviews=queries.reviews_of(brief, actor), printed_at=clock.now(),
    )  # fmt: skip


def _photos(brief: ProductBrief, actor: Actor) -> dict[int, bytes]:
    ids = [r.photo_id for r in brief.references if r.photo_id]
    if not ids:
        return {}
    return {row.id: files.read(row) for row in db.session.scalars(access.select_visible(StoredFile, actor).where(StoredFile.id.in_(ids)))}
