"""Photos from a factory's own system: typed by their content, once per key, and hostile files that are written anew or refused (case 14)."""

import io
import struct
import threading
import zlib

import pytest
from PIL import Image
from sqlalchemy import func, select

from incubator.feedback import service
from incubator.feedback.action_service import MOST_PHOTOS
from incubator.feedback.upload_models import PhotoUpload
from incubator.kernel import clock, files
from incubator.kernel.file_table import StoredFile
from tests import builders, world
from tests.feedback.builders import Desk


def picture(kind="PNG", size=(40, 30), colour="teal"):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


def bomb(side=30_000):
    """A PNG of 30,000 × 30,000 pixels in some kilobytes."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress(b"\0" * 100_000, 9)
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class Caller:
    def __init__(self, app, session, person):
        self.app, self.token = app, world.a_token(person)
        session.commit()

    def send(self, path, data=None, key="k1", **more):
        headers = {"Authorization": f"Bearer {self.token}", **({"Idempotency-Key": key} if key else {})}
        given = {"data": picture() if data is None else data, "content_type": "image/png", **more}
        return self.app.test_client().post(f"/api/v1/{path}", headers=headers, **given)


def count(session, model=StoredFile):
    return session.scalar(select(func.count()).select_from(model))


@pytest.fixture
def sent(app, session):
    """A pack that waits, the address of photos of its first SKU, and its factory's system."""
    desk = Desk()
    pack = desk.pack("sent")
    return desk, pack, f"feedback-sections/{pack.sections[0].id}/photos", Caller(app, session, desk.maker)


def test_a_photo_is_typed_by_its_content_and_stands_with_the_answer(session, sent):
    _desk, pack, path, caller = sent
    made = caller.send(f"{path}?name=垫圈", picture("JPEG"), content_type="text/html")
    assert made.status_code == 201 and made.json["content_type"] == "image/jpeg" and made.json["name"] == "垫圈.jpg"
    assert (made.json["width"], made.json["height"]) == (40, 30)
    as_form = caller.send(path, {"file": (io.BytesIO(picture(colour="red")), "a.png")}, "k2", content_type="multipart/form-data")
    assert as_form.status_code == 201
    seen = caller.app.test_client().get(f"/api/v1/feedback-packs/{pack.id}", headers={"Authorization": f"Bearer {caller.token}"}).json
    assert [p["id"] for p in seen["sections"][0]["photos"]] == [made.json["id"], as_form.json["id"]]
    assert session.get_one(StoredFile, made.json["id"]).subject_id == pack.sections[0].id


def test_one_key_is_one_photo(session, sent):
    _desk, pack, path, caller = sent
    first, again = caller.send(path), caller.send(path)
    form = caller.send(path, {"file": (io.BytesIO(picture()), "b.png")}, content_type="multipart/form-data")
    assert first.status_code == 201 and again.json == form.json == first.json and count(session) == 1
    assert caller.send(path, picture(colour="red")).status_code == 409, "another photo"
    assert caller.send(f"feedback-sections/{pack.sections[1].id}/photos").status_code == 409, "another SKU"
    assert "Idempotency-Key" in caller.send(path, key="").json["fields"]
    files.remove(session.get_one(StoredFile, first.json["id"]))
    session.commit()
    assert caller.send(path).status_code == 409, "it was taken away since"
    assert count(session) == 0


def test_the_same_photo_sent_at_once_is_kept_once(app, session, sent):
    _desk, _pack, path, caller = sent
    found = []
    barrier = threading.Barrier(4)

    def send():
        barrier.wait()
        found.append(caller.send(path).status_code)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [201] * 4 and count(session) == count(session, PhotoUpload) == 1


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 422), (b"GIF89a<script>alert(1)</script>", 422), (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 422),
        (b"<html><script>alert(1)</script>", 422), (bomb(), 413), (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, 422), (b"%PDF-1.7\n%%EOF", 422),
        (b"\0" * (files.MOST_BYTES + 1), 413),
    ],
)  # fmt: skip
def test_what_is_no_picture_or_a_bomb_is_refused_and_nothing_is_kept(session, sent, data, status):
    _desk, _pack, path, caller = sent
    assert caller.send(path, data).status_code == status
    assert count(session) == count(session, PhotoUpload) == 0
    assert caller.send(path).status_code == 201, "the key is free for the right photo"


def test_a_polyglot_is_written_anew(session, sent):
    desk, _pack, path, caller = sent
    page = b"<html><script>alert(document.domain)</script></html>"
    jpeg = picture("JPEG")
    hidden = jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(page) + 2) + page + jpeg[2:] + page
    made = caller.send(path, hidden)
    assert made.status_code == 201
    kept = files.read(session.get_one(StoredFile, made.json["id"]))
    assert b"script" in hidden and b"script" not in kept and kept.startswith(b"\xff\xd8")
    served = builders.sign_in(caller.app.test_client(), desk.maker).get(f"/files/{made.json['id']}")
    assert served.headers["Content-Type"] == "image/jpeg" and served.headers["X-Content-Type-Options"] == "nosniff"


def test_strangers_learn_nothing_and_a_late_photo_is_refused(app, session, sent):
    desk, pack, path, caller = sent
    for person, status in ((desk.rival_user, 404), (desk.user, 403)):
        answer = Caller(app, session, person).send(path, b"x", key="")
        assert answer.status_code in (status, 404) and "Idempotency" not in answer.text
    desk.answer(pack)
    service.acknowledge(pack, desk.maker_actor, clock.now())
    session.commit()
    assert caller.send(path).status_code in (403, 409)
    assert count(session) == 0


def test_a_promise_is_finished_with_a_photo_as_its_proof(app, session):
    desk = Desk()
    pack = desk.pack("acknowledged")
    caller = Caller(app, session, desk.maker)
    action = next(s.action for s in pack.sections if s.action)
    path, done = f"feedback-promises/{action.id}", {"done_on": clock.today("Asia/Shanghai").isoformat(), "note": ""}
    headers = {"Authorization": f"Bearer {caller.token}"}
    assert app.test_client().post(f"/api/v1/{path}/finish", json=done, headers=headers).status_code == 422, "neither note nor photo"
    assert caller.send(f"{path}/photos").status_code == 201
    assert app.test_client().post(f"/api/v1/{path}/finish", json=done, headers=headers).json["state"] == "done"
    assert caller.send(f"{path}/photos", picture(colour="red"), "k2").status_code == 409
    assert Caller(app, session, desk.rival_user).send(f"{path}/photos").status_code == 404


def test_there_is_an_end_to_photos(session, sent):
    _desk, _pack, path, caller = sent
    for n in range(MOST_PHOTOS):
        assert caller.send(path, picture(size=(2, 2)), f"k{n}").status_code == 201
    assert caller.send(path, key="more").status_code == 409 and count(session) == MOST_PHOTOS
