"""The enquiry and the comparison as documents, in Chinese or English. The first prints what a factory reads, the second what the brand does."""

from typing import Any

from flask import Response

from incubator.kernel import clock, names, pdf
from incubator.kernel.actor import Actor
from incubator.sourcing import comparison_queries, exporting, landed_cost, queries, words
from incubator.sourcing.models import Rfq


def enquiry(rfq: Rfq, language: str, actor: Actor) -> Response:
    """What is asked, of whichever reader."""
    documents = queries.documents(rfq, actor)
    return _answer("sourcing/print_enquiry.html", language, rfq, documents=documents, clarifications=queries.clarifications(rfq, actor))


def comparison(rfq: Rfq, language: str, actor: Actor) -> Response:
    """The comparison with its rates and, once there is one, the decision."""
    return _answer(
        "sourcing/print_comparison.html", language, rfq, compared=comparison_queries.compare(rfq, actor), parts=landed_cost.PARTS,
        opening=comparison_queries.opening(rfq, actor), basis=comparison_queries.cost_basis(rfq, actor), part_words=exporting.PART_WORDS,
        decision=comparison_queries.award(rfq, actor), rounded=landed_cost.rounded,
    )  # fmt: skip


def _answer(template: str, language: str, rfq: Rfq, **values: Any) -> Response:
    data = pdf.document(template, language, rfq=rfq, words=words, printed_at=clock.now(), **values)
    response = Response(data, mimetype="application/pdf")
    response.headers["Content-Disposition"] = names.disposition(f"{rfq.code} {rfq.title}.pdf")
    return response
