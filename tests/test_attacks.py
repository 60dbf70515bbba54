"""The list of attacks in docs/attacks.md against the tests that are marked with its numbers."""

import ast
import functools
import re
from collections import defaultdict
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
LIST = TESTS.parent / "docs" / "attacks.md"


def lines() -> dict[int, str]:
    """Return the list's lines, each with its answer and its tests, by number."""
    text = LIST.read_text().split("## Facts that broke others")[0]
    parts = re.split(r"^(\d+)\. ", text, flags=re.MULTILINE)[1:]
    return {int(number): body for number, body in zip(parts[::2], parts[1::2], strict=True)}


def named(text: str) -> set[str]:
    """Return the tests that a text names."""
    return set(re.findall(r"`([\w/]+\.py::test_\w+)`", text))


@functools.cache
def decorated() -> dict[str, set[int]]:
    """Return every Python test with the numbers of its ``attack`` marker."""
    found: dict[str, set[int]] = defaultdict(set)
    for path in TESTS.rglob("test_*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                name = f"{path.relative_to(TESTS)}::{node.name}"
                found[name].update(*(_numbers(decorator) for decorator in node.decorator_list))
    return found


def _numbers(decorator: ast.expr) -> list[int]:
    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.attack":
        return [ast.literal_eval(argument) for argument in decorator.args]
    return []


def test_the_list_has_31_lines() -> None:
    assert list(lines()) == list(range(1, 32))


@pytest.mark.parametrize("number", range(1, 32))
def test_a_line_has_a_test(number: int) -> None:
    assert [name for name, numbers in decorated().items() if number in numbers]


@pytest.mark.parametrize("number", range(1, 32))
def test_the_tests_that_a_line_names_are_marked_with_it(number: int) -> None:
    marked = decorated()
    text = lines()[number]

    assert named(text) <= {name for name, numbers in marked.items() if number in numbers}
    assert named(text)


def test_every_mark_names_a_line() -> None:
    strays = {name: numbers for name, numbers in decorated().items() if not numbers <= set(lines())}

    assert not strays


def test_every_fact_that_broke_others_names_tests_that_are_there() -> None:
    _, _, facts = LIST.read_text().partition("## Facts that broke others")
    rows = [line for line in facts.splitlines() if re.match(r"\| \d+ ", line)]

    assert [int(row.split("|")[1]) for row in rows] == list(range(1, 20))
    assert [row for row in rows if not named(row)] == []
    assert named(facts) <= set(decorated())
