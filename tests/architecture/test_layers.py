"""A package imports only from those before it in `registry.PACKAGES`; imports stand at the top."""

import ast

from incubator.registry import PACKAGES
from tests.architecture.source import modules, show

ROOT_MODULES = {"config", "registry"}  # below every layer, with no rule of the business in them
HEAVY = (
    "weasyprint",
    "altair",
    "vl_convert",
    "numpy",
    "scipy",
    "pyspark",
    "cryptography",
    "arro3",
    "deltalake",
    "duckdb",
    "narwhals",
    "PIL",
    "obstore",
    "gunicorn",
    "apscheduler",
    "xlsxwriter",
    "python_calamine",
    "prometheus_client",
    "flask_migrate",
    "alembic",
    "cryptography",
    "babel.messages",
    "incubator.kernel.pdf",
    "incubator.sales.learning",
)  # fmt: skip - slow to load and needed by few requests or commands


def test_packages_import_only_from_earlier_ones():
    problems = []
    for module in modules():
        if module.package not in PACKAGES:
            continue
        allowed = set(PACKAGES[: PACKAGES.index(module.package) + 1]) | ROOT_MODULES
        for line, name in module.imports():
            parts = name.split(".")
            if parts[0] == "incubator" and (len(parts) < 2 or parts[1] not in allowed):
                problems.append(f"{module.at(line)} imports {name}")
    assert not problems, show(problems)


def test_every_package_is_registered():
    folders = {module.package for module in modules() if module.package}
    assert folders - {"demo"} <= set(PACKAGES)


def test_no_relative_and_no_star_imports():
    problems = [
        module.at(node)
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.level or any(alias.name == "*" for alias in node.names))
    ]
    assert not problems, show(problems)


def test_imports_stand_at_the_top_unless_heavy():
    problems = []
    for module in modules():
        for function in module.functions():
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom) and not _is_heavy(node):
                    problems.append(f"{module.at(node)} imports {ast.unparse(node)} inside {function.name}")
    assert not problems, show(problems)


def _is_heavy(node: ast.Import | ast.ImportFrom) -> bool:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return all(any(name == heavy or name.startswith(f"{heavy}.") for heavy in HEAVY) for name in names)
