"""The forms of milestones."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from incubator.kernel.forms import AppForm
from incubator.products.forms import Version, optional_id, sensible_date, text


class MilestoneForm(AppForm):
    name = text(_l("Milestone"), 200, required=True)
    due_on = DateField(_l("Due"), [InputRequired(_l("Choose a date.")), sensible_date])
    owner_id = SelectField(_l("Owner"), coerce=optional_id)


class EditMilestoneForm(MilestoneForm):
    due_on = DateField(_l("Forecast"), [InputRequired(_l("Choose a date.")), sensible_date])
    version = Version()
