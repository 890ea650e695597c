"""What sales do by the clock: roll up the weeks whose lines changed, grade every Monday, forecast every morning, and keep tables small."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from incubator.kernel.db import db
from incubator.kernel.jobs import Job
from incubator.sales import checked, grading, lake, laying, lexicon_service, lot_service, queries, rating, rereading, service, stock_service


def roll_up(run: Any, now: datetime) -> dict[str, int]:
    """Weeks whose lines changed, then the grades of the brands they belong to. Doing it twice does nothing."""
    rolled = graded = 0
    for brand_id in service.stale_brands():
        while done := service.roll_up(brand_id):
            rolled += done
            if not service.is_stale(brand_id):  # with the last weeks, so that a run that is killed leaves either both or a mark
                graded += grading.grade(brand_id, grading.last_complete_week(now.date()))
            db.session.commit()
            run.progress(rolled)
    return {"weeks": rolled, "grades": graded}


def grade(run: Any, now: datetime) -> dict[str, int]:
    """Every brand that sold anything, at the end of the week that is over."""
    graded = 0
    for brand_id in queries.selling_brands():
        graded += grading.grade(brand_id, grading.last_complete_week(now.date()))
        db.session.commit()
        run.progress(graded)
    return {"grades": graded}


def learn(run: Any, now: datetime) -> dict[str, int]:
    """Grade the week that is over, then forecast, tell hits and propose reorders, with the stock of this morning. Again makes the same rows."""
    from incubator.sales.learning import learn as outlook  # noqa: PLC0415 - numpy

    week, skus = grading.last_complete_week(now.date()), 0
    for brand_id in queries.selling_brands():
        grading.grade(brand_id, week)
        db.session.commit()
        for number in outlook(brand_id, week, now):
            skus += number
            db.session.commit()
            run.progress(skus)
    return {"skus": skus}


def fold(run: Any, now: datetime) -> dict[str, int]:
    """Days of stock and traffic that are older than 26 weeks become one row a week."""
    gone = 0
    while (week := stock_service.oldest_week(now)) is not None:
        gone += stock_service.fold(week)
        db.session.commit()
        run.progress(gone)
    return {"days": gone}


def compact(_run: Any, now: datetime) -> dict[str, int]:
    return lake.compact() | {"forgotten": checked.forget_old(now)}


def reread(run: Any, now: datetime) -> dict[str, int]:
    """The words of returns of every brand whose lexicon, or the product's, has changed."""
    texts = 0
    for brand_id in lexicon_service.unread_brands():
        changed = 0
        for changed in rereading.reread(brand_id, now):  # noqa: B007 - the last one counts
            db.session.commit()
        texts += changed
        run.progress(texts)
    return {"texts": texts}


def lay_lots(run: Any, _now: datetime) -> dict[str, int]:
    """SKUs one of whose lots or weeks changed."""
    laid = 0
    for brand_id in lot_service.stale_brands():
        while done := laying.lay(brand_id):
            laid += done
            db.session.commit()
            run.progress(laid)
    return {"skus": laid}


def rate(run: Any, now: datetime) -> dict[str, int]:
    """Brand by brand; a run that was killed finds the rest."""
    weeks = 0
    for brand_id in rating.waiting():
        weeks += rating.rate(brand_id, now)
        db.session.commit()
        run.progress(weeks)
    return {"weeks": weeks}


JOBS = (
    Job("sales.rate", "*/10 * * * *", rate, _l("Add sales up in one currency"), due=lambda _now: bool(rating.waiting())),
    Job("sales.roll_up", "* * * * *", roll_up, _l("Roll up weeks of sales"), due=lambda _now: bool(service.stale_brands())),
    Job("sales.grade", "10 1 * * mon", grade, _l("Grade SKUs")),
    Job(
        "sales.reread", "* * * * *", reread, _l("Read the reasons of returns again"), due=lambda _now: bool(lexicon_service.unread_brands())
    ),
    Job("sales.lots", "* * * * *", lay_lots, _l("Lay sales to production lots"), due=lambda _now: bool(lot_service.stale_brands())),
    Job("sales.learn", "20 1 * * *", learn, _l("Forecast sales and propose reorders"), due=lambda _now: bool(queries.selling_brands())),
    Job(
        "sales.fold",
        "50 3 * * *",
        fold,
        _l("Fold old days of stock and traffic"),
        due=lambda now: stock_service.oldest_week(now) is not None,
    ),
    Job("sales.compact", "40 3 * * *", compact, _l("Tidy the sales table")),
)
