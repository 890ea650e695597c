"""`flask serve`: the web server and the scheduler as two children of one small supervisor. It restarts nothing: whoever runs it does.

Both are forked after the application is imported, so that it is imported once and its memory is shared.
"""

import gc
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from flask import Flask

from incubator.kernel import scheduler

log = structlog.get_logger("server")

PATIENCE = 4.5  # seconds between the polite signal and the other one
WORKERS, THREADS = 2, 4


def serve(app: Flask, host: str, port: int) -> int:
    """Run both until SIGINT or SIGTERM (0), or until one of them ends by itself (1)."""
    _share_metrics(Path(app.config["DATA_DIR"]) / "metrics")
    if not app.config["PRODUCTION"] and not app.config["DEMO_SIGN_IN"]:
        log.warning("demo_sign_in_off", why="others can reach this address; DEMO_PUBLIC=1 lets them in with one click")
    gc.collect()
    gc.freeze()
    children = {_fork(lambda: web_server(app, host, port)), _fork(lambda: scheduler.main(app))}
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda n, _frame: asked.append(n))
    while not asked and not _ended(children):
        time.sleep(0.1)
    _stop(children)
    return 0 if asked else 1


def _share_metrics(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _fork(work: Callable[[], None]) -> int:
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        log.exception("child_failed")
    finally:
        sys.stdout.flush()
        os._exit(code)


def _ended(children: set[int]) -> bool:
    pid, status = os.waitpid(-1, os.WNOHANG)
    if pid not in children:
        return False
    children.discard(pid)
    log.error("child_ended", pid=pid, status=os.waitstatus_to_exitcode(status))
    return True


def _stop(children: set[int]) -> None:
    deadline = time.monotonic() + PATIENCE
    for pid in children:
        os.kill(pid, signal.SIGTERM)
    while children and time.monotonic() < deadline:
        pid, _status = os.waitpid(-1, os.WNOHANG)
        children.discard(pid)
        time.sleep(0 if pid else 0.05)
    for pid in children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def web_server(app: Flask, host: str, port: int) -> None:
    """Gunicorn with the application that is already here; errors go to our own log, requests are logged by `observe`."""
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - only this process serves
    from gunicorn.glogging import Logger  # noqa: PLC0415

    class OurLog(Logger):
        def setup(self, _cfg: Any) -> None:
            self.error_log.propagate = True
            self.error_log.setLevel("WARNING")

    class Server(BaseApplication):
        def load_config(self) -> None:
            for name, value in _settings(host, port).items():
                self.cfg.set(name, value)
            self.cfg.set("logger_class", OurLog)

        def load(self) -> Any:
            return app

    Server().run()


def _settings(host: str, port: int) -> dict[str, Any]:
    return {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": int(os.environ.get("WEB_WORKERS", WORKERS)),
        "worker_class": "gthread",
        "threads": int(os.environ.get("WEB_THREADS", THREADS)),
        "preload_app": True,
        "graceful_timeout": 3,
        "timeout": 120,
        "keepalive": 5,
        "when_ready": lambda _server: print(f"Incubator is ready at http://{host}:{port}", flush=True),
    }
