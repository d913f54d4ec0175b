"""A widget's page without a kernel: the state that it holds, and what the script makes of it."""

import base64
import json
import re
import shutil
import subprocess
import zlib

import anywidget
import pytest
import traitlets

from workshop.widgets import page

PROBE = """
const place = { replaceChildren() {} };
globalThis.document = { getElementById: () => place };
globalThis.IntersectionObserver = class {
  constructor(call) {
    this.call = call;
  }
  observe() {
    this.call([{ isIntersecting: false }], this);
    this.call([{ isIntersecting: true }], this);
  }
  disconnect() {}
};
const widgetOf = () => ({
  render({ model, el }) {
    const heard = [];
    model.on("change:count", () => heard.push(model.get("count")));
    model.set("count", 8);
    model.save_changes();
    const { digits } = model.get("_state");
    const bytes = [...new Uint8Array(digits.buffer, digits.byteOffset, digits.byteLength)];
    console.log(JSON.stringify([bytes, heard, model.get("text"), el === place, model.isStill]));
  },
});
class Shown {}
"""


class Widget(anywidget.AnyWidget):
    _esm = PROBE + "export default widgetOf(Shown);"
    _css = ".probe {color: inherit}"
    _state = traitlets.Dict().tag(sync=True)
    text = traitlets.Unicode("</script> & 'ß'").tag(sync=True)
    count = traitlets.Int(7).tag(sync=True)


@pytest.fixture
def shown():
    return page.without_kernel(
        Widget(_state={"digits": bytes(range(5)), "step": 3}), "<b>picture</b>"
    )


def test_it_holds_the_state_and_nothing_of_anywidget(shown):
    saved = json.loads(re.search(r"widget, ({.*})\);</script>$", shown).group(1))
    assert saved["state"] == {"_state": {"step": 3}, "text": "</script> & 'ß'", "count": 7}
    [array] = saved["arrays"]
    assert array["path"] == ["_state", "digits"]
    assert zlib.decompress(base64.b64decode(array["data"])) == bytes(range(5))


def test_a_picture_stands_there_until_the_script_runs(shown):
    assert re.search(r'<div id="still-\w+" class="workshop-still"><b>picture</b></div>', shown)
    assert "<style>.probe {color: inherit}</style>" in shown


def test_nothing_in_the_state_ends_the_script(shown):
    assert shown.count("</script>") == 1


def test_two_pages_are_two_places(shown):
    other = page.without_kernel(Widget())
    place = re.compile(r"still-\w{32}")
    assert len({*place.findall(shown), *place.findall(other)}) == 2


def test_the_script_draws_the_last_state(shown, tmp_path):
    if not (node := shutil.which("node")):
        pytest.skip("no Node on this machine")
    script = re.search(r'<script type="module">(.*)</script>', shown, re.DOTALL).group(1)
    (tmp_path / "page.mjs").write_text(script, encoding="utf-8")
    ran = subprocess.run(
        [node, tmp_path / "page.mjs"], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [[0, 1, 2, 3, 4], [8], "</script> & 'ß'", True, True]
