"""Deliverables as JSON: what a token may list, read and submit."""

import pytest

from incubator.accounts.models import User
from incubator.codevelopment import service
from incubator.kernel import clock
from tests.builders import an_actor, an_organisation
from tests.codevelopment.builders import Scene, a_picture, a_text
from tests.world import a_token

BACKENDS = ("sqlite",)


@pytest.fixture
def scene(session):
    return Scene()


@pytest.fixture
def call(client, session):
    def ask(actor, method, path, **json):
        headers = {"Authorization": f"Bearer {a_token(session.get_one(User, actor.user_id))}"}
        return client.open(f"/api/v1{path}", method=method, headers=headers, json=json or None)

    return ask


def test_a_list_holds_what_its_reader_may_see(scene, call):
    scene.submitted()
    scene.deliverable(scene.maker, title="模具图")
    assert [d["title"] for d in call(scene.leader, "GET", "/deliverables").json["items"]] == ["三视图", "模具图"]
    mine = call(scene.designer, "GET", "/deliverables?state=submitted").json
    assert [d["owner_id"] for d in mine["items"]] == [scene.firm.id] and mine["total"] == 1
    assert call(an_actor(an_organisation("investor")), "GET", "/deliverables").status_code == 404
    for damaged in ("state=x", "limit=0", "limit=1000000000", "cursor=x", "unknown=1", "kind=%00"):
        assert call(scene.leader, "GET", f"/deliverables?{damaged}").status_code == 422, damaged


def test_one_holds_its_revisions_and_decisions(scene, call):
    found = scene.submitted(a_picture("a.png"), a_text("b.csv"))
    scene.decide(found, "ask_changes", "补公差")
    whole = call(scene.designer, "GET", f"/deliverables/{found.id}").json
    assert [f["name"] for f in whole["revisions"][0]["files"]] == ["a.png", "b.csv"]
    assert whole["revisions"][0]["decision"]["reason"] == "补公差"
    service.share(found, scene.maker.id, scene.leader, clock.now())
    along = call(scene.toolmaker, "GET", f"/deliverables/{found.id}").json
    assert along["revisions"][0]["decision"] is None
    assert call(an_actor(scene.brand), "GET", "/deliverables/987654").status_code == 404


def test_a_revision_is_submitted_from_files_that_are_there(scene, call, session):
    found = scene.submitted(a_picture("a.png"), a_text("b.csv"))
    path = f"/deliverables/{found.id}"
    files = {f["name"]: f["file_id"] for f in call(scene.designer, "GET", path).json["revisions"][0]["files"]}
    version = call(scene.designer, "GET", path).json["version"]
    sent = call(scene.designer, "POST", f"{path}/revisions", version=version, note="只留图", keep=[files["a.png"]])
    assert sent.status_code == 201 and sent.json["current_number"] == 2
    assert [f["name"] for f in sent.json["revisions"][1]["files"]] == ["a.png"]
    again = call(scene.designer, "POST", f"{path}/revisions", version=version, keep=[files["a.png"]])
    assert again.status_code == 409
    for wrong in ({"keep": [1]}, {"version": sent.json["version"], "keep": []}, {"version": sent.json["version"], "keep": [987_654]},
                  {"version": "1", "keep": [1]}, {"version": 1, "keep": ["1"]}, {"version": 1, "keep": [1], "state": "accepted"}):  # fmt: skip
        assert call(scene.designer, "POST", f"{path}/revisions", **wrong).status_code == 422, wrong
    assert call(scene.leader, "POST", f"{path}/revisions", version=1, keep=[1]).status_code == 403
    assert call(scene.toolmaker, "POST", f"{path}/revisions", version=1, keep=[1]).status_code == 404
