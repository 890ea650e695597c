"""Runs a script of ours in a short-lived process: hostile content and heavy libraries stay out of the web and scheduler processes.

The child gets no environment but paths and language (no database address, no key), a memory limit and a deadline.
"""

import os
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore

PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "TMPDIR")
_turns = BoundedSemaphore(2)  # per process: four documents at once would be four times the memory
_picture_turn = BoundedSemaphore(1)  # pictures do not wait for documents, but for each other


class ChildFailed(Exception):
    """The child did not answer with 0: over its memory, over its time, or its content was broken. `said` is its stderr."""

    def __init__(self, said: str):
        super().__init__(said or "no answer")
        self.said = said


def run(script: str, data: bytes, seconds: float = 60, megabytes: int = 1536) -> bytes:
    """Feed `data` to `incubator/kernel/<script>.py` and return what it writes; ChildFailed when it does not end well."""
    command = [sys.executable, "-I", str(Path(__file__).with_name(f"{script}.py")), str(megabytes)]
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    with _picture_turn if script == "image_process" else _turns:
        try:
            done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, env=environment, check=False)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise ChildFailed("timeout") from error
    if done.returncode != 0:
        raise ChildFailed(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout
