"""The consortium agreement as a document, in Chinese or English. It prints what its reader may read: no other party's amounts."""

from flask import Response

from incubator.codevelopment import agreement_queries, words
from incubator.codevelopment.agreement_models import Agreement
from incubator.kernel import clock, names, pdf, workflow
from incubator.kernel.actor import Actor


def answer(agreement: Agreement, language: str, actor: Actor) -> Response:
    """The PDF as a download."""
    response = Response(document(agreement, language, actor), mimetype="application/pdf")
    response.headers["Content-Disposition"] = names.disposition(f"{agreement.title} v{agreement.number}.pdf")
    return response


def document(agreement: Agreement, language: str, actor: Actor) -> bytes:
    return pdf.document(
        "codevelopment/print.html", language, agreement=agreement, promises=agreement_queries.promises(agreement, actor), words=words,
        state=workflow.state_of(agreement), is_brand=actor.role == "brand", printed_at=clock.now(),
    )  # fmt: skip
