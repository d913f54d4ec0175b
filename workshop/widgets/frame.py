"""TensorBoard's page in a frame, and the sentence in its place where the browser can't reach it."""

import html
import json
import os
import uuid
from pathlib import Path

from workshop.messages import say

SCRIPT = Path(__file__).parent / "frame.js"


class TensorBoardPage:
    """What `show_tensorboard` gives: a page in a frame, or a sentence that says why there is none.

    Args:
        said: the text; with a page, one line with its address.
        source: the address for the frame; None where there is no page to show.
        port: where TensorBoard listens, on the machine of this kernel.
        at: where on the page to begin, from `#` on.
        height: height of the frame in pixels.
        title: what a screen reader says of the frame.
    """

    def __init__(
        self,
        said: str,
        source: str | None = None,
        *,
        port: int = 0,
        at: str = "",
        height: int = 600,
        title: str = "",
    ):
        """Keep what is shown."""
        self.said, self.source, self.port = said, source, port
        self.at, self.height, self.title = at, height, title

    def __repr__(self) -> str:
        """Give the text."""
        return self.said

    def _repr_html_(self) -> str | None:
        if self.source is None:
            return None
        title, source = html.escape(self.title), html.escape(self.source + self.at)
        own_tab, name = say("The same page in a tab of its own"), f"tensorboard-{uuid.uuid4().hex}"
        troubles = "".join(
            f'<p role="alert" data-answer="{answer}" hidden>{html.escape(sentence)}</p>'
            for answer, sentence in _troubles(self.port, self.source).items()
        )
        return (
            f'<div id="{name}">{troubles}<div class="workshop-tensorboard-page">'
            f'<iframe title="{title}" src="{source}" width="100%" height="{self.height}" '
            'style="border: 1px solid #bbb"></iframe>'
            f'<p><a href="{source}" target="_blank" rel="noopener">{own_tab}</a>. '
            f"{_where_it_is_empty()}</p></div></div>"
            f"<script>(() => {{ {_script()}\n"
            f"watch(document.getElementById('{name}'), {_quoted(self.source)}); }})();</script>"
        )


def no_proxy(port: int) -> str:
    """Say that the server passes no ports on, and what to do.

    Args:
        port: where TensorBoard listens, on the machine of this kernel.
    """
    return say(
        "TensorBoard runs, at port {port} of the machine of this kernel, and your browser can't "
        "reach it there: this is a hub or Binder, and its server lacks jupyter-server-proxy. Ask "
        "who runs the hub to install jupyter-server-proxy, or download the folder of event files "
        "and run `tensorboard --logdir FOLDER` on your own machine.",
        port=port,
    )


def _troubles(port: int, source: str) -> dict[str, str]:
    """Give the sentences for what frame.js may find."""
    fields = {"port": port, "source": source}
    return {
        "missing": no_proxy(port),
        "refused": say(
            "This notebook's server does not pass port {port} on, or does not know you any more. "
            "Log in again in another tab and run the cell once more; if this stays, ask who runs "
            "the server to let jupyter-server-proxy pass ports on.",
            **fields,
        ),
        "ended": say(
            "There is no TensorBoard at {source}: it ended with its kernel. Run the cell again.",
            **fields,
        ),
        "late": say(
            "TensorBoard has not answered yet: its kernel is busy. The page comes when it has time."
        ),
        "unreachable": _unreachable(source),
    }


def _unreachable(source: str) -> str:
    if "VSCODE_PID" in os.environ:
        return say(
            "VS Code shows no page of this machine in a notebook. Use its command 'Simple Browser: "
            "Show' with the address {source}",
            source=source,
        )
    return say(
        "Your browser can't reach TensorBoard at {source}: its kernel has ended (run the cell "
        "again), or runs on another machine. There, ask who runs the server to install "
        "jupyter-server-proxy, or download the folder of event files and run `tensorboard --logdir "
        "FOLDER` on your own machine.",
        source=source,
    )


def _quoted(text: str) -> str:
    """Write a text as one of JavaScript, within a page."""
    return json.dumps(text).replace("<", "\\u003c")


def _where_it_is_empty() -> str:
    if "VSCODE_PID" in os.environ:
        return say(
            "Where the frame stays empty in VS Code: the command 'Simple Browser: Show' with this "
            "address."
        )
    return say(
        "If the frame is empty or shows an error, its kernel has ended (run the cell again), or "
        "your browser can't reach the machine of this kernel."
    )


def _script() -> str:
    # A linter and an editor see a module; within a page it is a part of a function.
    return SCRIPT.read_text(encoding="utf-8").replace("export ", "")
