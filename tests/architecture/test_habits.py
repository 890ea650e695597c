"""Small habits that keep the code honest: no swallowed error, no note to self, one clock, no machine's own address."""

import ast
import re
import tomllib

from packaging.requirements import Requirement

from incubator.config import ROOT
from tests.architecture.source import calls, modules, show, tracked

NOTES = re.compile(r"(#|//|/\*|<!--).*\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
MACHINES = re.compile(
    r"(?<![\w.~])/(work|home|root|Users)/\w|https?://[^\s'\"]*(pypi|pythonhosted|npmjs|registry)|--(extra-)?index-url|--find-links"
)
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "datetime.datetime.now", "datetime.date.today"}
TEXT = {".py", ".html", ".md", ".toml", ".txt", ".po", ".css", ".js", ".sh", ".yml", ".mako", ".ini", ""}


def test_no_error_is_swallowed():
    problems = [
        module.at(node)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or all(isinstance(line, ast.Pass | ast.Continue) for line in node.body))
    ]
    assert not problems, show(problems)


def test_only_the_kernel_asks_the_time():
    problems = [
        f"{module.at(node)} {ast.unparse(node)}"
        for module in modules()
        for node in ast.walk(module.tree)
        if module.name != "kernel.clock" and isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCKS
    ]
    assert not problems, show(problems)


def test_nothing_is_left_for_later_and_no_machine_is_named():
    problems = []
    for path in tracked():
        if path.suffix in TEXT and path.stat().st_size < 2_000_000:
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                if NOTES.search(line) or (MACHINES.search(line) and path.name != "test_habits.py"):
                    problems.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    assert not problems, show(problems)


def locked(name: str) -> dict[str, str]:
    """Name → version of a lock file whose every entry has a hash."""
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
    entries = [entry for entry in entries if not entry.startswith("#")]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not any("://" in entry.partition("--hash")[0] for entry in entries)
    return dict(re.match(r"([a-z0-9-]+)(?:\[.*\])?==(\S+)", entry).groups() for entry in entries)  # type: ignore[union-attr]


def test_the_locks_have_hashes_no_address_and_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = {"requirements.txt": project["project"]["dependencies"]}
    asked["requirements-dev.txt"] = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    for name, lines in asked.items():
        versions = locked(name)
        for wanted in map(Requirement, lines):
            assert wanted.specifier.contains(versions[wanted.name.lower()]), f"{name}: {wanted}"


def test_every_setting_is_documented():
    """.env.example and README.md name exactly what the code reads from the environment."""
    read = {
        node.args[0].value
        for module in modules()
        for node in calls(module.tree, "env.get", "environ.get")
        if isinstance(node.args[0], ast.Constant)
    }
    example = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    table = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", (ROOT / "README.md").read_text()))
    assert example == read
    assert read <= table
