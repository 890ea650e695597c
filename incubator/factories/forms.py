"""The forms of a factory's profile and of what is decided about it. The import reads its rows through the same one."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from incubator.accounts.forms import an_email, countries
from incubator.briefs.fields import LONG, choices, stripped, text
from incubator.factories import content, normal, uscc, words
from incubator.kernel.forms import AppForm, ChoiceField, RowForm, WholeNumberField

MOST = 1_000_000_000
FIRST_YEAR, LAST_YEAR = 1800, 2100
MOST_CATEGORIES = 20


def whole(label: Any, least: int = 0, most: int = MOST) -> WholeNumberField:
    return WholeNumberField(label, [Optional(), NumberRange(least, most)])


class CapabilityForm(RowForm):
    """One capability; a row without a name is left out."""

    kind = ChoiceField(_l("Kind"), choices=choices(words.CAPABILITIES), default="process")
    name_zh = text(_l("Name in Chinese"), 80)
    name_en = text(_l("Name in English"), 80)
    monthly_capacity = whole(_l("Capacity a month"))
    unit = ChoiceField(_l("Unit"), choices=choices(words.UNITS), default="piece")
    moq = whole(_l("MOQ"))
    lead_days = whole(_l("Lead time, days"), most=3650)
    note = text(_l("Note"), 500)

    @property
    def is_blank(self) -> bool:
        return not any(f.data for f in (self.name_zh, self.name_en, self.monthly_capacity, self.moq, self.lead_days, self.note))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.is_blank or self.name_zh.data or self.name_en.data:
            return valid
        self.name_zh.errors = [*self.name_zh.errors, _l("Name it, like “injection moulding”.")]
        return False


class ContactForm(RowForm):
    """One person to reach; a row without a name is left out."""

    name = text(_l("Name"), 80)
    title = text(_l("Position"), 80)
    phone = text(_l("Telephone"), 40)
    email = StringField(_l("E-mail"), [Optional(), Length(max=254), an_email], filters=[stripped])
    wechat = text(_l("WeChat"), 60)

    @property
    def is_blank(self) -> bool:
        return not any(f.data for f in (self.name, self.title, self.phone, self.email, self.wechat))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.is_blank or self.name.data:
            return valid
        self.name.errors = [*self.name.errors, _l("Give the name, too.")]
        return False


class ProfileFields(AppForm):
    """The fields of a profile without its rows: also one line of an import."""

    name_zh = text(_l("Chinese name"), 200)
    name_en = text(_l("English name"), 200)
    short_name = text(_l("Short name"), 60)
    uscc = text(_l("Unified social credit code"), 30)
    registration_number = text(_l("Company registration number"), 40)
    country = text(_l("Country or region"), 60)
    province = text(_l("Province"), 60)
    city = text(_l("City"), 60)
    address = text(_l("Postal address"), 300)
    founded_year = whole(_l("Founded in"), FIRST_YEAR, LAST_YEAR)
    staff_count = whole(_l("Staff"), most=1_000_000)
    floor_area = whole(_l("Floor area, m²"), most=100_000_000)
    export_share = whole(_l("Share exported, %"), most=100)
    website = text(_l("Website"), 300)
    introduction = text(_l("Introduction"), LONG, area=True)
    categories = text(_l("Categories"), 1000)

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.name_zh.data or self.name_en.data:
            return valid
        self.name_zh.errors = [*self.name_zh.errors, _l("Give the name in Chinese or in English.")]
        return False

    def validate_uscc(self, field: StringField) -> None:
        if field.data and not uscc.is_valid(field.data):
            raise ValidationError(_l("This is not a valid unified social credit code: 18 characters, the last of which checks the others."))

    def validate_country(self, field: StringField) -> None:
        if field.data and normal.country_code(field.data) is None:
            raise ValidationError(_l("“%(value)s” is not a country or region.", value=field.data[:60]))

    def validate_website(self, field: StringField) -> None:
        if field.data and not field.data.startswith(("http://", "https://")):
            raise ValidationError(_l("A link starts with https://."))

    def validate_categories(self, field: StringField) -> None:
        names = split_names(field.data)
        if len(names) > MOST_CATEGORIES or any(len(name) > 60 for name in names):
            raise ValidationError(_l("At most %(n)s categories of at most 60 characters.", n=MOST_CATEGORIES))


class ProfileForm(ProfileFields):
    """A whole profile as the editor sends it."""

    country = SelectField(_l("Country or region"), choices=countries, default="CN")
    cluster_id = SelectField(_l("Industrial cluster"), coerce=int, default=0)
    version = WholeNumberField(widget=HiddenInput(), validators=[Optional()])
    capabilities = FieldList(FormField(CapabilityForm), _l("Processes, materials and lines"), max_entries=100)
    contacts = FieldList(FormField(ContactForm), _l("Contacts"), max_entries=20)


class DecisionForm(AppForm):
    """A step with its reason; `version` is the one that the page showed."""

    note = text(_l("Reason"), 2000, area=True)
    version = WholeNumberField(widget=HiddenInput(), validators=[Optional()])


class TierForm(AppForm):
    """A tier to give, and why."""

    tier = ChoiceField(_l("Tier"), choices=choices(words.TIERS))
    note = text(_l("Reason"), 2000, required=True, area=True)


class ChoosePerson(AppForm):
    """A field agent to entrust the factory to."""

    agent_user_id = WholeNumberField(_l("Field agent"), [NumberRange(1)])


class ChooseOrganisation(AppForm):
    """The organisation that the factory's people act for."""

    organisation_id = WholeNumberField(_l("Organisation"), [NumberRange(1)])


class MergeForm(AppForm):
    """Which of the two stays."""

    kept_id = WholeNumberField(_l("Keep"), [NumberRange(1)])
    version = WholeNumberField(widget=HiddenInput(), validators=[Optional()])


def split_names(text_: str | None) -> list[str]:
    """ "小家电、灯具, toys" to ["小家电", "灯具", "toys"], each once."""
    for sign in "，、;；\n":
        text_ = (text_ or "").replace(sign, ",")
    return list(dict.fromkeys(name.strip() for name in (text_ or "").split(",") if name.strip()))


def fields_data(form: ProfileFields) -> dict[str, Any]:
    """The plain fields of a valid form as parts of a profile."""
    data = {name: form[name].data for name in content.FIELDS if name in form and name != "cluster_id"}
    data["uscc"] = uscc.cleaned(data["uscc"])
    data["country"] = normal.country_code(data["country"] or "") or "CN"
    return {**data, "categories": split_names(form.categories.data)}


def profile_data(form: ProfileForm) -> dict[str, Any]:
    """All parts of a profile, from a valid editor form."""
    capabilities = [{name: row.form[name].data for name in content.CAPABILITY_FIELDS} for row in form.capabilities if not row.form.is_blank]
    contacts = [{name: row.form[name].data for name in content.CONTACT_FIELDS} for row in form.contacts if not row.form.is_blank]
    return {**fields_data(form), "cluster_id": form.cluster_id.data or None, "capabilities": capabilities, "contacts": contacts}


def editor_values(snapshot: dict[str, Any], version: int) -> dict[str, Any]:
    """What the editor shows of a profile or of an open proposal."""
    return {**snapshot, "cluster_id": snapshot["cluster_id"] or 0, "categories": ", ".join(snapshot["categories"]), "version": version}
