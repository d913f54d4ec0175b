"""The digit pad in JupyterLab in headless Chromium: pointer, keys, touch, photographs, trouble."""

import io
import math

import nbformat
import numpy as np
import pytest
from browser import RUN_ALL, needs_chromium
from PIL import Image, ImageDraw, ImageFilter

pytestmark = needs_chromium

IMPORTS = """import time
import keras
import numpy as np
from workshop.data import load_mnist
from workshop.widgets import DigitPad
keras.utils.set_random_seed(0)
(x_train, y_train), _ = load_mnist("sample")
layers = keras.layers"""
TRAIN = """model = keras.Sequential([
    keras.Input((28, 28)), layers.Rescaling(1 / 255), layers.Reshape((28, 28, 1)),
    layers.RandomTranslation(0.07, 0.07, fill_mode="constant"),
    layers.Conv2D(16, 4, strides=2, use_bias=False), layers.BatchNormalization(momentum=0.9),
    layers.ReLU(),
    layers.Conv2D(32, 3, use_bias=False), layers.BatchNormalization(momentum=0.9), layers.ReLU(),
    layers.MaxPooling2D(), layers.Conv2D(64, 3, activation="relu"), layers.Flatten(),
    layers.Dropout(0.2), layers.Dense(10, "softmax")])
model.compile(keras.optimizers.Adam(2e-3), "sparse_categorical_crossentropy")
history = model.fit(x_train, y_train, batch_size=64, epochs=8, verbose=0)"""
SHOW = "pad = DigitPad(model)\npad"
NOTEBOOK = "notebooks/digit_pad.ipynb"
PAD = ".digit-pad"
ROW = ".dp-row"

SEVEN = [[(0.22, 0.2), (0.75, 0.2), (0.42, 0.85)]]
ONE = [[(0.5, 0.12), (0.47, 0.88)]]
FOUR = [[(0.35, 0.15), (0.25, 0.55), (0.75, 0.55)], [(0.66, 0.2), (0.6, 0.9)]]
ZERO = [
    [
        (0.5 + 0.22 * math.sin(angle), 0.5 - 0.36 * math.cos(angle))
        for angle in np.linspace(0, 2 * math.pi, 40)
    ]
]


@pytest.fixture(scope="module")
def page(lab):
    """A trained model and its pad, shown by a cell, with an empty cell below."""
    lab.write("digit_pad.ipynb", IMPORTS, TRAIN, SHOW)
    with lab.open(NOTEBOOK, touch=True) as page:
        page.said = []
        page.on("console", lambda message: page.said.append((message.type, message.text)))
        page.evaluate(RUN_ALL)
        page.wait_for_function("window.allDone", timeout=120_000)
        page.locator(f"{PAD}[data-number]").scroll_into_view_if_needed()
        yield page


@pytest.fixture(autouse=True)
def clean(page):
    """Begin each test with an empty pad."""
    wipe(page)


def data(page, name):
    return page.evaluate(f"document.querySelector('{PAD}').dataset.{name} ?? ''")


def number(page):
    return int(data(page, "number"))


def wipe(page):
    before = number(page)
    page.locator(".dp-clear").click()
    page.wait_for_function(
        f"(before) => {{ const d = document.querySelector('{PAD}').dataset;"
        " return +d.number > before && d.best === ''; }",
        arg=before,
    )


def places(page, stroke):
    box = page.locator(".dp-ink").bounding_box()
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]


def draw(page, strokes):
    """Draw with the mouse, and give what the model reads at the end."""
    for stroke in strokes:
        first, *others = places(page, stroke)
        page.mouse.move(*first)
        page.mouse.down()
        for place in others:
            page.mouse.move(*place, steps=6)
        before = number(page)
        page.mouse.up()
        after(page, before)
    return data(page, "best")


def after(page, before):
    """Wait for the kernel's answer to the last thing that was done."""
    page.wait_for_function(
        f"(before) => +document.querySelector('{PAD}').dataset.number > before", arg=before
    )
    page.wait_for_timeout(300)  # what was sent while the stroke went on is answered before


def note(page):
    return page.locator(".dp-note").text_content()


def load(page, name, content):
    """Choose a file, and give what the pad says of it."""
    page.locator(".dp-file").set_input_files(
        {"name": name, "mimeType": "image/png", "buffer": content}
    )
    page.wait_for_function(
        "() => !document.querySelector('.dp-note').textContent.startsWith('Looking')"
    )
    page.wait_for_timeout(300)
    return note(page)


def png(image):
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def seven(size, width, colour, paper):
    image = Image.new("RGBA", size, paper)
    points = [(x * size[0], y * size[1]) for x, y in SEVEN[0]]
    ImageDraw.Draw(image).line(points, fill=colour, width=width, joint="curve")
    return image


@pytest.mark.parametrize(("digit", "strokes"), [("1", ONE), ("0", ZERO), ("7", SEVEN)])
def test_the_model_reads_what_the_pointer_draws(page, digit, strokes):
    assert draw(page, strokes) == digit
    bars = page.locator(ROW).all_text_contents()
    assert len(bars) == 10
    assert bars[int(digit)].startswith(digit)
    assert float(bars[int(digit)][1:]) > 0.5
    assert page.locator(".dp-best").text_content() == bars[int(digit)]
    page.wait_for_timeout(900)
    assert f"reads {digit} with" in page.locator(f"{PAD} .workshop-spoken").text_content()


def test_bars_come_while_a_stroke_goes_on(page):
    first, *others = places(page, ZERO[0])
    page.mouse.move(*first)
    page.mouse.down()
    seen = set()
    for place in others:
        page.mouse.move(*place)
        page.wait_for_timeout(40)
        seen.add(number(page))
    page.mouse.up()
    assert len(seen) >= 3


def test_a_stroke_that_leaves_the_paper_is_read(page):
    assert draw(page, [[(0.5, 0.05), (0.5, 1.2)]]) == "1"


def test_a_digit_at_the_edge_is_read(page):
    assert draw(page, [[(0.01 + x * 0.4, 0.01 + y * 0.4) for x, y in ZERO[0]]]) == "0"


def test_a_digit_by_keyboard_alone(page):
    cells = page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")
    page.locator(".dp-ink").focus()
    for key, times in [("ArrowUp", 10), ("ArrowLeft", 8), ("Space", 1), ("ArrowRight", 17)]:
        for _ in range(times):
            page.keyboard.press(key)
    page.keyboard.down("ArrowLeft")
    for _ in range(11):
        page.keyboard.press("ArrowDown")
    page.keyboard.up("ArrowLeft")
    for _ in range(8):
        page.keyboard.press("ArrowDown")
    before = number(page)
    page.keyboard.press("Enter")
    after(page, before)
    assert data(page, "best") == "7"
    assert page.locator(".dp-cursor").is_visible()
    now = page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex")
    assert now == cells
    before = number(page)
    page.keyboard.press("Delete")
    after(page, before)
    assert data(page, "best") == ""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.classList[0]") == "dp-clear"
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


@pytest.fixture
def touch(page):
    """Touch the page with fingers at these places."""
    session = page.context.new_cdp_session(page)

    def touch(kind, *points):
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return touch


def scrolled(page):
    return page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollTop")


def test_a_digit_by_touch(page, touch):
    before_it = scrolled(page)
    first, *others = places(page, SEVEN[0])
    before = number(page)
    touch("touchStart", first)
    for (x0, y0), (x1, y1) in zip([first, *others], others, strict=False):
        for part in np.linspace(0, 1, 12):
            touch("touchMove", (x0 + part * (x1 - x0), y0 + part * (y1 - y0)))
    touch("touchEnd")
    after(page, before)
    assert data(page, "best") == "7"
    assert scrolled(page) == before_it


def ink(page, left=0.0):
    """Count the pixels of ink, from a share of the width on."""
    return page.evaluate(
        """(left) => {
            const { width, height } = document.querySelector(".dp-ink");
            const context = document.querySelector(".dp-ink").getContext("2d");
            const { data } = context.getImageData(left * width, 0, (1 - left) * width, height);
            return data.reduce((sum, value, at) => sum + (at % 4 === 3 && value > 0), 0);
        }""",
        left,
    )


def test_two_fingers_scroll_and_draw_nothing(page, touch):
    draw(page, ONE)
    drawn, before_it = ink(page), scrolled(page)
    (x, y), (x2, y2) = places(page, [(0.3, 0.7), (0.7, 0.7)])
    touch("touchStart", (x, y))
    touch("touchMove", (x, y - 5))
    assert ink(page) > drawn
    touch("touchStart", (x, y - 5), (x2, y2))
    for up in range(0, 60, 10):
        touch("touchMove", (x, y - 5 - up), (x2, y2 - up))
    touch("touchEnd")
    page.wait_for_timeout(300)
    assert ink(page) == drawn
    assert abs(scrolled(page) - before_it) > 20
    page.locator(PAD).scroll_into_view_if_needed()


def test_a_touch_that_the_system_cancels_was_no_stroke(page, touch):
    draw(page, ONE)
    drawn = ink(page)
    (x, y), (x2, y2) = places(page, [(0.2, 0.3), (0.8, 0.3)])
    touch("touchStart", (x, y))
    touch("touchMove", (x2, y2))
    assert ink(page) > drawn
    touch("touchCancel")
    page.wait_for_timeout(500)
    assert ink(page) == drawn
    assert data(page, "best") == "1"


WAVER = """class Waver:
    input_shape = (None, 28, 28)
    def __call__(self, images, training=None):
        return np.tile([0, 0, 0, 0, .55, 0, 0, 0, 0, .45], (len(images), 1))
pad.model = Waver()"""


def spoken(page):
    return page.locator(f"{PAD} .workshop-spoken").text_content()


def test_an_unsure_answer_is_grey_and_names_two_digits(page):
    draw(page, SEVEN)
    assert page.locator(".dp-doubt").text_content() == ""
    colour = "getComputedStyle(document.querySelector('.dp-answer')).color"
    sure = page.evaluate(colour)
    run(page, WAVER)
    page.wait_for_function(f"document.querySelector('{PAD}').dataset.best === '4'")
    assert page.locator(".dp-doubt").text_content() == "not sure: 4 or 9"
    assert page.evaluate(colour) != sure
    bars = page.locator(f"{ROW} .dp-number").all_text_contents()
    assert [bar for bar in bars if bar] == ["0.550", "0.450"]
    page.wait_for_timeout(900)
    assert spoken(page).startswith("The model is not sure: 4 with 0.55, 9 with 0.45")
    run(page, "pad.model = model")
    page.wait_for_function(f"document.querySelector('{PAD}').dataset.best === '7'")
    assert page.locator(".dp-doubt").text_content() == ""


def test_what_was_read_is_not_said_of_an_empty_pad_or_a_dot(page):
    draw(page, ONE)
    page.wait_for_timeout(900)
    assert "reads 1" in spoken(page)
    wipe(page)
    assert spoken(page) == ""
    draw(page, [[(0.5, 0.5), (0.5, 0.5)]])
    page.wait_for_timeout(900)
    assert spoken(page) == ""


@pytest.mark.parametrize("width", [370, 600])
def test_the_answer_stands_beside_the_paper_on_a_narrow_page(page, width):
    draw(page, ONE)
    resize = f"document.querySelector('{PAD}').parentElement.style.width = '%s'"
    page.evaluate(resize % f"{width}px")
    left, answer, bars = (
        page.locator(f"{PAD} {part}").bounding_box()
        for part in (".dp-left", ".dp-answer", ".dp-bars")
    )
    page.evaluate(resize % "")
    assert answer["x"] >= left["x"] + left["width"]
    assert answer["y"] + answer["height"] <= left["y"] + left["height"]
    assert bars["y"] >= left["y"] + left["height"]


POINTER = """([kind, x, y, type, id]) => {
    const canvas = document.querySelector(".dp-ink");
    canvas.setPointerCapture = () => {}; // no such pointer is there
    const how = { clientX: x, clientY: y, pointerType: type, pointerId: id, bubbles: true };
    canvas.dispatchEvent(new PointerEvent(kind, { ...how, button: 0, cancelable: true }));
}"""


@pytest.mark.parametrize("is_first", [True, False])
def test_the_hand_that_holds_the_pen_draws_nothing(page, is_first):
    (x, y), (x2, y2), (palm_x, palm_y) = places(page, [(0.5, 0.1), (0.5, 0.9), (0.9, 0.8)])
    palm = ("pointerdown", palm_x, palm_y, "touch", 50)
    pen = [
        ("pointerdown", x, y, "pen", 51),
        *(
            ("pointermove", x + part * (x2 - x), y + part * (y2 - y), "pen", 51)
            for part in (0.5, 1)
        ),
    ]
    events = (
        [palm, *pen] if is_first else [*pen, palm, ("pointermove", palm_x, palm_y, "touch", 50)]
    )
    before = number(page)
    for event in [
        *events,
        ("pointerup", x2, y2, "pen", 51),
        ("pointerup", palm_x, palm_y, "touch", 50),
    ]:
        page.evaluate(POINTER, list(event))
    page.evaluate("delete document.querySelector('.dp-ink').setPointerCapture")
    after(page, before)
    assert data(page, "best") == "1"
    assert ink(page, left=0.75) == 0


def test_nothing_on_the_paper_is_selected_or_magnified(page):
    style = page.evaluate(
        """() => {
            const { touchAction } = getComputedStyle(document.querySelector(".dp-ink"));
            const left = getComputedStyle(document.querySelector(".dp-left"));
            return [touchAction, left.userSelect, left.webkitTapHighlightColor];
        }"""
    )
    assert style == ["none", "none", "rgba(0, 0, 0, 0)"]
    prevented = page.evaluate(
        """() => ["touchstart", "touchmove"].map((name) => {
            const event = new Event(name, { bubbles: true, cancelable: true });
            document.querySelector(".dp-ink").dispatchEvent(event);
            return event.defaultPrevented;
        })"""
    )
    assert prevented == [True, True]


def test_a_dot_is_answered_and_the_pad_goes_on(page):
    draw(page, [[(0.5, 0.5), (0.5, 0.5)]])
    assert "only a dot" in note(page)
    assert data(page, "best") == ""
    wipe(page)
    assert draw(page, ONE) == "1"
    assert note(page) == ""


def test_a_photograph_on_its_side_with_uneven_light(page):
    paper = np.linspace(120, 235, 900)[None, :].repeat(1200, 0)
    drawn = seven((900, 1200), 30, (0, 0, 0, 255), (0, 0, 0, 0)).getchannel("A")
    ink = np.asarray(drawn.filter(ImageFilter.GaussianBlur(2))) / 255
    pixels = paper * (1 - ink) + 45 * ink + np.random.default_rng(0).normal(0, 4, ink.shape)
    upright = Image.fromarray(np.uint8(np.clip(pixels, 0, 255)))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    file = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", exif=exif)
    assert load(page, "seven.jpg", file.getvalue()) == ""
    assert data(page, "best") == "7"


def test_a_photograph_with_an_alpha_channel(page):
    content = png(seven((400, 400), 24, (0, 0, 0, 255), (0, 0, 0, 0)))
    assert load(page, "alpha.png", content) == ""
    assert data(page, "best") == "7"


def test_a_huge_photograph_is_reduced_in_the_browser(page):
    pixels = np.asarray(seven((2400, 2400), 120, (20, 20, 20, 255), (230, 230, 230, 255)))
    noise = np.random.default_rng(0).integers(-12, 12, (2400, 2400, 1))
    noisy = np.uint8(np.clip(pixels[..., :3] + noise, 0, 255))
    content = png(Image.fromarray(noisy))
    assert len(content) > 3e6
    assert load(page, "huge.png", content) == ""
    page.wait_for_function(f"document.querySelector('{PAD}').dataset.best === '7'")


def test_files_without_a_digit_are_answered_and_the_drawing_stays(page):
    assert draw(page, ONE) == "1"
    assert "that are no picture" in load(page, "notes.png", b"Buy milk.\n" * 20)
    assert "that are no picture" in load(page, "notes.png", b"Buy milk.\n" * 20)
    assert "No digit was found" in load(page, "blank.png", png(Image.new("L", (800, 600), 240)))
    assert "cannot read" in load(page, "long.png", b"Buy milk.\n" * 400_000)
    assert data(page, "best") == "1"
    wipe(page)
    assert note(page) == ""
    assert draw(page, SEVEN) == "7"


def run(page, source):
    """Run code in a new last cell, and give what it printed."""
    page.evaluate(
        """async (source) => {
            const app = window.jupyterapp;
            const notebook = app.shell.currentWidget.content;
            notebook.activeCellIndex = notebook.widgets.length - 1;
            await app.commands.execute("notebook:insert-cell-below");
            notebook.activeCell.model.sharedModel.setSource(source);
            await app.commands.execute("notebook:run-cell");
        }""",
        source,
    )
    text = page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.widgets.at(-1).outputArea.node.textContent"
    )
    page.locator(PAD).scroll_into_view_if_needed()
    return text


def test_what_the_pad_gives_goes_into_the_model(page):
    draw(page, SEVEN)
    said = run(page, "print(pad.digit.shape, int(model(pad.digit)[0].numpy().argmax()))")
    assert said.strip() == "(1, 28, 28) 7"


def test_a_model_that_fails_is_said_in_the_pad(page):
    draw(page, SEVEN)
    run(page, "def broken(images):\n    raise RuntimeError('no weights')\npad.model = broken")
    assert note(page) == "The model raised RuntimeError: no weights"
    run(page, "pad.model = lambda images: np.zeros((1, 7))")
    assert "got one that gives shape (1, 7)" in note(page)
    run(page, "pad.model = None")
    assert "No model is given" in note(page)
    run(page, "pad.model = model")
    assert note(page) == ""
    assert data(page, "best") == "7"


def test_a_kernel_that_is_slow_is_waited_for(page):
    slow = "def slow(images):\n    time.sleep(2)\n    return model(images, training=False)\n"
    run(page, slow + "pad.model = slow")
    first, *others = places(page, ONE[0])
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move(*others[0], steps=4)
    page.mouse.up()
    page.wait_for_function("document.querySelector('.dp-note').textContent.includes('is busy')")
    page.wait_for_function(f"document.querySelector('{PAD}').dataset.best === '1'")
    page.wait_for_function("document.querySelector('.dp-note').textContent === ''")
    run(page, "pad.model = model")


def test_nothing_was_asked_of_the_network_and_nothing_went_wrong(page):
    assert page.outside == []
    wrong = [text for kind, text in page.said if kind == "error"]
    assert wrong == []


def test_a_reloaded_page_finds_the_drawing_and_a_dead_kernel_a_picture(page, lab):
    assert draw(page, SEVEN) == "7"
    assert page.locator(".digit-pad-still").is_hidden()
    page.wait_for_timeout(1500)  # the picture is renewed when the pen rests
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_timeout(1500)
    lab.go(page, NOTEBOOK)
    page.wait_for_function(f"document.querySelector('{PAD}')?.dataset.best === '7'")
    assert page.locator(".dp-hint").is_hidden()

    [pad_cell] = [
        cell for cell in nbformat.read(lab.folder / NOTEBOOK, 4).cells if cell.source == SHOW
    ]
    live, still = pad_cell.outputs
    assert "application/vnd.jupyter.widget-view+json" in live["data"]
    assert "read as 7" in still["data"]["text/plain"]
    assert still["data"]["image/png"]
    page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.wait_for_timeout(500)
    lab.go(page, NOTEBOOK)
    page.locator(".digit-pad-still").wait_for(state="visible")
    page.wait_for_timeout(1500)
    page.locator(f".digit-pad-still {PAD}[data-best='7']").wait_for()
    assert page.locator(".digit-pad-still .dp-clear").is_hidden()
    assert not any(found.is_visible() for found in page.get_by_text("model not found").all())
    assert page.outside == []
