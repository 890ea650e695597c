"""The listing pack of a SKU as a document: title, reason to choose, specification, certificates, photos. It holds no target and no cost."""

from flask import Response, render_template
from flask_babel import force_locale

from incubator.briefs import words as brief_words
from incubator.kernel import clock, files, names, pdf
from incubator.kernel.actor import Actor
from incubator.launches import checks, gtin, queries, words
from incubator.launches.models import Sku


def answer(sku: Sku, language: str, actor: Actor) -> Response:
    """The PDF as a download named after the SKU's code."""
    response = Response(document(sku, language, actor), mimetype="application/pdf")
    response.headers["Content-Disposition"] = names.disposition(f"{sku.code} {sku.name_zh}.pdf")
    return response


def document(sku: Sku, language: str, actor: Actor) -> bytes:
    """The PDF's bytes; `language` is "zh" or "en"."""
    photos = {photo.id: files.read(photo) for photo in queries.photos_of(sku.id, actor)[:6]}
    with force_locale(language):
        html = render_template(
            "launches/print.html", sku=sku, words=words, brief_words=brief_words, brief=checks.brief_of(sku.product_id), language=language,
            proofs=checks.proofs_of(sku.product_id).values(), barcode=gtin.shown(sku.gtin), photos=list(photos), printed_at=clock.now(),
        )  # fmt: skip
    return pdf.render(html, {f"photo-{i}": data for i, data in photos.items()})
