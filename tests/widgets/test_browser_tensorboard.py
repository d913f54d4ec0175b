"""TensorBoard in JupyterLab in headless Chromium: through the server's proxy, and directly."""

import pytest
from browser import RUN_ALL, SELECT, needs_chromium

pytestmark = needs_chromium

IMPORTS = """
import os
import subprocess
import sys

import keras
import numpy as np
import tensorflow as tf
from workshop.widgets import show_tensorboard
"""
WRITE = """
with tf.summary.create_file_writer("runs/tb/first").as_default():
    for step in range(50):
        tf.summary.scalar("accuracy of the test", step / 50, step)
        tf.summary.scalar("loss of the test", 1 / (step + 1), step)
"""
SHOW = "show_tensorboard('runs/tb', tag='loss of the test', height=640)"
# Another process asks, as a browser would, while this kernel trains.
BUSY = """
page = show_tensorboard("runs/tb")
port = page.source.rstrip("/").split(":")[-1].split("/")[-1]
ask = (
    "import sys, time, urllib.request\\n"
    "for _ in range(20):\\n"
    "    start = time.perf_counter()\\n"
    "    urllib.request.urlopen(f'http://127.0.0.1:{sys.argv[1]}/data/runs', timeout=20).read()\\n"
    "    print(time.perf_counter() - start)\\n"
)
asking = subprocess.Popen([sys.executable, "-c", ask, port], stdout=subprocess.PIPE, text=True)
model = keras.Sequential([keras.layers.Dense(500, activation="relu"), keras.layers.Dense(10)])
model.compile("sgd", "mse")
x, y = np.zeros((20_000, 784), "float32"), np.zeros((20_000, 10), "float32")
epochs = 0
while asking.poll() is None:
    model.fit(x, y, epochs=1, verbose=0)
    epochs += 1
slowest = max(map(float, asking.stdout.read().split()))
print("status", asking.returncode, "epochs", epochs >= 1, f"slowest {slowest:.3f} s")
"""


def shown(page):
    """Run all cells, wait for the chart in the frame; gives the frame's element."""
    page.evaluate(RUN_ALL)
    page.wait_for_function("window.allDone", timeout=240_000)
    element = page.wait_for_selector(".jp-OutputArea-output iframe")
    frame = element.content_frame()
    first = frame.locator("tf-scalar-card").first
    first.get_by_text("loss of the test").first.wait_for(timeout=120_000)
    first.locator("vz-line-chart2").wait_for(timeout=120_000)
    return element


@pytest.mark.parametrize("way", ["proxy", "direct"])
def test_the_chart_is_shown(lab, way):
    own = "os.environ['TENSORBOARD_PROXY_URL'] = 'http://127.0.0.1:%PORT%/'" * (way == "direct")
    path = lab.write(f"tensorboard_{way}.ipynb", IMPORTS + own, WRITE, SHOW)
    with lab.open(path) as page:
        element = shown(page)
        assert element.get_attribute("title") == "TensorBoard of runs/tb"
        assert round(element.bounding_box()["height"]) in (640, 642)
        source = element.get_attribute("src")
        assert source.startswith("/proxy/" if way == "proxy" else "http://127.0.0.1:")
        assert page.locator(".jp-OutputArea-output[data-mime-type*='stderr']").count() == 0
        assert page.outside == []


def test_it_answers_while_a_cell_trains(lab):
    path = lab.write("tensorboard_busy.ipynb", IMPORTS, WRITE, BUSY)
    with lab.open(path) as page:
        page.evaluate(RUN_ALL)
        page.wait_for_function("window.allDone", timeout=240_000)
        outputs = page.locator(".jp-OutputArea-output").all_text_contents()
        assert any("status 0 epochs True" in text for text in outputs), outputs


SERVED = "os.environ['TENSORBOARD_PROXY_URL'] = '{address}'"
VERSION = '{"version": "2.21.0"}'


@pytest.fixture(scope="module")
def unreached(lab):
    """TensorBoard said to be where there is none: on the notebook's server, and elsewhere."""
    path, elsewhere = (
        SERVED.format(address=address)
        for address in ("/user/ada/proxy/%PORT%/", "http://127.0.0.1:9/")
    )
    cells = [IMPORTS, WRITE, f"{path}\n{SHOW}", f"{elsewhere}\n{SHOW}"]
    path = lab.write("tensorboard_unreached.ipynb", *cells)
    with lab.open(path) as page:
        page.evaluate(RUN_ALL)
        page.wait_for_function("window.allDone", timeout=240_000)
        yield page


def answer(page, cell=2, *, again=True):
    """Give what the script in a cell's output found, the sentence that is seen, and the frame."""
    output = page.locator(".jp-CodeCell").nth(cell).locator("div[id^=tensorboard-]")
    if again:
        page.evaluate(SELECT, cell)
        output.evaluate("(shown) => shown.remove()")
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-cell')")
    page.wait_for_function("(shown) => shown.dataset.answer", arg=output.element_handle())
    seen = [said.text_content() for said in output.get_by_role("alert").all() if said.is_visible()]
    return (
        output.get_attribute("data-answer"),
        " ".join(seen),
        output.locator("iframe").is_visible(),
    )


def test_a_server_without_the_proxy_gets_the_sentence(unreached):
    found, said, is_framed = answer(unreached, again=False)
    assert (found, is_framed) == ("missing", False)
    assert "its server lacks jupyter-server-proxy" in said


@pytest.mark.parametrize(
    ("answered", "found", "said", "is_framed"),
    [
        ({"status": 403}, "refused", "does not pass port", False),
        ({"status": 302, "headers": {"location": "/login"}}, "refused", "Log in again", False),
        ({"status": 500}, "ended", "it ended with its kernel", False),
        ({"status": 599}, "ended", "it ended with its kernel", False),
        ({"status": 200, "body": "<p>Another program"}, "ended", "Run the cell again", False),
        (None, "unreachable", "Your browser can't reach TensorBoard", False),
        ({"status": 200, "body": VERSION}, "shown", "", True),
    ],
)
def test_each_answer_of_a_server_has_its_sentence(unreached, answered, found, said, is_framed):
    def fulfil(route):
        route.fulfill(**answered) if answered else route.abort()

    unreached.route("**/user/ada/proxy/**", fulfil)
    try:
        got = answer(unreached)
    finally:
        unreached.unroute("**/user/ada/proxy/**")
    assert (got[0], got[2]) == (found, is_framed)
    assert said in got[1]


def test_a_kernel_elsewhere_is_said(unreached):
    found, said, is_framed = answer(unreached, cell=3, again=False)
    assert (found, is_framed) == ("unreachable", False)
    assert "at http://127.0.0.1:9/: its kernel has ended" in said
