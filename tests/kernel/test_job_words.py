"""Cron expressions and counts as people say them."""

import re
from pathlib import Path

import pytest
from flask_babel import force_locale

from incubator.kernel import acts, job_words, jobs


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("*/10 * * * * *", "every 10 seconds"),
        ("* * * * *", "every minute"),
        ("*/5 * * * *", "every 5 minutes"),
        ("5 * * * *", "hourly at minute 05"),
        ("41 3 * * *", "daily at 03:41 UTC"),
        ("0 3 * * mon", "Mondays at 03:00 UTC"),
        ("30 1-12 * * *", "hourly from 01:30 to 12:30 UTC"),
        ("0 3 1 * *", "0 3 1 * *"),
        ("0 3,9 * * *", "0 3,9 * * *"),
        ("30 0 3 * * *", "30 0 3 * * *"),
    ],
)
def test_a_cron_is_said_in_words(app, cron, words):
    with app.test_request_context(), force_locale("en"):
        assert job_words.when(cron) == words


def test_every_declared_job_has_words(app):
    with app.test_request_context():
        assert all(job_words.when(job.cron) != job.cron for job in jobs.declared().values() if job.cron)


def test_counts_and_acts_are_words(app):
    with app.test_request_context(), force_locale("en"):
        assert job_words.in_a_line({"sent": 3, "odd": 1}) == "sent: 3, odd: 1"
        assert job_words.in_a_line(None) == ""
        assert acts.tell("job.retry", {"job": "mail.deliver"}) == "asked for the job “mail.deliver” again"
        assert acts.tell("thing.odd", None) is None


RETURNED = re.compile(r"return \{((?:\"[a-z_]+\": [^,{}]+(?:, )?)+)\}")


def test_every_count_of_a_job_has_a_word():
    found = {
        name
        for path in Path(job_words.__file__).parents[1].glob("*/jobs.py")
        for counts in RETURNED.findall(path.read_text())
        for name in re.findall(r'"([a-z_]+)":', counts)
    }
    assert len(found) > 10 and found - set(job_words.COUNTS) == set()
