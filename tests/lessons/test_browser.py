"""Lesson 02 in JupyterLab in headless Chromium, as a learner meets it."""

import time

import pytest
from browser import CELL, OUTPUT, RUN_ALL, SELECT, needs_chromium

from workshop.course import lessons

pytestmark = needs_chromium


@pytest.fixture
def page(lab):
    """Lesson 02 open in the browser, with its kernel ready."""
    with lab.open("notebooks/02_softmax.ipynb") as page:
        yield page


def answer(page, number, source):
    """Type into an exercise's cell, run it and its check, and read what the check says."""
    [cell_id] = [
        cell.id
        for cell in lessons.read(lessons.find("02")).cells
        if f"exercise-{number}" in cell.metadata.get("tags", [])
    ]
    index = page.evaluate(CELL, cell_id)
    page.evaluate(SELECT, index)
    page.keyboard.press("Control+a")
    page.keyboard.type(source)
    page.keyboard.press("Shift+Enter")
    before = page.evaluate(OUTPUT, index + 1)
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(  # an output is emptied before the next one comes
        f"([index, before]) => !['', before].includes(({OUTPUT})(index).trim())",
        arg=[index + 1, before.strip()],
    )
    return page.evaluate(OUTPUT, index + 1)


def test_lesson_02_runs_and_moves_and_answers(page):
    page.evaluate(RUN_ALL)
    steps = set()
    deadline = time.monotonic() + 180
    while not page.evaluate("window.allDone") and time.monotonic() < deadline:
        seen = page.evaluate("document.querySelector('.training-dashboard')?.dataset.step")
        steps |= {seen} - {None, ""}
        page.wait_for_timeout(100)
    assert page.evaluate("window.allDone")
    assert len(steps) >= 3, f"the panels showed the steps {steps}"
    assert page.locator(".jp-OutputArea-output[data-mime-type*='stderr']").count() == 0
    shown = page.evaluate("document.body.textContent")
    assert "Traceback" not in shown
    assert "not attempted" in page.evaluate(OUTPUT, page.evaluate(CELL, check_id("2-4")))

    start = "accuracy_from_logits = lambda logits, labels: "
    said = answer(page, "2-4", start + "np.sum(logits.argmax(1) == labels)")
    assert "not yet" in said
    assert "Expected the share of right predictions" in said
    said = answer(page, "2-4", start + "np.mean(logits.argmax(1) == labels)")
    assert "passed" in said
    assert page.outside == []


def check_id(number):
    [cell_id] = [
        cell.id
        for cell in lessons.read(lessons.find("02")).cells
        if f"check-{number}" in cell.metadata.get("tags", [])
    ]
    return cell_id
