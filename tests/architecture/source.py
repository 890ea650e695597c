"""The product's own source, parsed once: what the architecture tests read."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from incubator.config import ROOT
from incubator.registry import PACKAGES

KINDS = ("models", "workflow", "policies", "forms", "service", "queries", "routes", "api", "jobs", "reactions", "cli")


@dataclass(frozen=True)
class Module:
    """One Python file of `incubator/`. `package` is its layer, or "" for the composition root."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        return ".".join(self.path.relative_to(ROOT / "incubator").with_suffix("").parts)

    @property
    def package(self) -> str:
        parts = self.path.relative_to(ROOT / "incubator").parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def kind(self) -> str:
        """ "models" for models.py and gate_models.py alike; "noun" for a file of its own name."""
        last = self.path.stem.rpartition("_")[2]
        last = {"table": "models", "workflows": "workflow", "services": "service"}.get(last, last)
        return last if last in KINDS else "noun"

    def imports(self) -> Iterator[tuple[int, str]]:
        """(line, dotted name) of every imported name, relative ones refused elsewhere."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)

    def functions(self) -> Iterator[ast.FunctionDef]:
        yield from (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef))

    def at(self, node: ast.AST | int) -> str:
        line = node if isinstance(node, int) else getattr(node, "lineno", 0)
        return f"{self.path.relative_to(ROOT)}:{line}"


@cache
def modules() -> tuple[Module, ...]:
    return tuple(Module(path, ast.parse(path.read_text())) for path in sorted((ROOT / "incubator").rglob("*.py")))


def domain() -> list[Module]:
    """The packages after the kernel: where the rules about rows and states apply."""
    return [m for m in modules() if m.package in PACKAGES and m.package != "kernel"]


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is, or would be, in the repository."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return tuple(path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file())
    hidden = {".git", ".venv", "data", "__pycache__"}
    return tuple(
        path for path in ROOT.rglob("*") if path.is_file() and not hidden & set(path.relative_to(ROOT).parts) and path.suffix != ".mo"
    )


def calls(node: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls of `name(…)` or `anything.name(…)`; a dotted name must match its last two parts."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and dotted(call.func) and any(_ends(dotted(call.func), name) for name in names):
            yield call


def dotted(node: ast.AST) -> str:
    """`db.session.add` of such an expression; "" for anything computed."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (base := dotted(node.value)):
        return f"{base}.{node.attr}"
    return ""


def _ends(full: str, name: str) -> bool:
    return full == name or full.endswith(f".{name}")


def show(problems: list[str]) -> str:
    return "\n" + "\n".join(problems)
