"""The verbs of a brand's own words for why things come back: enter one, take one back. What was returned before is read anew by the job."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from incubator.kernel import access, audit
from incubator.kernel.actor import SYSTEM, Actor
from incubator.kernel.db import db
from incubator.kernel.errors import Forbidden, Invalid, Refused
from incubator.kernel.upsert import insert_once
from incubator.sales import topics
from incubator.sales.lexicon_models import BrandLexicon, LexiconWord
from incubator.sales.models import REASONS, SkuWeek
from incubator.sales.reasons import Own

MOST_WORDS = 2000


def own_words(brand_id: int) -> tuple[Own, ...]:
    """The brand's own words, as `reasons.read_many` takes them."""
    query = access.select_visible(LexiconWord, SYSTEM, LexiconWord.fragment, LexiconWord.reason, LexiconWord.topic)
    return tuple(Own(*row) for row in db.session.execute(query.where(LexiconWord.brand_id == brand_id).order_by(LexiconWord.id)))


def add_word(fragment: str, reason: str, topic: str, actor: Actor, now: datetime) -> LexiconWord:
    """From now on `fragment` means this in every return of the brand, past ones too. Invalid when it is known, or says nothing."""
    access.require("sales.lexicon", actor)
    spelling = topics.spelled(fragment).strip("*")
    if not spelling:
        raise Invalid({"fragment": [_l("Give a word that buyers write.")]})
    if reason not in REASONS or reason == "unstated" or topic not in ("", *topics.TOPICS):
        raise Invalid({"reason": [_l("Choose a reason.")]})
    brand_id = _brand(actor)
    if len(own_words(brand_id)) >= MOST_WORDS:
        raise Refused(_l("A brand has at most %(n)s words of its own. Take back some that are not used.", n=MOST_WORDS))
    values = {"fragment": fragment.strip(), "reason": reason, "topic": topic, "entered_by_id": actor.user_id}
    made = insert_once(LexiconWord, brand_id=brand_id, spelling=spelling, created_at=now, updated_at=now, **values)
    if made is None:
        raise Invalid({"fragment": [_l("“%(word)s” has a meaning already. Take it back first.", word=fragment.strip())]})
    word: LexiconWord = access.get_visible(LexiconWord, made, actor)
    _next_edition(brand_id)
    audit.record("lexicon.word", word, actor, now, word=word.fragment)
    return word


def remove_word(word: LexiconWord, actor: Actor, now: datetime) -> None:
    """The product's lexicon holds again for it, in past returns too."""
    access.require("sales.lexicon", actor, word)
    _next_edition(word.brand_id)
    audit.record("lexicon.word_removed", word, actor, now, word=word.fragment)
    db.session.delete(word)


def _brand(actor: Actor) -> int:
    """The actor's brand; who belongs to none has no words."""
    if actor.organisation_id is None:
        raise Forbidden()
    return actor.organisation_id


def _next_edition(brand_id: int) -> None:
    of_brand(brand_id).edition += 1


def of_brand(brand_id: int) -> BrandLexicon:
    """The brand's row, made where there is none."""
    insert_once(BrandLexicon, brand_id=brand_id, edition=0, read_lexicon=0, read_edition=0, pending=[], version=1)
    query = access.select_visible(BrandLexicon, SYSTEM).where(BrandLexicon.brand_id == brand_id)
    row: BrandLexicon = db.session.scalars(query).one()
    return row


def edition(brand_id: int | None) -> str:
    """The lexicon that the brand's returns were last read with, like "2.5": the product's version and the edition of the brand's own words."""
    query = access.select_visible(BrandLexicon, SYSTEM, BrandLexicon.read_lexicon, BrandLexicon.read_edition)
    row = db.session.execute(query.where(BrandLexicon.brand_id == brand_id)).one_or_none()
    return f"{row.read_lexicon}.{row.read_edition}" if row else f"{topics.VERSION}.0"


def unread_brands() -> list[int]:
    """Brands with sales whose returns were read with another lexicon than today's."""
    selling = access.select_visible(SkuWeek, SYSTEM, SkuWeek.brand_id).distinct().subquery()
    read = access.select_visible(BrandLexicon, SYSTEM, BrandLexicon.brand_id).where(
        BrandLexicon.read_lexicon == topics.VERSION, BrandLexicon.read_edition == BrandLexicon.edition
    )
    return list(db.session.scalars(select(selling.c.brand_id).where(selling.c.brand_id.not_in(read))))
