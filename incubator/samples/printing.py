"""The seal card: the golden sample on paper, in Chinese or English, to be tied to the piece and signed by both sides."""

from flask import Response, render_template
from flask_babel import force_locale

from incubator.kernel import access, clock, files, names, pdf, workflow
from incubator.kernel.actor import Actor
from incubator.kernel.db import db
from incubator.kernel.file_table import StoredFile
from incubator.samples import judging, queries, results, words
from incubator.samples.models import GoldenSample

MOST_PHOTOS = 6


def answer(golden: GoldenSample, language: str, actor: Actor) -> Response:
    """The PDF as a download named after the seal number."""
    response = Response(document(golden, language, actor), mimetype="application/pdf")
    response.headers["Content-Disposition"] = names.disposition(f"{golden.number}.pdf")
    return response


def document(golden: GoldenSample, language: str, actor: Actor) -> bytes:
    """The PDF's bytes; `language` is "zh" or "en"."""
    photos = _photos(golden, actor)
    with force_locale(language):
        html = render_template(
            "samples/seal_card.html", golden=golden, round=golden.round, lines=results.lines(golden.round), words=words, photos=list(photos),
            state=workflow.state_of(golden), written=judging.shown, language=language, printed_at=clock.now(),
        )  # fmt: skip
    return pdf.render(html, photos)


def _photos(golden: GoldenSample, actor: Actor) -> dict[str, bytes]:
    general, by_requirement = queries.photos(golden.round, actor)
    ids = [p.id for p in (*general, *(p for some in by_requirement.values() for p in some))][:MOST_PHOTOS]
    found = db.session.scalars(access.select_visible(StoredFile, actor).where(StoredFile.id.in_(ids)).order_by(StoredFile.id))
    return {f"photo-{row.id}": files.read(row) for row in found}
