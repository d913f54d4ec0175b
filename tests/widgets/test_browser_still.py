"""A JupyterLab without anywidget, as of another environment: the picture stands, no error."""

import json

import pytest
from browser import RUN_ALL, jupyterlab, needs_chromium

pytestmark = needs_chromium

CELL = """import numpy as np
from workshop.widgets import DigitPad
DigitPad(lambda images: np.eye(10)[[1]])"""


@pytest.mark.parametrize(
    "lacking", [["anywidget"], ["anywidget", "@jupyter-widgets/jupyterlab-manager"]]
)
def test_the_picture_stands_there_and_says_why(tmp_path, lacking):
    settings = tmp_path / "config" / "labconfig"
    settings.mkdir(parents=True)
    off = {"disabledExtensions": dict.fromkeys(lacking, True)}
    (settings / "page_config.json").write_text(json.dumps(off))
    with jupyterlab(tmp_path) as lab, lab.open(lab.write("still.ipynb", CELL)) as page:
        page.evaluate(RUN_ALL)
        page.wait_for_function("window.allDone")
        page.locator(".digit-pad-still .digit-pad").wait_for(state="visible")
        page.wait_for_timeout(1500)
        seen = [part for part in page.locator(".jp-OutputArea-child").all() if part.is_visible()]
        assert len(seen) == 1
        page.locator(".digit-pad-still summary").click()
        assert "lacks anywidget, which the kernel has" in seen[0].inner_text()
