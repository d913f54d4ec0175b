"""What a cell binds and needs is seen in its text."""

import nbformat
import pytest
from lesson_cells import bound, needed, needed_below, tree_of


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x + 1", "x"),
        ("x += 1", "x"),
        ("x = 1; x", ""),
        ("x = x", "x"),
        ("x[0] = 1", "x"),
        ("f'{x}'", "x"),
        ("%time x", ""),
        ("def f(y): return x + y", "x"),
        ("def f(x): return x", ""),
        ("class A(x): pass", "x"),
        ("[y for y in x]", "x"),
        ("(y := x)", "x"),
    ],
)
def test_what_a_cell_needs_is_seen(source, names):
    assert {*needed(nbformat.v4.new_code_cell(source))} - {"y", "f"} == {*names}


@pytest.mark.parametrize(
    "source",
    ["x = 1", "x, y = 1, 2", "def x(): ...", "class x: ...", "import x", "for x in []: ...",
     "with open('f') as x: ...", "(x := 1)", "x += 1", "def f():\n global x\n x = 1"],
)  # fmt: skip
def test_what_a_cell_binds_is_seen(source):
    assert bound(tree_of(nbformat.v4.new_code_cell(source))) - {"y", "f"} == {"x"}
    inside = bound(tree_of(nbformat.v4.new_code_cell("def f(): x = 1")))
    assert inside == {"f"}


def test_what_is_needed_below_is_found_through_functions():
    sources = ["sizes = [1]\ntitle = 'a'", "def area(k): return sizes[k]", "x = ...", "area(0)"]
    cells = [nbformat.v4.new_markdown_cell("Text"), *map(nbformat.v4.new_code_cell, sources)]
    assert needed_below(cells, 4) == {"area", "sizes"}
    assert needed_below(cells, 5) == set()
