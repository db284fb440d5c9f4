"""The rules know nothing but facts, terms and days."""

import ast
import sys
from pathlib import Path

import pytest

import registrations.rules

RULES = Path(registrations.rules.__file__).parent
FILES = sorted(RULES.rglob("*.py"))
CLOCKS = {"today", "now", "utcnow", "time", "localdate", "localtime", "monotonic"}
OUTSIDE = {"os", "socket", "subprocess", "locale", "time", "random", "pathlib", "urllib"}


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_only_the_standard_library_is_imported(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level <= 1, f"{file.name} reaches above the rules"
            names = [node.module] if node.level == 0 else []
        for name in names:
            top = name.partition(".")[0]
            assert top in sys.stdlib_module_names, f"{file.name} imports {name}"
            assert top not in OUTSIDE, f"{file.name} imports {name}"


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_no_rule_asks_what_day_it_is(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            name = getattr(called, "attr", getattr(called, "id", ""))
            assert name not in CLOCKS | {"strftime", "open", "print"}, f"{file.name} calls {name}"


def test_the_map_names_functions_that_exist():
    text = registrations.rules.__doc__
    for word in text.split("``")[1::2]:
        module, _, name = word.partition(".")
        if not name:
            continue
        found = __import__(f"registrations.rules.{module}", fromlist=["*"])
        for part in name.split("."):
            found = getattr(found, part)
