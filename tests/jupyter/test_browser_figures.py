"""Figures in JupyterLab: dark when the page is, and not ended by a click into a running cell."""

from browser import RUN_ALL, needs_chromium

pytestmark = needs_chromium

PLOT = """import matplotlib.pyplot as plt
axis = plt.subplots()[1]
axis.set_xlabel("time (s)")"""
CLICKED = """import time
import matplotlib.pyplot as plt
from IPython.display import display
from ipywidgets import Button
clicks = []
button = Button(description="click")
button.on_click(clicks.append)
axis = plt.subplots()[1]
axis.set_title("before")
display(button)
end = time.monotonic() + 3
while time.monotonic() < end or (not clicks and time.monotonic() < end + 20):
    time.sleep(0.05)
plt.xlabel(f"after clicks: {bool(clicks)}")"""
FILTER = "getComputedStyle(document.querySelector('img.workshop-figure')).filter"
DARK = """window.jupyterapp.commands.execute(
    "apputils:change-theme", {theme: "JupyterLab Dark"})"""


def test_a_figure_turns_dark_with_the_page_at_once(lab):
    with lab.open(lab.write("plot.ipynb", PLOT)) as page:
        page.evaluate(RUN_ALL)
        page.wait_for_selector("img.workshop-figure")
        assert page.locator(".jp-OutputArea-output img").count() == 1, "shown once"
        assert page.get_attribute("img.workshop-figure", "alt") == "Figure. time (s)"
        assert page.evaluate(FILTER) == "none"
        page.evaluate(DARK)
        page.wait_for_function(f"{FILTER} === 'invert(1) hue-rotate(180deg)'")


def test_a_figure_is_there_after_a_click_while_its_cell_runs(lab):
    with lab.open(lab.write("clicked.ipynb", CLICKED)) as page:
        page.evaluate(RUN_ALL)
        page.get_by_role("button", name="click", exact=True).click()
        page.wait_for_function("window.allDone")
        page.wait_for_selector("img.workshop-figure")
        said = [image.get_attribute("alt") for image in page.locator("img.workshop-figure").all()]
        assert said == ["Figure. before: after clicks: True"]
