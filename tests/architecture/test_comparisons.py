"""What only its owner may know is compared in the same time whatever it is, or it could be guessed octet by octet."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import cnddigest

ROOT = Path(cnddigest.__file__).parent
SECRET = ("proof", "secret", "signature", "password", "hmac", "mac", "challenge", "cookie", "nonce")


def names(node: ast.expr) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr


def is_secret(node: ast.expr) -> bool:
    return any(word in SECRET for name in names(node) for word in name.lower().strip("_").split("_"))


def is_plain(node: ast.expr) -> bool:
    """Say whether one compares with a constant of the code: whether there is one, or how long it is."""
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "len")


def compared(source: str) -> list[int]:
    """Return the lines on which something secret is compared by `==` or looked up."""
    found = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Compare))
    return [
        node.lineno
        for node in found
        if any(isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for op in node.ops)
        and any(map(is_secret, [node.left, *node.comparators]))
        and not any(map(is_plain, [node.left, *node.comparators]))
    ]


@pytest.mark.parametrize("folder", ["audience", "web", "usecases", "hub", "wiring", "store"])
def test_secrets_are_compared_in_constant_time(folder):
    modules = sorted((ROOT / folder).rglob("*.py"))

    found = {str(module.relative_to(ROOT)): compared(module.read_text("utf-8")) for module in modules}

    assert modules
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line", ["given == secret", "self._proof != proof", "cookie in known", "made == message.signature"]
)
def test_a_careless_comparison_would_be_found(line):
    assert compared(line) == [1]
