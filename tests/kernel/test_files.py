"""Uploads: checked, made harmless, kept, and shown to whoever sees the thing they belong to."""

import urllib.request
from io import BytesIO
from types import SimpleNamespace

import pytest
from moto.server import ThreadedMotoServer
from PIL import Image
from sqlalchemy import select

from incubator.kernel import blobs, clock, files
from incubator.kernel.access import select_visible
from incubator.kernel.actor import SYSTEM
from incubator.kernel.errors import Invalid, TooLarge
from incubator.kernel.file_table import StoredFile
from incubator.kernel.job_table import JobRun
from tests.builders import a_person, an_actor, an_organisation, put, sign_in
from tests.uploads import a_picture, a_picture_with_a_position, a_workbook, an_upload


@pytest.fixture
def thing(session, monkeypatch):
    """A kind of record that only its organisation sees, one of it, and a rival."""
    monkeypatch.setattr(
        files, "_subjects", {"thing": lambda actor: select(JobRun.id).where(JobRun.organisation_id == actor.organisation_id)}
    )
    actor = an_actor()
    record = put(JobRun(job="thing", organisation_id=actor.organisation_id))
    return SimpleNamespace(actor=actor, rival=an_actor(), id=record.id)


def keep(actor, data, name="a.txt", **more):
    return files.store(an_upload(data, name), actor, clock.now(), **more)


def test_a_text_file_is_kept_as_it_is(session, thing):
    file = keep(thing.actor, "尺寸 12 mm\n".encode(), "规格.txt", kind="import")
    assert (file.name, file.content_type, file.size, file.kind) == ("规格.txt", "text/plain", 13, "import")
    assert files.read(file) == "尺寸 12 mm\n".encode()
    assert b"".join(files.open_stream(file)) == files.read(file)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_is_written_anew_with_a_thumbnail(session, thing, kind):
    file = keep(thing.actor, a_picture(kind), f"photo.{kind.lower()}", kind="photo")
    thumbnail = Image.open(BytesIO(b"".join(files.open_stream(file, thumbnail=True))))
    assert (file.width, file.height) == (1200, 800)
    assert thumbnail.size == (640, 427)
    assert file.is_inline
    assert file.has_thumbnail


def test_a_photo_loses_its_place_and_stands_upright(session, thing):
    file = keep(thing.actor, a_picture_with_a_position(), "IMG_0001.jpg")
    data = files.read(file)
    assert b"SECRET" not in data
    assert not Image.open(BytesIO(data)).getexif()
    assert (file.width, file.height) == (500, 1000)


def test_a_transparent_picture_stays_transparent(session, thing):
    buffer = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(buffer, "PNG")
    file = keep(thing.actor, buffer.getvalue(), "logo.png", kind="photo")
    assert Image.open(BytesIO(files.read(file))).getpixel((5, 5)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("data", "name", "content_type", "kept_as"),
    [
        (b"%PDF-1.7\n%...", "drawing.pdf", "application/pdf", "drawing.pdf"),
        (b"a,b\n1,2\n", "list.csv", "text/csv", "list.csv"),
        ("品名,数量\n杯,3\n".encode("gb18030"), "清单.csv", "text/csv", "清单.csv"),
        (a_workbook([["a"], [1]]), "sheet.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "sheet.xlsx"),
        (b"import os\nprint(1)\n", "evil.py", "text/plain", "evil.py.txt"),
        (b"%PDF-1.7\n", "invoice.html", "application/pdf", "invoice.html.pdf"),
    ],
)
def test_the_type_is_what_the_bytes_say(session, thing, data, name, content_type, kept_as):
    file = keep(thing.actor, data, name)
    assert (file.content_type, file.name) == (content_type, kept_as)


def test_a_photo_must_be_a_picture(session, thing):
    with pytest.raises(Invalid):
        keep(thing.actor, b"%PDF-1.7\n", "photo.jpg", kind="photo")


def test_more_than_twenty_megabytes_is_too_large(session, thing):
    with pytest.raises(TooLarge):
        keep(thing.actor, b"a" * (files.MOST_BYTES + 1))


def test_files_of_a_subject_are_seen_with_it_and_own_exports_by_their_maker(session, thing):
    mine = keep(thing.actor, b"mine", kind="import")
    of_subject = keep(thing.actor, b"of the subject", subject=("thing", thing.id))
    keep(thing.rival, b"a rival's", kind="import")
    session.commit()
    seen = {f.id for f in session.scalars(select_visible(StoredFile, thing.actor))}
    assert seen == {mine.id, of_subject.id}
    assert not session.scalars(select_visible(StoredFile, an_actor())).all()
    assert len(session.scalars(select_visible(StoredFile, thing.rival)).all()) == 1


def test_an_unknown_subject_is_a_mistake_of_ours(session, thing):
    with pytest.raises(LookupError):
        keep(thing.actor, b"text", subject=("nobody", 1))


def test_a_rolled_back_upload_leaves_no_bytes(app, session, thing):
    key = keep(thing.actor, a_picture(), "a.jpg").key
    session.rollback()
    with pytest.raises(FileNotFoundError):
        blobs.get(key)


def test_a_removed_file_loses_its_bytes_at_commit(session, thing):
    file = keep(thing.actor, a_picture(), "a.jpg")
    session.commit()
    keys = (file.key, file.thumbnail_key)
    files.remove(file)
    assert blobs.get(keys[0])
    session.commit()
    for key in keys:
        with pytest.raises(FileNotFoundError):
            blobs.get(key)


@pytest.fixture
def members(session):
    """One brand with a file of its own, and a rival."""
    brand, rival = an_organisation(), an_organisation()
    person, stranger = a_person(brand), a_person(rival)
    return SimpleNamespace(brand=brand, person=person, stranger=stranger, actor=an_actor(brand, person))


def test_downloads_are_attachments_and_photos_are_shown(client, session, members):
    text = keep(members.actor, b"plain", "说明.txt", kind="import").id
    photo = keep(members.actor, a_picture(), "杯.jpg").id
    sign_in(client, members.person)
    answer = client.get(f"/files/{text}")
    assert answer.data == b"plain"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''%E8%AF%B4%E6%98%8E.txt" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "no-store"
    shown = client.get(f"/files/{photo}/thumbnail")
    assert (shown.content_type, shown.headers["Content-Disposition"].split(";")[0]) == ("image/webp", "inline")
    assert client.get(f"/files/{text}/thumbnail").status_code == 404


def test_another_organisation_is_told_that_there_is_no_file(client, session, members):
    file = keep(members.actor, b"plain", "a.txt", kind="import").id
    sign_in(client, members.stranger)
    foreign, absent = client.get(f"/files/{file}"), client.get("/files/999999")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.data == absent.data


def test_bytes_that_are_gone_are_a_404(client, session, members):
    file = keep(members.actor, b"plain", "a.txt", kind="import")
    file_id = file.id
    blobs.delete([file.key])
    sign_in(client, members.person)
    assert client.get(f"/files/{file_id}").status_code == 404


@pytest.fixture
def s3(monkeypatch):
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    blobs.open_store.cache_clear()
    yield f"http://{host}:{port}"
    server.stop()
    blobs.open_store.cache_clear()


def test_files_may_live_in_s3(app, session, thing, s3):
    urllib.request.urlopen(urllib.request.Request(f"{s3}/photos", method="PUT")).close()
    app.config["FILES_URL"] = "s3://photos/incubator"
    file = keep(thing.actor, a_picture(), "a.jpg", kind="photo")
    session.commit()
    assert Image.open(BytesIO(files.read(file))).size == (1200, 800)
    assert sum(map(len, files.open_stream(file))) == file.size
    files.remove(file)
    session.commit()
    with pytest.raises(FileNotFoundError):
        files.read(file)


def test_what_the_system_makes_is_seen_by_the_system(session):
    file = files.keep(b"%PDF", "report.pdf", "application/pdf", SYSTEM, clock.now(), kind="export")
    assert session.scalars(select_visible(StoredFile, SYSTEM)).all() == [file]
