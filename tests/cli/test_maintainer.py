"""Commands of one who changes the course."""

from small_course import code, save

from workshop.course import lessons


def test_strip_is_for_the_hook(type_in, lesson):
    notebook = lessons.read(lesson)
    notebook.cells[0].execution_count = 3
    lessons.write(notebook, lesson.with_name("03_run.ipynb"))
    status, text = type_in("strip", str(lesson.with_name("03_run.ipynb")))
    assert status == 1
    assert text.startswith("Stripped: ")
    assert type_in("strip", str(lesson.with_name("03_run.ipynb")))[0] == 0


def test_deliver_is_for_the_hook(type_in, lesson):
    assert type_in("deliver")[0] == 0
    save(lesson, code("x = ...", "exercise-2-1"))
    status, text = type_in("deliver")
    assert (status, text) == (1, "Delivered: notebooks/02_softmax.ipynb\n")
    assert type_in("deliver")[0] == 0
