"""A widget's page that needs no kernel: its own script and style sheet on its last state."""

import base64
import json
import uuid
import zlib
from pathlib import Path

import anywidget

SCRIPT = Path(__file__).parent / "still.js"
OF_ANYWIDGET = {"_esm", "_css", "_anywidget_id"}


def without_kernel(widget: anywidget.AnyWidget, instead: str = "") -> str:
    """Write the page of a widget as it is now.

    Args:
        widget: its script ends with `export default widgetOf(...)`.
        instead: HTML that stands there until the script runs, or where none may.

    Returns:
        HTML: an element, a style sheet, and a script that draws the widget into the element.
    """
    place = f"still-{uuid.uuid4().hex}"
    saved = widget.get_manager_state(widgets=[widget])["state"][widget.model_id]
    foreign = OF_ANYWIDGET | set(anywidget.AnyWidget.class_trait_names())
    state = {name: value for name, value in saved["state"].items() if name not in foreign}
    arrays = [
        {"path": part["path"], "data": _packed(base64.b64decode(part["data"]))}
        for part in saved.get("buffers", ())
        if part["path"][0] not in foreign
    ]
    # A page would end a script at "</"; and a module of a page exports to nobody.
    given = json.dumps({"state": state, "arrays": arrays}).replace("</", "<\\/")
    script = saved["state"]["_esm"].replace("export default ", "const widget = ")
    shown = SCRIPT.read_text(encoding="utf-8").replace("export ", "")
    return (
        f'<div id="{place}" class="workshop-still">{instead}</div>'
        f"<style>{saved['state']['_css']}</style>"
        f'<script type="module">{script}\n{shown}\n'
        f'showStill(document.getElementById("{place}"), widget, {given});</script>'
    )


def _packed(array: bytes) -> str:
    return base64.b64encode(zlib.compress(array)).decode("ascii")
