"""A lesson as a page: checks go, hints and solutions fold."""

from workshop.book import pages
from workshop.course import lessons


def test_a_page_folds_each_solution_and_has_no_check():
    lesson = lessons.find("2")
    notebook = lessons.read(lesson)
    pages.page(notebook, name=lesson.stem, kind="sample", paper=True, find=lambda target: target)
    text = "\n".join(cell.source for cell in notebook.cells)
    assert "checks.softmax(softmax)" not in text
    assert ".solution()" not in text
    for number in lessons.exercises(lesson):
        assert f"Solution of {number}</summary>" in text
    assert 'href="../pdf/02_softmax.pdf"' in text
    assert "packaged sample" in notebook.cells[1].source


def test_a_page_names_the_data_where_its_lesson_reads_them():
    said = []
    for number in ("2", "10"):
        notebook = lessons.read(lessons.find(number))
        pages.page(notebook, name="x", kind="sample", paper=False, find=lambda target: target)
        said.append("sample" in notebook.cells[1].source)
    assert said == [True, False]


def test_code_in_a_hint_is_not_read_as_markdown():
    said = pages.folded("<details><summary>H</summary><code>{**a, **b}</code></details>")
    assert "`{**a, **b}`" in said
