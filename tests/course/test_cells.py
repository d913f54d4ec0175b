"""The cells of a lesson that run by their tag, and the scripts that cells write."""

import nbformat
import pytest

from workshop.course import cells, lessons

CELLS = [
    ("%%writefile runs/01/a.py\nx = 1", ["first"]),
    ("print(never)", []),
    ("def double(n):\n    return 2 * n\n\n\ny = double(z)", ["second"]),
    ("%%writefile -a runs/01/a.py\nx += 1", []),
    ("%%writefile b.py\nimport a", []),
    ("%%writefile runs/01/b.py\nimport a as c", []),
]


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """A lesson of a few cells; gives the number by which it is found."""
    code = [
        nbformat.v4.new_code_cell(source, id=f"{k}-cell", metadata={"tags": tags})
        for k, (source, tags) in enumerate(CELLS)
    ]
    path = tmp_path / "01_small.ipynb"
    lessons.write(nbformat.v4.new_notebook(cells=code), path)
    monkeypatch.setattr(lessons, "paths", lambda: [path])
    return "1"


def test_cells_run_by_their_tags_in_the_order_of_the_lesson(lesson):
    names = cells.run_cells(lesson, ["second", "first"], {"z": 4})
    assert (names["x"], names["y"]) == (1, 8)


def test_only_what_is_wanted_runs(lesson):
    names = cells.run_cells(lesson, ["second"], {}, only=["double"])
    assert names["double"](5) == 10
    assert "y" not in names, "it would need z"


def test_a_tag_that_no_cell_has_is_told(lesson):
    with pytest.raises(lessons.LessonError, match="no cell with the tag 'third'"):
        cells.tagged(lesson, ["first", "third"])


def test_what_is_appended_comes_after_and_what_is_written_again_replaces(lesson, tmp_path):
    assert cells.scripts(lesson) == {"a.py": "x = 1\nx += 1\n", "b.py": "import a as c\n"}
    cells.write_scripts(lesson, tmp_path)
    assert (tmp_path / "a.py").read_text() == "x = 1\nx += 1\n"


def test_every_script_of_every_lesson_is_python():
    written = {path.stem: cells.scripts(path.stem) for path in lessons.paths()}
    assert any(written.values())
    for lesson, scripts in written.items():
        for name, text in scripts.items():
            compile(text, f"{lesson}: {name}", "exec")
