"""A check shows the solution of its exercise, wherever the kernel was started."""

from IPython.core.formatters import DisplayFormatter

from workshop.checks import softmax
from workshop.checks.solution import Solution, solution_of


def test_a_check_shows_the_solution_of_its_exercise():
    found = softmax.softmax.solution()
    assert found == solution_of("2-1")
    assert found.code.startswith("def softmax(logits):")


def test_it_is_found_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert softmax.softmax.solution().code.startswith("def softmax(logits):")


def test_programs_show_code_and_what_to_do_next():
    shown, _ = DisplayFormatter().format(Solution("2-1", "x = 1"))
    assert shown["text/markdown"].startswith("```python\nx = 1\n```")
    assert shown["text/plain"].startswith("x = 1\n")
    for text in shown.values():
        assert text.endswith("the cell of exercise 2-1 and run that cell, then its check.")
