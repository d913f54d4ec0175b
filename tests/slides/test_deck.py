"""A lesson as a deck: what a room sees, and what only the speaker reads."""

import pytest
from nbformat import v4

from workshop.course import lessons
from workshop.slides import deck

PICTURE = {"text/html": '<img class="workshop-figure" alt="Figure. y over x" src="data:,">'}


def made(*cells):
    return deck.deck(v4.new_notebook(cells=list(cells)))


def text(source):
    return v4.new_markdown_cell(source)


def code(source, *outputs, tags=()):
    return v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def test_guess_code_and_picture_are_shown_and_the_rest_is_noted():
    drawn = v4.new_output("display_data", PICTURE)
    title, question, result = made(
        text("# 99 Title\n\nWhat it is.\n\n**Time**: 5 minutes."),
        code("import keras\nimport numpy as np"),
        text("## 1 Why?\n\nIt leads here.\n\n**Your guess**: how many?"),
        code("draw()", drawn),
        text("It was three. See [02](02_softmax.ipynb)."),
    )
    assert (title.heading, title.shown) == ("99 Title", ["What it is."])
    assert title.notes == [
        "**Time**: 5 minutes.",
        "```python\nimport keras\nimport numpy as np\n```",
    ]
    assert (question.shown, question.code) == (["**Your guess**: how many?"], "draw()")
    assert question.notes == ["It leads here."]
    assert [piece.kind for piece in result.pieces] == ["picture"]
    assert result.notes == ["It was three. See 02."]
    assert [slide.begins for slide in (title, question, result)] == [True, True, False]


def test_a_long_explanation_is_in_the_notes_and_makes_no_empty_slide():
    slides = made(
        text("# 99 Title\n\nWhat it is."),
        code("print(3)", v4.new_output("stream", text="3\n")),
        text("It was three.\n\nThat is odd."),
        text("## 2 And four?"),
    )
    assert [slide.heading for slide in slides] == ["99 Title", "2 And four?"]
    assert slides[0].notes == ["It was three.", "That is odd."]


def test_that_a_file_was_written_is_not_shown():
    written = v4.new_output("stream", text="Writing runs/a.py\n")
    (slide,) = made(code("%%writefile runs/a.py\nx = 1", written))
    assert (slide.code, slide.pieces) == ("%%writefile runs/a.py\nx = 1", [])


def test_the_notes_say_which_picture_moves():
    html = f'<div class="workshop-still">{PICTURE["text/html"]}</div>'
    _, moving = made(code("show()", v4.new_output("display_data", {"text/html": html})))
    _, still = made(code("draw()", v4.new_output("display_data", PICTURE)))
    assert moving.notes == ["This picture is live in the notebook: show it there."]
    assert still.notes == []


def test_printed_lines_are_on_the_slide_of_their_code():
    (slide,) = made(code("print(3)", v4.new_output("stream", text="3\n")))
    assert [piece.html for piece in slide.pieces] == ["<pre>3</pre>"]


def test_an_exercise_shows_its_text_and_notes_hints_and_solution():
    hint = "<details><summary>Hint</summary>Divide.</details>"
    (slide,) = made(
        text(f"### Exercise 2-1: softmax\n\nWrite it.\n\n{hint}\n\nSolution: `checks.x()`."),
        code("def softmax(logits):\n    ...", tags=["exercise-2-1"]),
        code("checks.softmax(softmax)", tags=["check-2-1"]),
    )
    assert (slide.kind, slide.shown) == ("exercise", ["Write it."])
    assert slide.notes[0] == hint
    assert "Solution of 2-1" in slide.notes
    assert "def softmax" in slide.notes[-1]
    assert "checks" not in "".join(slide.notes)


def test_a_long_script_fills_several_slides():
    source = "\n".join(f"line_{k} = {k}" for k in range(60))
    slides = made(text("## 1 How?\n\n**Your guess**: what?"), code(source))
    assert slides[0].shown
    assert not slides[0].code
    assert "\n".join(slide.code for slide in slides[1:]) == source
    assert [slide.begins for slide in slides] == [True, False, False, False]


def test_a_section_without_code_shows_its_lists():
    (slide,) = made(text("## What we saw\n\n- one\n- two\n\nNext: 03."))
    assert (slide.shown, slide.notes) == (["- one\n- two"], ["Next: 03."])


@pytest.mark.parametrize("path", lessons.paths(), ids=lambda path: path.stem)
def test_each_guess_and_each_exercise_of_a_lesson_is_shown_once(path):
    notebook = lessons.read(path)
    slides = deck.deck(notebook)
    shown = "\n".join(block for slide in slides for block in slide.shown)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    asked = sum(source.count("\n**Your guess**") for source in texts)
    assert shown.count("**Your guess**") >= asked > 0
    headings = {slide.heading for slide in slides if slide.kind == "exercise"}
    assert len(headings) >= len(lessons.exercises(path))
