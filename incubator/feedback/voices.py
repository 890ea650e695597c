"""What buyers said about a SKU, word for word: the brand's voices that carry its code as their product number."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from incubator.kernel import access
from incubator.kernel.actor import SYSTEM
from incubator.kernel.bulk import text_set
from incubator.kernel.db import db
from incubator.signals.models import SignalSource, Topic, Voice, VoiceTopic

SEPARATORS = {"zh": "、", "en": ", "}


@dataclass(frozen=True)
class Said:
    """One quotation: `quote` as it was said, what it speaks of by language ("" when no topic is heard in it), its day and its source."""

    quote: str
    theme: Mapping[str, str]
    day: date
    source: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"day": self.day.isoformat()}


def heard(brand_id: int, codes: Mapping[str, int], since: date, until: date) -> dict[int, list[Said]]:
    """SKU → what was said of it from `since` to `until`, both days included: complaints first, then the latest. `codes`: code → SKU."""
    query = access.select_visible(Voice, SYSTEM, Voice.id, Voice.product_ref, Voice.text, Voice.said_on, SignalSource.name)
    query = query.join(SignalSource, SignalSource.id == Voice.source_id)
    query = query.where(Voice.brand_id == brand_id, Voice.product_ref.in_(text_set(list(codes))), Voice.said_key.between(since, until))
    rows = db.session.execute(query.order_by(Voice.mood != "bad", Voice.said_key.desc(), Voice.id.desc())).all()
    themes = _themes(brand_id, codes, since, until)
    found: dict[int, list[Said]] = defaultdict(list)
    for row in rows:
        found[codes[row.product_ref]].append(Said(row.text, themes.get(row.id, {"zh": "", "en": ""}), row.said_on, row.name))
    return found


def _themes(brand_id: int, codes: Mapping[str, int], since: date, until: date) -> dict[int, dict[str, str]]:
    """Voice → the topics heard in it, by language."""
    query = access.select_visible(VoiceTopic, SYSTEM, VoiceTopic.voice_id, Topic.name_zh, Topic.name_en)
    query = query.join(Topic, Topic.id == VoiceTopic.topic_id).join(Voice, Voice.id == VoiceTopic.voice_id)
    query = query.where(
        Voice.brand_id == brand_id,
        Voice.product_ref.in_(text_set(list(codes))),
        Voice.said_key.between(since, until),
        Topic.retired_at.is_(None),
    )
    names: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in db.session.execute(query.order_by(Topic.id)):
        names[row.voice_id].append((row.name_zh, row.name_en))
    return {
        voice_id: {
            language: SEPARATORS[language].join(dict.fromkeys(words))
            for language, words in zip(("zh", "en"), zip(*those, strict=True), strict=True)
        }
        for voice_id, those in names.items()
    }
