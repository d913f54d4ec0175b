"""The pad: what is drawn is read, travels to the page and back, and stays in the notebook."""

import base64
import io
from pathlib import Path

import nbformat
import numpy as np
import pytest
from drawings import RNG, drawn, ones, photograph
from nbclient import NotebookClient
from PIL import Image

from workshop.digits import digit_from_ink
from workshop.digits.photographs import ink_from_photograph
from workshop.widgets import DigitPad, digit_pad
from workshop.widgets.digit_pad import figure, predict, suspicion
from workshop.widgets.digit_pad.figure import picture
from workshop.widgets.digit_pad.predict import read_digit
from workshop.widgets.digit_pad.widget import _packed, _unpacked


def test_the_photograph_stands_in_the_middle_of_the_pad():
    ink = ink_from_photograph(photograph())
    assert ink.shape == (280, 280)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    assert np.ptp(rows) + 1 == pytest.approx(220, abs=4)
    assert rows.mean() == pytest.approx(140, abs=3)
    assert columns.mean() == pytest.approx(140, abs=3)


BLANK = np.zeros((1, 28, 28), dtype="uint8")


def test_logits_become_probabilities_and_probabilities_stay():
    logits = RNG.normal(size=(1, 10))
    powers = np.exp(logits[0])
    assert np.allclose(read_digit(lambda _: logits, BLANK), powers / powers.sum())
    assert np.allclose(read_digit(lambda _: powers / powers.sum(), BLANK), powers / powers.sum())
    assert read_digit(lambda _: [[1000.0] + [0.0] * 9], BLANK)[0] == 1


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (784,)])
def test_a_model_gets_the_shape_that_it_says(shape):
    class Model:
        input_shape = (None, *shape)

        def __call__(self, images):
            assert images.shape == (1, *shape)
            return ones(images)

    assert read_digit(Model(), BLANK)[1] == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (np.zeros((1, 7)), r"shape \(1, 10\), got one that gives shape \(1, 7\)"),
        (np.zeros((28, 28)), r"shape \(28, 28\)"),
        (3, r"shape \(\)"),
        (None, r"shape \(\)|NoneType"),
        ("seven", "ten probabilities.*got one that gives str"),
        (np.full((1, 10), np.nan), "NaN.*smaller learning_rate"),
    ],
)
def test_what_a_model_must_not_give(given, said):
    with pytest.raises(ValueError, match=f"(?s){said}"):
        read_digit(lambda _: given, BLANK)
    pad = DigitPad(lambda _: given)
    assert pad.message.startswith("Expected a model that gives ten")
    pad.load(photograph())
    assert pad.message.startswith("Expected a model that gives ten")
    assert pad.probabilities is None
    assert pad.digit.shape == (1, 28, 28)


def browser_draws(pad, ink, number=1):
    """What arrives from the browser: buffers are memoryviews."""
    content = {"kind": "drawing", "author": "a", "number": number}
    pad._handle_custom_msg(content, [memoryview(_packed(ink))])


@pytest.fixture
def pad():
    return DigitPad(ones)


def test_a_drawing_travels_packed_and_comes_whole():
    for ink in (drawn("7"), np.zeros((280, 280), "uint8"), np.full((280, 280), 255, "uint8")):
        assert np.array_equal(_unpacked(_packed(ink)), ink)
    noise = RNG.integers(0, 256, (280, 280)).astype("uint8")
    assert np.array_equal(_unpacked(_packed(noise)), noise)
    assert len(_packed(drawn("7"))) < 8000


def test_what_is_drawn_is_read(pad):
    ink = drawn("7")
    browser_draws(pad, ink, number=5)
    assert np.array_equal(pad.ink, ink)
    assert np.array_equal(pad.image, digit_from_ink(ink))
    assert np.array_equal(pad.digit, pad.image[None])
    assert pad.probabilities.dtype == np.float32
    assert pad.probabilities[1] == 1
    assert pad._state["number"] == 5
    assert pad._state["digit"] == pad.image.tobytes()
    assert pad._state["probabilities"][1] == 1
    assert repr(pad) == "Drawn; read as 1 (1.000)"


def test_a_model_that_wavers_is_not_taken_at_its_word():
    chances = np.full(10, 0.01)
    chances[[4, 9]] = 0.52, 0.40
    pad = DigitPad(lambda images: chances)
    browser_draws(pad, drawn("7"))
    assert repr(pad) == "Drawn; not sure: 4 (0.520) or 9 (0.400)"
    chances[[4, 9]] = 0.81, 0.11
    browser_draws(pad, drawn("7"), number=2)
    assert repr(pad) == "Drawn; read as 4 (0.810)"


def test_the_page_and_python_are_sure_from_the_same_probability_on():
    page = Path(digit_pad.__file__).with_name("widget.js").read_text()
    assert f"const SURE = {predict.SURE};" in page
    assert f"const HARDLY = {figure.HARDLY};" in page


def test_what_the_pad_gives_is_a_copy(pad):
    browser_draws(pad, drawn("7"))
    for name in ("ink", "image", "digit", "probabilities"):
        getattr(pad, name)[...] = 0
        assert getattr(pad, name).max() > 0


def test_an_empty_pad_says_so(pad):
    for _ in range(2):
        assert pad.probabilities is None
        assert pad.ink.max() == 0
        assert repr(pad) == "Nothing drawn yet"
        for name in ("digit", "image"):
            with pytest.raises(ValueError, match=r"got nothing.*pad.load"):
                getattr(pad, name)
        browser_draws(pad, drawn("7"))
        pad.clear()
    browser_draws(pad, drawn("1", height=1, pen=14), number=9)
    assert "dot" in pad.message
    with pytest.raises(ValueError, match="got only a dot"):
        pad.digit  # noqa: B018 - a property that raises


def test_a_photograph_by_code_and_by_the_button_are_the_same(pad):
    file = io.BytesIO()
    photograph().save(file, "PNG")
    pad.load(file.getvalue())
    by_code = pad.ink
    assert pad._drawing["author"] == ""
    pad.clear()
    pad._handle_custom_msg({"kind": "photograph"}, [memoryview(file.getvalue())])
    assert np.array_equal(pad.ink, by_code)
    assert pad.probabilities[1] == 1


def test_a_bad_photograph_leaves_the_drawing_and_says_why(pad):
    browser_draws(pad, drawn("7"))
    with pytest.raises(ValueError, match="no picture"):
        pad.load(b"Buy milk.")
    assert pad.message == ""  # the error stands in the cell
    answers = set()
    for _ in range(2):
        pad._handle_custom_msg({"kind": "photograph"}, [memoryview(b"Buy milk.")])
        answers.add(pad._state["answer"])
        assert "no picture" in pad._state["message"]
        assert pad._state["probabilities"][1] == 1
    assert len(answers) == 2
    browser_draws(pad, drawn("0"), number=2)
    assert pad.message == ""


@pytest.mark.parametrize("error", [RuntimeError("no weights"), KeyError(""), ZeroDivisionError()])
def test_a_model_that_raises_is_said_in_the_pad(error):
    def broken(images):
        raise error

    pad = DigitPad(broken)
    browser_draws(pad, drawn("7"))
    assert pad._state["message"].startswith(f"The model raised {type(error).__name__}: ")
    assert pad.probabilities is None
    assert "not read" in repr(pad)
    pad.model = ones
    assert pad.message == ""
    assert pad.probabilities[1] == 1


def test_a_pad_without_a_model_draws():
    pad = DigitPad()
    assert "No model" in pad._state["note"]
    browser_draws(pad, drawn("7"))
    assert pad.digit.shape == (1, 28, 28)
    assert pad.probabilities is None
    with pytest.raises(ValueError, match=r"a trained model.*got int"):
        pad.model = 3
    with pytest.raises(ValueError, match=r"a trained model.*got str"):
        DigitPad("model.keras")


def test_the_model_is_called_once_before_the_first_stroke():
    calls = []
    pad = DigitPad(lambda images: calls.append(images.shape) or ones(images))
    assert calls == [(1, 28, 28)]
    browser_draws(pad, drawn("7"))
    assert len(calls) == 2


def test_a_broken_message_of_the_browser_is_said(pad):
    content = {"kind": "drawing", "author": "a", "number": 1}
    pad._handle_custom_msg(content, [memoryview(b"\x01\x02")])
    assert pad.message == "Expected 280 x 280 pixels from the browser, got 1."
    pad._handle_custom_msg({"kind": "photograph"}, [])
    assert pad.message
    pad._handle_custom_msg({"kind": "something else"}, [])


def test_the_drawing_stays_in_what_a_reloaded_page_asks_for(pad):
    browser_draws(pad, drawn("7"))
    state = pad.get_state()
    assert np.array_equal(_unpacked(state["_drawing"]["ink"]), pad.ink)
    assert state["_state"]["probabilities"][1] == 1


def test_the_still_picture_shows_the_ink_and_the_bars(pad):
    empty = np.asarray(picture(pad).convert("L"))
    browser_draws(pad, drawn("7"))
    full = np.asarray(picture(pad).convert("L"))
    assert full.shape == (300, 700)
    assert (full != empty)[:, :300].sum() > 1000
    assert (full != empty)[40:60, 424:600].sum() > 1000


def test_the_still_picture_has_no_bars_of_nothing(pad):
    browser_draws(pad, drawn("7"))
    rows = np.asarray(picture(pad).convert("L"))[12:292].reshape(10, 28, 700)
    has_bar = (rows[:, :, 424:] < 255).any(axis=(1, 2))
    assert has_bar.tolist() == [digit == 1 for digit in range(10)]


def test_outside_of_a_notebook_the_pad_is_a_line(pad, capsys):
    pad._ipython_display_()
    assert capsys.readouterr().out == "Nothing drawn yet\n"


def test_a_notebook_keeps_a_picture_that_follows_the_drawing():
    cells = [
        "import numpy as np\nfrom workshop.widgets import DigitPad\n"
        "pad = DigitPad(lambda images: np.eye(10)[[1]])\npad",
        "paper = np.full((90, 90), 220)\npaper[10:80, 40:46] = 20\npad.load(paper)",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    live, still = notebook.cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in live.data
    assert "read as 1 (1.000)" in still.data["text/plain"]
    assert "read as 1 (1.000)" in still.metadata["image/png"]["alt"]
    assert 'alt="Picture of a digit pad. Drawn; read as 1 (1.000)' in still.data["text/html"]
    file = io.BytesIO(base64.b64decode(still.data["image/png"]))
    assert Image.open(file).size == (700, 300)
    assert len(file.getvalue()) < 10_000


class Reader:
    """Reads sample digits as a network does that was trained on a scale: sure of little ink."""

    def __init__(self, scale, *, logits=1.0, shape=(28, 28), knows=True):
        self.scale, self.logits, self.input_shape, self.knows = scale, logits, (None, *shape), knows
        images, self.labels = suspicion.samples()
        self.known = scale(images).reshape(len(images), -1)

    def __call__(self, images):
        given = np.asarray(images, dtype=np.float32).reshape(len(images), -1)
        apart = ((given[:, None, ::9] - self.known[None, :, ::9]) ** 2).mean(-1)
        nearest = apart.argmin(axis=1)
        is_right = (nearest % 10 > 0) & (apart.min(axis=1) < 1e-3) & self.knows
        classes = np.where(is_right, self.labels[nearest], (nearest + 7) % 10)
        return np.eye(10)[classes] * 6 * self.logits


SCALES_OF_CODE = {
    "images / 255": lambda images: images / 255,
    "images / 127.5 - 1": lambda images: images / 127.5 - 1,
    "1 - images / 255": lambda images: 1 - images / 255,
    "255 - images": lambda images: 255 - images,
    "(images / 255 - 0.1307) / 0.3081": lambda images: (images / 255 - 0.1307) / 0.3081,
}


@pytest.mark.parametrize("code", SCALES_OF_CODE)
@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (784,)])
def test_a_model_that_reads_better_on_another_scale_is_suspected(code, shape):
    model = Reader(SCALES_OF_CODE[code], shape=shape)
    said = suspicion.suspicion(model)
    assert said.startswith("Of 300 sample digits this model reads ")
    assert "(0 for the paper to 255 for the ink)" in said
    advice = said.split("Try: pad.model = ")[1]
    put_right = eval(advice, {"model": model})
    assert suspicion.suspicion(put_right) == ""
    assert put_right(np.zeros((1, 28, 28), "uint8")).shape == (1, 10)


@pytest.mark.parametrize(
    "model",
    [
        Reader(lambda images: images),
        Reader(lambda images: images / 255, knows=False),
        lambda images: np.zeros((len(images), 11)),
        lambda images: np.full((len(images), 10), np.nan),
        lambda images: np.full((len(images), 10), 0.1),
        lambda images: np.eye(10)[[1]],
        lambda images: None,
        lambda images: 1 / 0,
        lambda images: np.random.default_rng(len(images)).normal(size=(len(images), 10)),
    ],
)
def test_of_other_models_nothing_is_suspected(model):
    assert suspicion.suspicion(model) == ""
    pad = DigitPad(model)
    pad.load(photograph())
    assert "sample digits" not in pad.message


def test_the_suspicion_stands_in_the_pad_until_it_is_put_right():
    model = Reader(lambda images: images / 255)
    pad = DigitPad(model)
    pad.load(photograph())
    assert "given as images / 255" in pad.message
    assert pad._state["message"] == pad.message
    assert pad.message in repr(pad)
    pad.model = lambda images: model(images / 255)
    assert pad.message == ""
    pad.load(photograph())
    assert pad.message == pad._suspicion.said == ""


def test_a_stroke_comes_before_the_suspicion_which_comes_at_rest():
    pad = DigitPad(Reader(lambda images: images / 255))
    browser_draws(pad, drawn("7"))
    assert pad.message == ""
    pad._handle_custom_msg({"kind": "rest"}, [])
    assert "given as images / 255" in pad._state["message"]
    answer = pad._state["answer"]
    pad._handle_custom_msg({"kind": "rest"}, [])  # nothing new to say
    assert pad._state["answer"] == answer


def test_a_slow_model_is_not_asked_each_time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(suspicion.time, "monotonic", lambda: now[0])
    asked = []

    def slow(images):
        asked.append(len(images))
        now[0] += 1.0
        return np.zeros((len(images), 10))

    looking = suspicion.Suspicion(slow)
    for _ in range(10):
        looking.look()
        now[0] += 1.0
    assert len(asked) <= 7
