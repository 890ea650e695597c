"""The forms of milestones and of what waits for what."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from incubator.kernel.forms import AppForm, WholeNumberField
from incubator.products.forms import Version, optional_id, sensible_date, stripped, text
from incubator.schedule import words

LONGEST_MARK = 20_000


def optional_text(value: Any) -> str | None:
    """The word behind a select; nothing chosen is None."""
    return None if value in (None, "", "None") else str(value)


class Seen(AppForm):
    """`seen` is the mark of the preview that its page showed: what is saved is what was shown."""

    seen = HiddenField(validators=[Optional(), Length(max=LONGEST_MARK)], filters=[stripped])


class MilestoneForm(Seen):
    """A milestone. `party` is "" for the brand, a part that owes it, or "p" with the id of an organisation that takes part."""

    name = text(_l("Milestone"), 200, required=True)
    due_on = DateField(_l("Due"), [InputRequired(_l("Choose a date.")), sensible_date])
    owner_id = SelectField(_l("Owner"), coerce=optional_id)
    stage = SelectField(_l("Stage"), choices=words.stages, coerce=optional_text)
    duration_days = WholeNumberField(_l("Working days"), [Optional(), NumberRange(0, 1000)])
    party = SelectField(_l("Owed by"), default="")
    shared_with_part = SelectField(_l("Shared with"), choices=lambda: words.parts(_l("Nobody else")), coerce=optional_text)

    def offer(self, people: Sequence[tuple[int, str]], partners: dict[str, list[tuple[int, str]]], present: Any = None) -> None:
        """What the selects hold: the colleagues, who takes part with which part, and who owes `present` now."""
        self.owner_id.choices = [("", _l("The product’s owner")), *people]
        names = dict(words.parts())
        named = {f"p{id_}": (part, id_, f"{name} · {names[part]}") for part, rows in partners.items() for id_, name in rows}
        if present is not None and present.organisation is not None:
            gone = (present.owner_part, present.organisation_id, present.organisation.name)
            named.setdefault(f"p{present.organisation_id}", gone)
        self.partners = {value: (part, id_) for value, (part, id_, _name) in named.items()}
        waiting = [(part, _l("%(part)s, not chosen yet", part=names[part])) for part in names if part]
        self.party.choices = [("", words.BRAND), *((value, name) for value, (_part, _id, name) in named.items()), *waiting]

    def owed_by(self) -> tuple[str | None, int | None]:
        """(part, organisation) of the choice."""
        chosen = self.party.data or ""
        return self.partners.get(chosen, (chosen or None, None))

    def values(self) -> dict[str, Any]:
        """What the service takes; a number left out is not changed."""
        part, organisation_id = self.owed_by()
        named = {name: self[name].data for name in ("name", "owner_id", "stage", "shared_with_part")}
        days = {} if self.duration_days.data is None else {"duration_days": self.duration_days.data}
        return {**named, **days, "owner_part": part, "organisation_id": organisation_id}


def party_of(milestone: Any) -> str:
    """The value of `party` that says who owes it."""
    return f"p{milestone.organisation_id}" if milestone.organisation_id else milestone.owner_part or ""


class EditMilestoneForm(MilestoneForm):
    due_on = DateField(_l("Forecast"), [InputRequired(_l("Choose a date.")), sensible_date])
    version = Version()

    def values(self) -> dict[str, Any]:
        return {**super().values(), "due_on": self.due_on.data}


class LinkedMilestoneForm(MilestoneForm):
    """One that waits for others: its forecast is computed, and may be held back."""

    due_on = None  # type: ignore[assignment]
    not_before_on = DateField(_l("Not before"), [Optional(), sensible_date])
    version = Version()

    def values(self) -> dict[str, Any]:
        return {**super().values(), "not_before_on": self.not_before_on.data}


class LinkForm(Seen):
    """What a milestone waits for."""

    before_id = SelectField(_l("Waits for"), coerce=optional_id, validators=[InputRequired(_l("Choose a milestone."))])
    lag_days = WholeNumberField(_l("Working days between"), [Optional(), NumberRange(0, 400)], default=0)


class DoneForm(AppForm):
    """Met today, or on an earlier day."""

    done_on = DateField(_l("Met on"), [Optional(), sensible_date])


class AssignForm(AppForm):
    """Who owes the milestones of a part that nobody owes yet."""

    part = SelectField(_l("Part"), choices=lambda: words.parts()[1:])
    organisation_id = WholeNumberField(_l("Organisation"), [InputRequired(_l("Choose an organisation.")), NumberRange(1)])
