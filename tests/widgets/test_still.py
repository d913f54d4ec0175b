"""The picture in the place of a live view: what is shown, what is saved, and when it is drawn."""

import base64
import io
import sys

import anywidget
import matplotlib.pyplot as plt
import pytest
from PIL import Image

from workshop.widgets import still
from workshop.widgets.still import Still

VIEW = "application/vnd.jupyter.widget-view+json"


class Widget(anywidget.AnyWidget):
    _esm = "export default widgetOf(Shown);"
    _css = ""

    def summary(self):
        return "a <b> & c"


class Loop:
    """An event loop that only writes down what is asked of it."""

    def __init__(self):
        self.asked = []

    def call_later(self, seconds, call):
        self.asked.append([seconds, call, False])
        return self

    def cancel(self):
        self.asked[-1][2] = True


@pytest.fixture
def outputs(monkeypatch):
    """What was shown in a notebook that is played: output, place, and whether it replaces."""
    shown = []

    def publish(output, *, place=None, update=False):
        shown.append((output, place, update))

    monkeypatch.setattr(still, "has_kernel", lambda: True)
    monkeypatch.setattr(still, "publish", publish)
    return shown


@pytest.fixture
def shown(outputs):
    made = Still(Widget(), name="pad", draw=lambda: (b"PNG", "what it shows"))
    made.show()
    return made


def test_without_a_kernel_a_line_is_printed(capsys):
    made = Still(Widget(), name="pad", draw=lambda: pytest.fail("nobody sees it"))
    made.show()
    made.renew()
    assert capsys.readouterr().out == "a <b> & c\n"
    assert not made.is_shown


def test_the_live_view_comes_first_and_the_picture_after_it(shown, outputs):
    (live, _), (picture, metadata) = [output for output, _, _ in outputs]
    name = live[VIEW]["model_id"]
    assert live["text/plain"] == "a <b> & c (live with a kernel)"
    assert picture["image/png"] == base64.b64encode(b"PNG").decode()
    assert picture["text/plain"] == metadata["image/png"]["alt"] == "what it shows"
    assert [place for _, place, _ in outputs] == [None, f"pad-{name}"]
    assert shown.is_shown


def test_a_slide_gets_a_picture_of_its_own(outputs):
    Still(Widget(), name="pad", draw=lambda: (b"PNG", "x"), wide=lambda: b"WIDE").show()
    data, _ = outputs[-1][0]
    assert data["image/png"] == base64.b64encode(b"WIDE").decode()
    assert base64.b64encode(b"PNG").decode() in data["text/html"]


def test_a_new_picture_takes_the_place_of_the_old_one(shown, outputs):
    shown.renew()
    (_, first, _), (_, second, update) = outputs[-2:]
    assert (second, update) == (first, True)


def test_where_nothing_new_is_to_be_drawn_the_picture_stays(outputs):
    made = Still(Widget(), name="pad", draw=lambda: None)
    made.show()
    made.renew()
    _, (output, _, _) = outputs  # the live view, and its page without a picture
    assert set(output[0]) == {"text/plain", "text/html"}


def test_a_later_call_begins_the_while_anew(shown, outputs):
    loop = Loop()
    for _ in range(2):
        shown.renew_later(loop, 1.5)
    assert [(seconds, is_over) for seconds, _, is_over in loop.asked] == [(1.5, True), (1.5, False)]
    before = len(outputs)
    loop.asked[-1][1]()
    assert len(outputs) == before + 1


def test_what_is_not_shown_is_not_drawn_later():
    loop = Loop()
    made = Still(Widget(), name="pad", draw=lambda: pytest.fail("nobody sees it"))
    made.renew_later(loop, 1)
    made.renew_at_end_of_cell()
    assert loop.asked == []


def test_the_end_of_a_cell_draws_it_once(shown, outputs, monkeypatch):
    waiting = []
    monkeypatch.setattr(still, "at_end_of_cell", waiting.append)
    for _ in range(3):
        shown.renew_at_end_of_cell()
    [end] = waiting
    before = len(outputs)
    end()
    assert len(outputs) == before + 1
    shown.renew_at_end_of_cell()
    assert len(waiting) == 2  # the next cell


class Events:
    def __init__(self):
        self.heard, self.names = [], set()

    def register(self, name, call):
        self.names.add(name)
        self.heard.append(call)

    def unregister(self, name, call):
        assert name in self.names
        self.heard.remove(call)


@pytest.fixture
def events(monkeypatch):
    shell = type("Shell", (), {"events": Events()})
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    return shell.events


def test_the_end_of_a_cell_is_heard_once(events):
    calls = []
    take_back = still.at_end_of_cell(lambda: calls.append("ended"))
    [heard] = events.heard
    heard("result")
    take_back()
    assert (calls, events.heard) == (["ended"], [])
    assert events.names == {"post_run_cell"}


def test_the_start_of_the_next_cell_is_heard_once(events):
    calls = []
    still.at_start_of_next_cell(lambda: calls.append("started"))
    [heard] = events.heard
    heard("info")
    assert (calls, events.heard) == (["started"], [])
    assert events.names == {"pre_run_cell"}


def test_outside_of_ipython_no_cell_ends():
    still.at_end_of_cell(lambda: pytest.fail("no cell"))()
    still.at_start_of_next_cell(lambda: pytest.fail("no cell"))


@pytest.mark.parametrize(
    ("version", "hears"),
    [
        ((6, 31, 0), False),
        ((7, 0, 1), False),
        ((7, 1, 0), True),
        ((7, 3, 2), True),
        ((7, 4, 0), False),
    ],
)
def test_which_kernels_hear_a_button(monkeypatch, version, hears):
    monkeypatch.setattr("ipykernel.__version__", ".".join(map(str, version)))
    assert not still.hears_buttons()  # no kernel
    monkeypatch.setattr(still, "has_kernel", lambda: True)
    assert still.hears_buttons() is hears


def test_a_kernel_of_another_kind_is_asked_for_nothing(monkeypatch):
    monkeypatch.setattr(still, "has_kernel", lambda: True)
    monkeypatch.setitem(sys.modules, "ipykernel", None)
    assert not still.hears_buttons()


def test_the_end_of_a_cell_can_be_taken_back(events):
    take_back = still.at_end_of_cell(lambda: pytest.fail("it was taken back"))
    take_back()
    take_back()
    assert events.heard == []


def test_a_description_is_escaped_in_the_page_and_plain_beside_it():
    data, metadata = still.picture(Widget(), b"PNG", 'a <b> & "c"', name="pad")
    page = data["text/html"]
    assert 'alt="a &lt;b&gt; &amp; &quot;c&quot;"' in page
    assert 'class="pad-still"' in page
    assert ":not(:has(.pad)):has(+ .jp-OutputArea-child .pad-still) {display: none}" in page
    assert data["text/plain"] == metadata["image/png"]["alt"] == 'a <b> & "c"'


def test_a_figure_is_saved_in_few_colours():
    with plt.rc_context():
        plt.rcdefaults()
        figure, ax = plt.subplots(figsize=(4, 3))
        ax.plot([1, 2], [3, 4])
        plain = io.BytesIO()
        figure.savefig(plain, format="png", dpi=90)
        saved = still.png(figure)
    assert Image.open(io.BytesIO(saved)).size == (360, 270)
    assert len(saved) < len(plain.getvalue())


def test_the_page_says_why_it_may_stay_a_picture():
    page = still.picture(Widget(), b"PNG", "what it shows", name="pad")[0]["text/html"]
    assert "<details><summary>It stays a picture after its cell has run?</summary>" in page
    assert "the program that shows this notebook lacks anywidget" in page
    assert "`workshop lab`" in page
