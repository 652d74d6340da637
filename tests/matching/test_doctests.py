"""Every example in a docstring is true, and `matching` stays pure."""

import ast
import doctest
import importlib
import pkgutil
import sys
from pathlib import Path

import pytest

import matching

MODULES = sorted(f"matching.{found.name}" for found in pkgutil.iter_modules(matching.__path__))
ALLOWED = {"numpy", "scipy", "geopy", "matching"}


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_only_numbers_are_imported_and_no_clock_is_read(name):
    source = Path(importlib.import_module(name).__file__).read_text(encoding="utf-8")
    tree = ast.parse(source)
    roots = {node.module.split(".")[0] for node in ast.walk(tree)
             if isinstance(node, ast.ImportFrom)}  # fmt: skip
    roots |= {alias.name.split(".")[0] for node in ast.walk(tree)
              if isinstance(node, ast.Import) for alias in node.names}  # fmt: skip
    assert roots <= ALLOWED | set(sys.stdlib_module_names)
    assert not [word for word in (".today()", ".now(", "open(") if word in source]
