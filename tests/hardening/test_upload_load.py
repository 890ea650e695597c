"""Cases 27, 30 and 45: small files that cost much are read elsewhere, within bounds, and while nobody waits for the database."""

import resource
import threading
import time
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from incubator.accounts.models import Setting
from incubator.kernel import clock, files, health, images, isolated, job_runner, jobs, scheduler, sheets, sniff
from incubator.kernel.actor import SYSTEM
from incubator.kernel.db import db
from incubator.kernel.errors import Invalid, TooLarge
from tests.accounts.helpers import a_user, log_in
from tests.backends import on
from tests.builders import an_organisation
from tests.uploads import a_picture, an_upload

BACKENDS = ("sqlite",)
SHEETS = {
    "300,000 commas behind a header": (b"code,title" + b"," * 300_000 + b"\nA,B\n", TooLarge),
    "300,000 commas in every row": ((b"code,title\n" + (b"," * 300_000 + b"\n") * 60), TooLarge),
    "300 headers and 99,000 short rows": (b",".join(b"h%d" % n for n in range(300)) + b"\n" + b"a\n" * 99_000, TooLarge),
    "301 filled cells in a row": (b"a,b\n" + b"1," * 301 + b"\n", TooLarge),
    "one line of twenty megabytes": (b"a," * 10_000_000, TooLarge),
    "a row of a million lines": (b"a,b\n" + b'"\n",' * 4_000_000, TooLarge),
    "twenty million blank lines": (b"a,b\n" + b"\n" * 20_000_000, TooLarge),
    "only commas": (b",,,\n" * 300, Invalid),
}


class Watch:
    """Seconds and MiB since it was made."""

    def __init__(self):
        self.memory, self.started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()

    def seconds(self) -> float:
        return time.process_time() - self.started

    def megabytes(self) -> float:
        return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - self.memory) / 1024


@pytest.mark.parametrize("name", SHEETS)
def test_case_27_a_small_csv_costs_little(app, name):
    data, refusal = SHEETS[name]
    watch = Watch()
    with app.test_request_context(), pytest.raises(refusal):
        sheets.read(data)
    assert watch.seconds() < 5
    assert watch.megabytes() < 200


def test_case_27_blank_columns_that_a_spreadsheet_leaves_are_forgiven(app):
    with app.test_request_context():
        sheet = sheets.read(b"a,b" + b"," * 1000 + b"\n1" + b"," * 1000 + b"\n")
    assert (sheet.headers, sheet.rows) == (["a", "b"], [(2, ["1", ""])])


def an_archive(entries: int, extra: bytes = b"") -> bytes:
    """An office file with `entries` more parts than it needs: the directory is copied, not written part by part."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", b"x")
        part = zipfile.ZipInfo("a")
        part.extra = extra
        archive.writestr(part, b"")
    data = buffer.getvalue()
    at = data.rindex(sniff.END_MARK)
    start = int.from_bytes(data[at + 16 : at + 20], "little")
    second = data.index(b"PK\1\2", start + 4)
    directory = data[start:second] + data[second:at] * entries
    end = bytearray(data[at:])
    end[12:16] = len(directory).to_bytes(4, "little")
    return data[:start] + directory + bytes(end)


@pytest.mark.parametrize(("entries", "extra"), [(420_000, b""), (300, b"\xfe\xca\0\0" * 16_000)])
def test_case_27_an_endless_directory_is_refused_before_it_is_read(app, session, entries, extra):
    data = an_archive(entries, extra)[: files.MOST_BYTES + 1]
    data = an_archive(files.MOST_BYTES // 48, extra) if len(data) > files.MOST_BYTES else data
    watch = Watch()
    with pytest.raises((Invalid, TooLarge)):
        files.store(an_upload(data, "a.xlsx"), SYSTEM, clock.now())
    with app.test_request_context(), pytest.raises((Invalid, TooLarge)):
        sheets.read(data)
    assert watch.seconds() < 2
    assert watch.megabytes() < 200


def test_case_27_an_archive_with_a_remark_is_still_an_archive():
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", b"x")
        archive.comment = b"made by a colleague"
    assert sniff.content_type(buffer.getvalue(), "a.docx") == sniff.DOCUMENT


def forty_megapixels(kind: str = "PNG") -> bytes:
    buffer = BytesIO()
    Image.new("RGBA", (8000, 5000), (10, 20, 30, 128)).save(buffer, kind, compress_level=1)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def large_picture():
    """Made in a child, so that its memory is not counted as the server's."""
    code = "import sys; from tests.hardening.test_upload_load import forty_megapixels as f; sys.stdout.buffer.write(f())"
    import subprocess
    import sys

    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout


def test_case_30_forty_megapixels_are_decoded_elsewhere(app, large_picture):
    watch = Watch()
    with app.test_request_context():
        photo = images.reencode(large_picture)
    assert (photo.width, photo.height, photo.content_type) == (4096, 2560, "image/png")
    assert watch.megabytes() < 100


def test_case_30_a_decoder_that_hangs_or_dies_is_a_damaged_picture(app, monkeypatch):
    monkeypatch.setattr(images, "CHILD_SECONDS", 0.01)
    with app.test_request_context(), pytest.raises(Invalid):
        images.reencode(a_picture())


@on("sqlite")
def test_case_45_others_write_while_a_large_picture_is_stored(app, client, session, monkeypatch):
    """The decoder is held up until another writer has committed: with the lock held, that would never be."""
    log_in(client, a_user(an_organisation("brand"), manager=True))
    wrote, begun, real = threading.Event(), threading.Event(), isolated.run

    def held_up(script, *arguments):
        begun.set()
        assert wrote.wait(10)
        return real(script, *arguments)

    def other():
        begun.wait(10)
        with app.app_context():
            db.session.add(Setting(key="another writer"))
            db.session.commit()
        wrote.set()

    monkeypatch.setattr(isolated, "run", held_up)
    thread = threading.Thread(target=other)
    thread.start()
    data = {"file": (BytesIO(a_picture()), "a.jpg")}
    client.post("/imports/new/briefs", data=data, content_type="multipart/form-data")
    thread.join()
    assert begun.is_set() and wrote.is_set()


def test_case_45_more_files_than_one_request_may_bring_are_refused(client, session):
    log_in(client, a_user(an_organisation("brand"), manager=True))
    data = {"file": [(BytesIO(b"text"), "a.txt") for _ in range(files.MOST_UPLOADS + 1)]}
    assert client.post("/imports/new/briefs", data=data, content_type="multipart/form-data").status_code == 413


def test_case_45_three_long_runs_of_people_do_not_keep_the_mails_waiting(app, session, monkeypatch):
    over, ticked = threading.Event(), threading.Event()
    monkeypatch.setattr(jobs, "_jobs", {})
    jobs.register(
        [jobs.Job("long", None, lambda run, now: over.wait(20) and None), jobs.Job("tick", "* * * * * *", lambda run, now: ticked.set())]
    )
    for _ in scheduler.LANES:
        jobs.enqueue("long", SYSTEM, clock.now())
    session.commit()
    process = scheduler.Scheduler(app)
    thread = threading.Thread(target=process.run)
    thread.start()
    try:
        assert ticked.wait(15)
    finally:
        over.set()
        process.stop.set()
        thread.join()


def test_case_45_only_ticks_are_taken_by_who_takes_ticks(app, session, monkeypatch):
    monkeypatch.setattr(jobs, "_jobs", {"long": jobs.Job("long", None, print)})
    jobs.enqueue("long", SYSTEM, clock.now())
    session.commit()
    assert job_runner.claim("w", clock.now(), lane="ticks") is None
    assert job_runner.claim("w", clock.now()) is not None


def test_case_45_what_a_person_watches_waits_for_no_document(app, session, monkeypatch):
    declared = {"document": jobs.Job("document", None, print), "import": jobs.Job("import", None, print, watched=True)}
    monkeypatch.setattr(jobs, "_jobs", declared)
    for name in ("document", "document", "import"):
        jobs.enqueue(name, SYSTEM, clock.now())
    session.commit()
    assert [job_runner.claim("w", clock.now(), lane=lane).job for lane in ("all", "all")] == ["import", "document"]
    assert job_runner.claim("w", clock.now(), lane="watched") is None


def test_case_45_monitors_see_runs_that_nobody_takes(client, session, monkeypatch):
    monkeypatch.setattr(jobs, "_jobs", {"long": jobs.Job("long", None, print)})
    assert client.get("/readyz").json["queue"] == "ok"
    run = jobs.enqueue("long", SYSTEM, clock.now())
    session.commit()
    assert client.get("/readyz").json["queue"] == "ok"
    run.next_try_at -= timedelta(seconds=health.QUEUE_LATE + 5)
    session.commit()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["queue"]) == (200, "late")
    assert answer.json["queue_age_seconds"] > health.QUEUE_LATE
