"""S3 prefixes, against a real server of the protocol: each object once by key and etag, and nobody else's."""

import urllib.request

import obstore
import pytest
from moto.server import ThreadedMotoServer

from incubator.feeds import bucket, places
from incubator.feeds.models import Feed
from incubator.kernel import blobs
from incubator.kernel.errors import Invalid
from tests.feeds.desk import SHEET, FeedDesk

BACKENDS = ("sqlite",)


@pytest.fixture(scope="module")
def server():
    started = ThreadedMotoServer(port=0, verbose=False)
    started.start()
    host, port = started.get_host_and_port()
    yield f"http://{host}:{port}"
    started.stop()


@pytest.fixture
def s3(server, app, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    blobs.open_store.cache_clear()
    ask(server, "inbox", "PUT")
    monkeypatch.setitem(app.config, "FEEDS_S3_URL", "s3://inbox/feeds")
    yield lambda key, data=SHEET: obstore.put(blobs.open_store("s3://inbox/feeds"), key, data)
    ask(server, "moto-api/reset", "POST")
    blobs.open_store.cache_clear()


def ask(server, path, method):
    urllib.request.urlopen(urllib.request.Request(f"{server}/{path}", method=method)).close()


def test_each_object_is_taken_once_and_again_when_it_changes(desk, s3):
    feed = desk.feed("s3", place="tmall/orders")
    s3(f"{desk.brand.id}/tmall/orders/2026/03/words.csv")
    s3(f"{desk.brand.id}/tmall/orders/readme.md", b"no sheet")
    s3(f"{desk.brand.id}/tmall/orders-of-others/words.csv")
    for _ in range(2):
        desk.look(feed)
    [taken] = desk.files(feed)
    assert taken.source == f"{desk.brand.id}/tmall/orders/2026/03/words.csv" and taken.name == "words.csv"
    assert desk.import_of(taken).status == "applied" and desk.words() == {"chair": "5", "table": "6"}
    s3(f"{desk.brand.id}/tmall/orders/2026/03/words.csv", b"word,size\nchair,8\n")
    desk.look(feed)
    assert len(desk.files(feed)) == 2 and desk.words() == {"chair": "8", "table": "6"}


def test_case_5_the_prefix_of_another_organisation_is_out_of_reach(desk, session, s3):
    other = FeedDesk(desk.app, session)
    s3(f"{other.brand.id}/tmall/words.csv")
    mine, theirs = desk.feed("s3", place="tmall"), other.feed("s3", place="tmall")
    desk.look(mine)
    other.look(theirs)
    assert desk.files(mine) == [] and len(other.files(theirs)) == 1
    with pytest.raises(Invalid):
        desk.feed("s3", place=f"../{other.brand.id}/tmall")


def test_an_object_that_changes_after_the_look_is_left_for_the_next(desk, s3, monkeypatch):
    feed = desk.feed("s3", place="tmall")
    key = f"{desk.brand.id}/tmall/words.csv"
    s3(key)
    real = bucket.look

    def then_changed(*given):
        found = real(*given)
        s3(key, b"word,size\nchair,9\n")
        return found

    monkeypatch.setattr(bucket, "look", then_changed)
    desk.look(feed)
    assert desk.files(feed) == []
    monkeypatch.setattr(bucket, "look", real)
    desk.look(feed)
    assert len(desk.files(feed)) == 1 and desk.words() == {"chair": "9"}


def test_a_gigantic_object_is_not_fetched(desk, s3, monkeypatch):
    feed = desk.feed("s3", place="tmall")
    s3(f"{desk.brand.id}/tmall/words.csv")
    monkeypatch.setattr(places, "MOST_BYTES", 10)
    monkeypatch.setattr(blobs, "fetch", lambda *_: pytest.fail("it was fetched"))
    desk.look(feed)
    assert desk.files(feed)[0].problem and desk.told() == ["feed.strange"]


def test_a_bucket_that_is_not_there_is_an_error_of_the_feed_without_its_address(desk, s3, app, monkeypatch, server):
    feed = desk.feed("s3", place="tmall")
    monkeypatch.setitem(app.config, "FEEDS_S3_URL", "s3://gone/feeds")
    desk.look(feed)
    [feed] = desk.all(Feed)
    assert feed.failures == 1 and feed.error and "gone" not in feed.error and server not in feed.error


def test_without_a_store_there_is_no_such_feed(desk, app):
    with pytest.raises(Invalid) as refused:
        desk.feed("s3", place="tmall")
    assert "FEEDS_S3_URL" in refused.value.fields["place"][0]
