"""The forms of the data room."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, MultipleFileField, SelectField
from wtforms.validators import InputRequired, Optional

from incubator.codevelopment import words
from incubator.kernel.forms import AppForm
from incubator.products.forms import optional_id, sensible_date, text


class FolderForm(AppForm):
    name = text(_l("Folder"), 120, required=True)
    note = text(_l("What it is for"), 500)


class RoomUploadForm(AppForm):
    files = MultipleFileField(_l("Files"))


class RoomShareForm(AppForm):
    """With whom, with which right, until when."""

    organisation_id = SelectField(_l("Organisation"), coerce=optional_id, validators=[InputRequired(_l("Choose an organisation."))])
    access = SelectField(_l("What it may do"), choices=list(words.RIGHTS.items()), default="read")
    expires_on = DateField(_l("Until"), [Optional(), sensible_date])
