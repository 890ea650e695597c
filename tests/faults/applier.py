"""Applies imports in children of its own, so that one may be killed: reads ids from its input, prints the child's id and what became of it.

It has loaded everything before it forks: a child begins its work at once.
"""

import os
import sys
import traceback

import deltalake
import duckdb

from incubator import create_app
from incubator.imports import jobs, people, reading
from incubator.imports.kinds import find
from incubator.kernel import clock
from incubator.kernel.db import db

assert deltalake and duckdb
reading.MANY = reading.SMALL = int(sys.argv[1])


def apply(app, import_id, brand_id):
    with app.app_context():
        db.engine.dispose(close=False)
        actor = people.importer(find("sales.lines"), str(brand_id), "")
        jobs.apply_now(import_id, actor, clock.now(), lambda *_: None)


def main():
    app = create_app()
    for line in sys.stdin:
        children = []
        for import_id, brand_id in (pair.split(":") for pair in line.split()):
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    apply(app, int(import_id), int(brand_id))
                    status = 0
                except Exception:
                    traceback.print_exc()
                os._exit(status)  # nothing of the parent is tidied up
            children.append(child)
            print("started", child, flush=True)
        for child in children:
            print("ended", child, os.waitpid(child, 0)[1], flush=True)


main()
