"""The house stays small and named: limits every reader can rely on."""

import ast
import statistics
from pathlib import Path

import pytest

from conftest import ROOT

MODULES = sorted((ROOT / "src" / "cnddigest").rglob("*.py"))
HOMELESS = {"utils", "util", "helpers", "common", "base", "core", "misc"}


def functions(module: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(module.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def length(function: ast.FunctionDef) -> int:
    """Lines of code from `def` on; the docstring is free."""
    documented = ast.get_docstring(function, clean=False) is not None
    first = function.body[0]
    prose = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - prose


def name_of(module: Path) -> str:
    return str(module.relative_to(ROOT / "src"))


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_module_is_over_350_lines(module):
    assert len(module.read_text("utf-8").splitlines()) <= 350


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_function_is_over_40_lines(module):
    long = {function.name: length(function) for function in functions(module) if length(function) > 40}

    assert not long


def test_half_of_all_functions_have_at_most_8_lines():
    lengths = [length(function) for module in MODULES for function in functions(module)]

    assert statistics.median(lengths) <= 8
    assert statistics.quantiles(lengths, n=10)[8] <= 25


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_every_module_opens_with_one_line_that_ends_as_a_sentence(module):
    docstring = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""

    first = docstring.splitlines()[0] if docstring else ""

    assert first.endswith((".", ":"))


def test_no_module_is_a_home_for_the_homeless():
    assert not [module for module in MODULES if module.stem in HOMELESS]


def test_the_packaged_templates_lie_outside_the_package():
    assert not (ROOT / "src" / "cnddigest" / "templates").exists()
