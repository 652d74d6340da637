"""The house rules a reader relies on, held against the code itself."""

import ast
import re

import pytest

from app.config import ROOT

pytestmark = pytest.mark.once

MODULES = sorted((ROOT / "app").rglob("*.py"))
FEATURES = sorted(p.parent.name for p in (ROOT / "app").glob("*/__init__.py"))


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _calls(path, name):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr == name:
            yield ast.unparse(called)


@pytest.mark.parametrize("kind", ["services", "schemas", "models", "queries", "proposals"])
def test_services_schemas_and_models_do_not_know_the_web(kind):
    for path in MODULES:
        if path.stem != kind:
            continue
        flask = {name for name in _imports(path) if name == "flask" or name.startswith("flask.")}
        assert not flask, f"{path.relative_to(ROOT)}: {flask}"


def test_a_request_commits_once_in_one_place_and_a_command_by_itself():
    allowed = {"idempotency.py", "commands.py"}
    for path in MODULES:
        if path.name in allowed:
            continue
        assert not list(_calls(path, "commit")), f"{path.relative_to(ROOT)} commits by itself"


def test_only_the_geocoding_module_speaks_to_geocoders():
    for path in MODULES:
        if path.relative_to(ROOT).as_posix() == "app/geocoding.py":
            continue
        assert not any(name.startswith("geopy.geocoders") for name in _imports(path)), path


def test_every_module_opens_with_its_purpose():
    for path in [*MODULES, *(ROOT / "matching").rglob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path.relative_to(ROOT)


def test_no_module_has_a_name_that_says_nothing():
    for path in MODULES:
        assert not re.search(r"util|helper|manager|common|misc", path.stem), path


def test_nothing_reads_what_lies_outside_the_repository():
    for folder in ("app", "matching", "migrations", "scripts"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ""} and path.is_file() and "vendor" not in path.parts:
                assert "../shared" not in path.read_text(encoding="utf-8", errors="ignore"), path


def test_lock_files_name_no_host():
    for name in ("requirements.txt", "requirements-dev.txt", "package-lock.json"):
        assert "://" not in re.sub(r'"(url|license)": "[^"]*"', "", (ROOT / name).read_text()), name


def test_the_readme_maps_every_feature():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for feature in FEATURES:
        assert f"{feature}/" in readme, f"README.md does not mention app/{feature}/"


def test_no_comment_leans_on_a_document_that_is_not_here():
    for path in [*MODULES, *(ROOT / "matching").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        found = re.findall(r"\b[A-Z]+\.md\b|\bDOMAIN\b|\b[0-9a-f_]{12,}\.txt\b", text)
        assert all((ROOT / name).exists() for name in found), f"{path.relative_to(ROOT)}: {found}"


def test_the_readme_maps_every_module_at_the_top():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "app").glob("*.py"):
        name = f"app/{path.name}"
        assert f"`{name}`" in readme, f"README.md does not mention {name}"


def test_the_readme_maps_every_module_of_the_engine():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "matching").glob("[a-z]*.py"):
        assert f"`{path.stem}`" in readme, f"README.md does not mention matching/{path.name}"
