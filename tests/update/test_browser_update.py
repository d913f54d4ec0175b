"""A correction while the lesson is open in JupyterLab, as a learner meets it."""

import nbformat
import pytest
from browser import CELL, SELECT, needs_chromium

from workshop.course import editions, folder, lessons, originals
from workshop.jupyter import shared
from workshop.update import bases, git, sources
from workshop.update import lesson as update

pytestmark = needs_chromium

NAME = "notebooks/01b_graphs.ipynb"
TEXT = """(index) => {
    const cells = window.jupyterapp.shell.currentWidget.content.widgets;
    return cells[index].model.sharedModel.getSource();
}"""
DO = "(command) => { window.jupyterapp.commands.execute(command); }"


@pytest.fixture
def lesson(lab, monkeypatch):
    """The lesson in the JupyterLab's folder, which is the learner's course."""
    for module in (editions, folder, lessons, originals, bases, git, sources, update):
        monkeypatch.setattr(module, "course_folder", lambda: lab.folder)
    path = lab.folder / NAME
    before = path.read_bytes()
    bases.keep()
    yield path
    path.write_bytes(before)


@pytest.fixture
def newer(lesson, tmp_path):
    """A folder with the lesson, corrected in its second and third cells."""
    notebook = lessons.read(lesson)
    for cell in notebook.cells[1:3]:
        cell.source += "\n\n# corrected"
    nbformat.write(notebook, tmp_path / lesson.name)
    return sources.find(str(tmp_path))[0]


def typed(page, id, text):
    page.evaluate(SELECT, page.evaluate(CELL, id))
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def save(page, *, answer=None):
    """Save the page; a page whose file has changed meanwhile asks what to do."""
    page.evaluate(DO, "docmanager:save")
    if answer:
        page.locator(f".jp-Dialog-button:has-text('{answer}')").click()
        page.locator(".jp-Dialog").wait_for(state="detached")
    page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")


def test_overwritten_corrections_come_again_and_what_was_typed_stays(lab, lesson, newer):
    first, mine, corrected, *_ = [cell.id for cell in lessons.read(lesson).cells]
    with lab.open(NAME) as page:
        typed(page, first, " typed one")
        save(page)
        typed(page, mine, " typed two")  # and not saved
        done = update.apply(lesson, newer)
        assert [change.id for change in done.merged.done] == [mine, corrected]

        save(page, answer="Overwrite")
        texts = {cell.id: cell.source for cell in lessons.read(lesson).cells}
        assert "# corrected" not in texts[corrected]
        done = update.apply(lesson, newer)
        assert [change.id for change in done.merged.done] == [corrected]
        assert [change.id for change in done.merged.kept] == [mine]
        texts = {cell.id: cell.source for cell in lessons.read(lesson).cells}
        assert texts[corrected].endswith("# corrected")
        assert texts[first].endswith(" typed one")
        assert texts[mine].endswith(" typed two")

        page.evaluate(DO, "docmanager:reload")
        index = page.evaluate(CELL, corrected)
        page.wait_for_function(f"(index) => ({TEXT})(index).endsWith('# corrected')", arg=index)
        typed(page, corrected, " typed three")
        save(page)  # asks nothing
        done = update.apply(lesson, newer)
        assert (done.has_news, done.merged.done) == (False, [])
        texts = {cell.id: cell.source for cell in lessons.read(lesson).cells}
        assert texts[corrected].endswith("# corrected typed three")


def test_a_page_that_is_not_shared_may_be_written_under(lab, lesson, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(lab.folder.parent / "runtime"))
    (server,) = shared._servers()
    assert server["root_dir"] == str(lab.folder)
    with lab.open(NAME):
        assert not shared.is_open(lesson)
