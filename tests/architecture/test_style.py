"""Style and types, as tests: so that one closing line says whether everything holds."""

import subprocess
import sys

import pytest

from incubator.config import ROOT

CHECKS = {
    "style": ("ruff", "check", "--output-format", "concise", "."),
    "layout": ("ruff", "format", "--check", "."),
    "types": ("mypy", "--no-error-summary", "incubator"),
}


@pytest.mark.parametrize("name", CHECKS)
def test_the_source_passes(name):
    answer = subprocess.run([sys.executable, "-m", *CHECKS[name]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, f"{answer.stdout}{answer.stderr}\n`make format` mends the layout and some of the style"
