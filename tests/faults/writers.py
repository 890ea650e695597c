"""`python -m tests.faults.writers COUNT SECONDS TOKEN BRIEF PROGRAMME`: so many processes write through the application for so long.

Each prints one JSON line: how many of its writes were acknowledged, and every other status that it met.
"""

import json
import os
import sys
import time
from collections import Counter

from incubator import create_app
from incubator.kernel.db import db


def write(app, seconds, token, brief, programme):
    client, headers, got = app.test_client(), {"Authorization": f"Bearer {token}"}, Counter()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        made = client.post("/api/v1/briefs", json={"title": f"第 {os.getpid()} 号", "programme_id": programme}, headers=headers)
        got[f"create {made.status_code}"] += 1
        version = client.get(f"/api/v1/briefs/{brief}", headers=headers).json["version"]
        change = {"segment": f"{os.getpid()}-{got.total()}", "version": version}
        changed = client.patch(f"/api/v1/briefs/{brief}", json=change, headers=headers)
        got[f"change {changed.status_code}"] += 1
    return got


def warm_up(app, token, brief):
    """Once before the fork, so that the seconds are spent on writing; no connection is shared."""
    app.test_client().patch(f"/api/v1/briefs/{brief}", json={"segment": 1}, headers={"Authorization": f"Bearer {token}"})
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def main():
    count, seconds, token, brief, programme = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
    app = create_app()
    warm_up(app, token, brief)
    children = []
    for _ in range(count):
        pid = os.fork()
        if not pid:
            print(json.dumps(write(app, seconds, token, brief, programme)), flush=True)
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
