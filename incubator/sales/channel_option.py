"""What an import of sales asks for beside the file: the channel that its lines are of."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from incubator.imports.forms import OptionsForm
from incubator.kernel.actor import Actor
from incubator.kernel.forms import ChoiceField
from incubator.sales import queries


class Options(OptionsForm):
    """The channel that the lines are of."""

    asked = ("channel_id",)
    channel_id = ChoiceField(_l("Channel"), [InputRequired(_l("Choose a channel."))])

    @property
    def obstacle(self) -> tuple[Any, Any, str] | None:
        if self.channel_id.choices:
            return None
        return _l("Sales belong to a channel"), _l("Channels"), "launches.channels"


def options(actor: Actor, form_of: type[Options] = Options, **given: Any) -> Options:
    form = form_of(**given)
    form.channel_id.choices = queries.channel_choices(actor)
    return form
