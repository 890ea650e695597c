"""Language and time zone of a request, and the filters that write dates, numbers and money as its reader does."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import dates as babel_dates
from babel.numbers import format_currency, format_decimal
from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import Domain, format_datetime, get_locale, get_timezone, gettext
from flask_babel import lazy_gettext as _l
from jinja2.filters import do_filesizeformat

from incubator.kernel import clock, web
from incubator.kernel.money import Money

DAY_FORMATS = {"zh": "y年M月d日", "en": "d MMM y"}
MOMENT_FORMATS = {"zh": "y年M月d日 HH:mm", "en": "d MMM y, HH:mm"}
LOCALES = {"zh": "中文", "en": "English"}


def locale() -> str:
    """The actor's language, else the session's, else the browser's best, else the configured default (also in jobs)."""
    if not has_request_context():
        return str(current_app.config["DEFAULT_LOCALE"])
    actor = web.actor()
    if not actor.is_anonymous:
        return actor.locale
    chosen = session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    return request.accept_languages.best_match(list(LOCALES)) or current_app.config["DEFAULT_LOCALE"]


def timezone() -> str:
    return web.actor().timezone


def _memory() -> dict[str, Any]:
    """What Flask-Babel keeps of this request. A page asks for it a thousand times, and its own way there takes nine looks at `g`."""
    kept = vars(g._get_current_object()).get("_flask_babel")
    return vars(kept) if kept else {}


def language() -> str:
    """ "zh" or "en": of the request, or what `force_locale` set."""
    text: str = (_memory().get("babel_locale") or get_locale()).language
    return text


class Catalogue(Domain):
    """The messages of the current language, found by one look."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Any] = {}

    def get_translations(self) -> Any:
        name = language()
        if name not in self.found:
            self.found[name] = super().get_translations()
        return self.found[name]


def money(amount: Money | None) -> str:
    return "–" if amount is None else amount.format(language())


def whole_money(amount: Money) -> str:
    """A large sum without its cents, for headlines; tables show every one."""
    rounded = amount.major.quantize(Decimal(1), ROUND_HALF_UP)
    return format_currency(rounded, amount.currency, locale=str(get_locale()), format="¤#,##0", currency_digits=False)


def day(value: date | datetime | None) -> str:
    """A date as text in the reader's language ("2026年11月22日", "22 Nov 2026")."""
    if value is None:
        return "–"
    if isinstance(value, datetime):
        value = value.astimezone(_memory().get("babel_tzinfo") or get_timezone()).date()
    return day_in(value, language())


@lru_cache(maxsize=8192)
def day_in(value: date, locale: str) -> str:
    """Formatting a date costs 40 µs and a list shows 150 of them."""
    return babel_dates.format_date(value, DAY_FORMATS[locale], locale=locale)


def moment(value: datetime | None) -> str:
    return "–" if value is None else format_datetime(value, MOMENT_FORMATS[language()])


def number(value: Any) -> str:
    return "–" if value is None else format_decimal(value, locale=language())


def ago(value: datetime) -> Any:
    """How long since, in the coarsest unit that tells."""
    seconds = max(0, int((clock.now() - value).total_seconds()))
    for size, text in (
        (86400, _l("%(n)s d ago", n=seconds // 86400)),
        (3600, _l("%(n)s h ago", n=seconds // 3600)),
        (60, _l("%(n)s min ago", n=seconds // 60)),
    ):
        if seconds >= size:
            return text
    return _l("just now")


def listed(words: Iterable[Any]) -> str:
    """The words in one line, with the separator of the reader's language."""
    return gettext(", ").join(str(word) for word in words)


def file_size(count: float | str) -> str:
    """Bytes in the coarsest unit that tells, by symbols that both languages read."""
    return do_filesizeformat(count).replace(" Bytes", " B").replace(" Byte", " B")


def local(value: datetime, zone: str) -> datetime:
    return value.astimezone(ZoneInfo(zone))


def install(app: Flask) -> None:
    app.extensions["babel"].instance.domain_instance = Catalogue()
    app.jinja_env.filters.update(money=money, whole_money=whole_money, day=day, moment=moment, number=number, ago=ago, listed=listed)
    app.jinja_env.filters.update(filesizeformat=file_size)
