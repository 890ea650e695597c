"""What a brand says of a buyer's words: the reason, and the part or fault."""

from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired

from incubator.kernel.forms import AppForm, ChoiceField
from incubator.products.forms import text
from incubator.sales import words

MEANT = [(code, label) for code, label in words.REASONS.items() if code != "unstated"]


class WordForm(AppForm):
    fragment = text(_l("Buyers' words"), 120, required=True)
    reason = ChoiceField(_l("Return reason"), [InputRequired(_l("Choose a reason."))], choices=[("", _l("Choose")), *MEANT], default="")
    topic = ChoiceField(_l("Part or fault"), choices=[("", _l("None in particular")), *words.TOPICS.items()], default="")
