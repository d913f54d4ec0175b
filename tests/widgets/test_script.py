"""What travels to the browser: each widget's script is one module, its style sheet one text."""

import re
import shutil
import subprocess

import pytest

from workshop.widgets.script import HERE, script, style

FOLDERS = sorted(path.parent for path in HERE.glob("*/widget.js"))
RUN = """import widget from "./widget.mjs";
if (typeof widget.render !== "function") throw new Error("no render");"""

each_widget = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def test_there_is_one_for_each_widget():
    names = [folder.name for folder in FOLDERS]
    assert names == ["catch", "dashboard", "digit_pad", "lanes", "playground", "systolic"]


@each_widget
def test_a_script_is_one_module_without_imports(folder):
    text = script(folder / "widget.js")
    assert re.findall(r"^import\b.*", text, re.MULTILINE) == []
    [export] = re.findall(r"^export\b.*", text, re.MULTILINE)
    assert export.startswith("export default widgetOf(")
    assert text.count("class View {") == 1


@each_widget
def test_a_script_can_be_loaded(folder, tmp_path):
    """A name that a widget and page.js both give would be an error in the browser only."""
    if not (node := shutil.which("node")):
        pytest.skip("no Node on this machine")
    (tmp_path / "widget.mjs").write_text(script(folder / "widget.js"), encoding="utf-8")
    (tmp_path / "run.mjs").write_text(RUN, encoding="utf-8")
    ran = subprocess.run(
        [node, tmp_path / "run.mjs"], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert ran.returncode == 0, ran.stderr


@each_widget
def test_a_style_sheet_begins_with_what_all_share(folder):
    text = style(folder / "widget.css")
    assert text.index(".workshop-widget {") < text.index(".workshop-dark {")
    assert text.endswith((folder / "widget.css").read_text(encoding="utf-8"))
    assert text.count("{") == text.count("}")


def test_a_missing_file_is_told(tmp_path):
    for read in (script, style):
        with pytest.raises(FileNotFoundError):
            read(tmp_path / "widget")


def test_safari_knows_its_own_names_for_what_a_finger_must_not_do():
    pad = style(HERE / "digit_pad" / "widget.css")
    for name in ("-webkit-touch-callout: none", "-webkit-user-select: none", "user-select: none"):
        assert name in pad.split(".digit-pad .dp-left {")[1].split("}")[0]
    for widget in ("catch", "dashboard", "digit_pad", "playground", "systolic"):
        buttons = style(HERE / widget / "widget.css").split("widget button {")[1]
        assert "touch-action: manipulation" in buttons.split("}")[0]
        assert "-webkit-user-select: none" in buttons.split("}")[0]
