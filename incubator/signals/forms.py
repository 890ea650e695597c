"""The forms of signals: a voice by hand, topics, segments, and what is done on the wall. No form holds the words of a voice twice."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FileField, SelectField, SelectMultipleField, StringField
from wtforms.validators import URL, InputRequired, Length, Optional, Regexp, ValidationError

from incubator.imports.forms import OptionsForm
from incubator.kernel.forms import AppForm, ChoiceField, WholeNumberField
from incubator.products.forms import Version, optional_id, sensible_date, stripped
from incubator.products.forms import text as text_field
from incubator.signals import lexicon, reading, words


def choices(table: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(table.items())


class VoiceImportOptions(OptionsForm):
    """Where the voices of a file come from, as far as its lines do not say so."""

    source = text_field(_l("Source"), 120)
    channel = ChoiceField(_l("Channel"), choices=choices(words.CHANNELS), default="shop_review")
    buyer_kind = ChoiceField(_l("Buyers"), choices=choices(words.BUYER_KINDS), default="consumer")


class VoiceForm(AppForm):
    """One voice, typed by whoever heard it. It cannot be changed afterwards."""

    text = text_field(_l("What was said, word for word"), reading.LONGEST, required=True, area=True)
    channel = ChoiceField(_l("Where it was said"), choices=choices(words.CHANNELS), default="chat_group")
    buyer_kind = ChoiceField(_l("Who said it"), choices=choices(words.BUYER_KINDS), default="consumer")
    mood = ChoiceField(_l("Mood"), choices=choices(words.MOODS), default="bad")
    product = text_field(_l("What it is about"), 300)
    category = text_field(_l("Category"), 80)
    said_on = DateField(_l("When"), [Optional(), sensible_date])


class TopicForm(AppForm):
    """A topic with its words, one per line."""

    version = Version()
    name_zh = text_field(_l("Name in Chinese"), 60, required=True)
    name_en = text_field(_l("Name in English"), 60, required=True)
    words_zh = text_field(_l("Chinese words, one per line"), 8000, area=True)
    words_en = text_field(_l("English words, one per line"), 8000, area=True)

    def validate(self, extra_validators: Any = None) -> bool:
        return all([super().validate(extra_validators), self._is_heard(), *map(_few_and_short, (self.words_zh, self.words_en))])

    def _is_heard(self) -> bool:
        if lexicon.words(self.words_zh.data or "") or lexicon.words(self.words_en.data or ""):
            return True
        self.words_zh.errors = [*self.words_zh.errors, _l("Give at least one word by which it is heard.")]
        return False


def _few_and_short(field: StringField) -> bool:
    found = lexicon.words(field.data or "")
    if len(found) <= lexicon.MOST_WORDS and all(len(word) <= lexicon.LONGEST_WORD for word in found):
        return True
    message = _l("At most %(n)s words of at most %(longest)s characters.", n=lexicon.MOST_WORDS, longest=lexicon.LONGEST_WORD)
    field.errors = [*field.errors, message]
    return False


class SegmentForm(AppForm):
    """A segment and the question that finds its voices."""

    version = Version()
    name = text_field(_l("Name"), 200, required=True)
    need = text_field(_l("What they lack, beyond price"), 8000, area=True)
    buyer_kind = ChoiceField(_l("Buyers"), choices=choices(words.BUYER_KINDS), default="consumer")
    owner_id = SelectField(_l("Owner"), coerce=optional_id)
    topic_ids = SelectMultipleField(_l("Voices that speak of all of these"), coerce=int)
    mood = ChoiceField(_l("Mood"), choices=[("", _l("All")), *choices(words.MOODS)], default="bad")
    q = text_field(_l("Voices that hold these words"), 80)


class RequirementForm(AppForm):
    """What a product for the segment must do."""

    attribute = text_field(_l("Attribute"), 120, required=True)
    operator = ChoiceField(_l("Comparison"), choices=choices(words.OPERATORS), default="is")
    target = text_field(_l("Target"), 120, required=True)
    unit = text_field(_l("Unit"), 30)
    priority = ChoiceField(_l("Priority"), choices=choices(words.PRIORITIES), default="must")

    def validate_target(self, field: StringField) -> None:
        if self.operator.data in ("eq", "le", "ge") and not _is_number(field.data):
            raise ValidationError(_l("“%(value)s” is not a number; for words choose “is”.", value=field.data))


def _is_number(value: str) -> bool:
    whole, _, part = value.replace(",", "").removeprefix("-").partition(".")
    return whole.isdecimal() and (not part or part.isdecimal()) and len(value) < 15


class EvidenceForm(AppForm):
    """Voices to choose as evidence, for one requirement or for the segment."""

    voice_id = SelectMultipleField(_l("Voices"), coerce=int, validate_choice=False)
    requirement_id = SelectField(_l("Requirement"), coerce=optional_id)


class ComplaintForm(AppForm):
    """A voice for the wall: words (unless the voice is there already), an executive owner, and what it is about."""

    text = text_field(_l("What was said, word for word"), reading.LONGEST, area=True)
    channel = ChoiceField(_l("Where it was said"), choices=choices(words.CHANNELS), default="chat_group")
    buyer_kind = ChoiceField(_l("Who said it"), choices=choices(words.BUYER_KINDS), default="consumer")
    owner_id = SelectField(_l("Executive owner"), coerce=optional_id, validators=[InputRequired(_l("Somebody must answer for it."))])
    subject = ChoiceField(_l("What it is about"), default="")


class ReplyForm(AppForm):
    body = text_field(_l("Reply"), 8000, required=True, area=True)
    audience_id = SelectField(_l("Read by"), coerce=optional_id)


class TakeForm(AppForm):
    version = WholeNumberField(validators=[InputRequired()])
    promised_on = DateField(_l("Promised for"), [Optional(), sensible_date])


class CloseForm(AppForm):
    """The proof: what was done, and a file or a link that shows it."""

    version = WholeNumberField(validators=[InputRequired()])
    note = text_field(_l("What was done"), 4000, required=True, area=True)
    url = StringField(
        _l("Link to the proof"),
        [
            Optional(), Length(max=500), URL(require_tld=False, message=_l("This is not a link.")),
            Regexp(r"https?://", message=_l("A link starts with https://.")),
        ],
        filters=[stripped],
    )  # fmt: skip
    file = FileField(_l("File that shows it"))


class ShareForm(AppForm):
    organisation_id = SelectField(_l("Share with"), coerce=int)


class MoveForm(AppForm):
    """A step of a segment."""

    version = WholeNumberField(validators=[InputRequired()])
    note = text_field(_l("Why"), 4000, area=True)
