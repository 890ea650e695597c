"""The words for grades, answers, reasons and acts of feedback, for pages, PDF, export and JSON alike."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from incubator.feedback import drawing, finding_words
from incubator.kernel.i18n import day, language, listed
from incubator.sales import words as sales_words

GRADES = sales_words.GRADES
REASONS = sales_words.REASONS
CHOICES: dict[str, Any] = {"reorder": _l("Reorder"), "fix": _l("Fix"), "stop": _l("Stop making it"), "carry_on": _l("Carry on")}
HINTS: dict[str, Any] = {
    "reorder": _l("make more of it"),
    "fix": _l("change what comes back"),
    "stop": _l("make no more of it"),
    "carry_on": _l("leave it as it is"),
}
ICONS = {"reorder": "refresh", "fix": "edit", "stop": "x", "carry_on": "check"}
TONES = {"reorder": "good", "fix": "warn", "stop": "bad", "carry_on": "neutral"}
DAYS: dict[str, Any] = {"reorder": _l("Ready on"), "fix": _l("Changed by"), "stop": _l("Last day of production")}
AGAINST: dict[str, Any] = {
    "plan": _l("its own plan"),
    "category": _l("the median of its category"),
    "all": _l("the median of all SKUs"),
    "both": _l("its plan and its category"),
}
NOT_GRADED: dict[str, Any] = {
    "not_graded": _l("Not graded this week"),
    "two_makers": _l("No grade: another maker made part of these weeks"),
    "too_early": _l("Too early to grade: on sale for less than four weeks"),
    "few_factories": _l("No grade: too few factories to compare without naming them"),
}
VERDICTS: dict[str, Any] = {
    "improved": _l("Improved"),
    "same": _l("No change that is certain"),
    "worse": _l("Worse"),
    "too_few": _l("Too early to say"),
}
VERDICT_TONES = {"improved": "good", "same": "neutral", "worse": "bad", "too_few": "neutral"}
MEASURED: dict[str, Any] = {"pass": _l("Pass"), "fail": _l("Fail"), "missing": _l("Not measured")}
MEASURED_TONES = {"pass": "good", "fail": "bad", "missing": "neutral"}
WHY: dict[str, Any] = {
    "stale": _l("Graded stale for %(weeks)s weeks in a row."),
    "too_few": _l("Only %(sold)s sold in these weeks; below %(least)s nothing is suggested."),
    "finding": _l("%(cause)s: %(times)s as often as %(against)s, more than chance explains."),
    "worse": _l("%(rate)s%% came back, before it was %(earlier)s%%: more than chance explains. Most named: %(reason)s."),
    "dominant": _l("%(share)s%% of what came back names one reason: %(reason)s."),
    "sells": _l("Sells well, and only %(rate)s%% came back. %(quantity)s are %(weeks)s weeks at this pace; your stock is not counted in."),
    "due": _l("Sells, and only %(rate)s%% came back. The brand needs %(quantity)s by %(on)s."),
    "stopped": _l("You have stopped making it; what is left sells off."),
    "steady": _l("Sells and comes back as usual."),
}
PLAYBOOK_FIELDS: dict[str, Any] = {
    "title": _l("Title"),
    "problem": _l("The problem"),
    "topic": _l("Part or fault"),
    "what": _l("What was done"),
    "effort": _l("What it took"),
}
VOLUMES: dict[str, Any] = {
    "few": _l("fewer than 20 a week"),
    "some": _l("20 to 100 a week"),
    "many": _l("100 to 500 a week"),
    "very_many": _l("more than 500 a week"),
}
ABILITIES: dict[str, Any] = {"develop": _l("Development and marketing"), "produce": _l("Flexible production")}
PARTS: dict[str, Any] = {
    "first_pass": _l("Samples right the first time"),
    "effects": _l("Changes that were measured as an improvement"),
    "hits": _l("SKUs that sell well"),
    "kept": _l("Promises kept in time"),
    "in_time": _l("Samples shipped in time"),
    "lead": _l("Lead time, days"),
    "moq": _l("Least quantity"),
}
AMOUNTS: dict[str, Any] = {"none": "–", "few": _l("fewer than 10 cases"), "some": _l("10 to 50 cases"), "many": _l("more than 50 cases")}
ACTS: dict[str, Any] = {
    "feedback.compile": _l("compiled the feedback pack of the week from %(week)s"),
    "feedback.recompile": _l("compiled the feedback pack of the week from %(week)s anew"),
    "feedback.send": _l("sent the feedback pack"),
    "feedback.read": _l("read the feedback pack"),
    "feedback.answer": _l("answered %(n)s SKUs of the feedback pack"),
    "feedback.photo": _l("added the photo %(file)s to an answer"),
    "feedback.photo_remove": _l("removed the photo %(file)s from an answer"),
    "feedback.acknowledge": _l("acknowledged the feedback pack"),
    "feedback.expire": _l("did not acknowledge the feedback pack in time"),
    "feedback.act": _l("did or dropped everything that the pack led to"),
    "feedback.measure": _l("measured the effect of the feedback pack"),
    **finding_words.ACTS,
    "feedback_question.ask": _l("asked about %(code)s"),
    "feedback_question.answer": _l("answered a question about %(code)s"),
    "feedback_question.settle": _l("settled a question about %(code)s"),
    "playbook.propose": _l("proposed the playbook “%(title)s”"),
    "playbook.edit": _l("changed the playbook “%(title)s”"),
    "playbook.publish": _l("published a playbook"),
    "playbook.decline": _l("declined a playbook"),
    "playbook.withdraw": _l("withdrew a playbook"),
    "playbook.use": _l("took a playbook for %(code)s"),
    "feedback_action.promise": _l("promised for %(code)s: %(what)s"),
    "feedback_action.finish": _l("did what was promised for %(code)s"),
    "feedback_action.drop": _l("dropped what was promised for %(code)s"),
}


def why(suggestion: dict[str, Any]) -> str:
    """A suggestion's reason as a sentence in the present language."""
    params = dict(suggestion["params"])
    if suggestion["why"] == "finding":
        usual = gettext("comparable SKUs") if params["against"] == "peers" else gettext("before")
        cause = finding_words.cause(params["reason"], params["topic"])
        params = {"cause": cause, "times": finding_words.times(params), "against": usual}
    elif "reason" in params:
        params["reason"] = str(REASONS[params["reason"]]) if params["reason"] else gettext("no single reason")
    if "on" in params:
        params["on"] = day(date.fromisoformat(params["on"]))
    return str(WHY[suggestion["why"]]) % params


def mend(reasons: list[dict[str, Any]]) -> str:
    """A beginning for what is changed: the reason that came back most."""
    return gettext("Against “%(reason)s”: ", reason=REASONS[reasons[0]["reason"]]) if reasons else ""


def before_and_after(effect: Any) -> list[drawing.Range]:
    """Both rates of an effect as lines of one scale; nothing where one is not known."""
    return drawing.ranges([effect.rate_before, effect.rate_after]) if effect.rate_before and effect.rate_after else []


def percent(share: float | None) -> str:
    """0.0512 as "5.1%"."""
    return "–" if share is None else f"{share * 100:.1f}%"


def interval(rate: dict[str, Any] | None) -> str:
    """The two ends: "3.9–6.7%"."""
    return "–" if rate is None else f"{rate['low'] * 100:.1f}–{rate['high'] * 100:.1f}%"


def reasons(codes: list[str]) -> str:
    """Reasons of returns in one line."""
    return listed(REASONS[code] for code in codes)


def weeks(units: Iterable[int | None]) -> str:
    """Units by week in one line; a week of another maker is a dash."""
    return listed("–" if n is None else n for n in units)


def theme(said: dict[str, Any]) -> str:
    """What a quotation of a section speaks of, in the present language."""
    return str(said["theme"][language()])
