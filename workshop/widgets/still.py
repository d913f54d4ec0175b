"""A live widget, and the picture that stands in its place where no kernel draws it.

The live view is one output of its cell, its still the next: the widget's own page on its last
state, which needs no kernel, and follows theme and width as the live view does. A style sheet in
the second shows the one or the other: the still where no live view stands before it, as when the
notebook is opened again without its kernel. Programs without scripts show a PNG file, with a
description.
"""

import base64
import html
import io
from collections.abc import Callable

from workshop.messages import say
from workshop.widgets import page

COLOURS = 128
# Where no `:has` is known (browsers of before 2023), both are shown.
STYLE = """<style>
.jp-OutputArea-child:has(.NAME:not(.workshop-still *)) + .jp-OutputArea-child:has(.NAME-still)
{display: none}
.jp-OutputArea-child:not(:has(.NAME)):has(+ .jp-OutputArea-child .NAME-still) {display: none}
</style>"""


class Still:
    """Shows a widget, and keeps the picture of it that is saved with the notebook.

    Args:
        widget: an `anywidget.AnyWidget` with a `summary()`, which a terminal prints.
        name: CSS class of the live view's outermost element.
        draw: gives the picture, as a PNG file, and what it shows, for those who can't see it; None
            where there is nothing to draw yet, or nothing new, and the picture stays.
        wide: gives the same for a slide, as a PNG file, where that picture is too high for one.
    """

    def __init__(
        self,
        widget,
        *,
        name: str,
        draw: Callable[[], tuple[bytes, str] | None],
        wide: Callable[[], bytes] | None = None,
    ):
        self._widget, self._name, self._draw, self._wide = widget, name, draw, wide
        self._later = None
        self._is_asked_for = False
        self.is_shown = False

    def show(self) -> None:
        """Show the widget in the running cell: the live view, and the picture behind it."""
        if not has_kernel():
            print(self._widget.summary())
            return
        text = say("{summary} (live with a kernel)", summary=self._widget.summary())
        publish(live(self._widget, text))
        self._publish(self._draw() or (None, self._widget.summary()), update=False)
        self.is_shown = True

    def renew(self) -> None:
        """Draw the picture again where it is shown."""
        if self.is_shown and (drawn := self._draw()) is not None:
            self._publish(drawn, update=True)

    def renew_later(self, loop, seconds: float) -> None:
        """Draw it again after a while; a later call starts the while anew.

        Args:
            loop: the kernel's event loop.
            seconds: how long to wait: who pauses often goes on at once.
        """
        if not self.is_shown:
            return
        if self._later is not None:
            self._later.cancel()
        self._later = loop.call_later(seconds, self.renew)

    def renew_at_end_of_cell(self) -> None:
        """Draw it again once, when the running cell ends."""
        if self.is_shown and not self._is_asked_for:
            self._is_asked_for = True
            at_end_of_cell(self._renew_at_end)

    def _renew_at_end(self):
        self._is_asked_for = False
        self.renew()

    def _publish(self, drawn, *, update):
        wide = self._wide() if self._wide and drawn[0] else None
        output = picture(self._widget, *drawn, name=self._name, wide=wide)
        publish(output, place=f"{self._name}-{self._widget.model_id}", update=update)


def has_kernel() -> bool:
    """Tell whether a notebook's kernel runs us, and can show more than text.

    Returns:
        False in a program and in IPython's shell.

    Example:
        >>> has_kernel()
        False
    """
    from IPython import get_ipython

    return getattr(get_ipython(), "kernel", None) is not None


def hears_buttons() -> bool:
    """Tell whether this kernel delivers what a page says while a cell runs.

    Returns:
        True for ipykernel 7.1 to 7.3; others do so after the cell.
    """
    if not has_kernel():
        return False
    try:
        import ipykernel
    except ImportError:  # another kernel for Python, such as xeus
        return False
    major, minor = map(int, ipykernel.__version__.split(".")[:2])
    return (7, 1) <= (major, minor) < (7, 4)


def at_end_of_cell(call: Callable[[], None]) -> Callable[[], None]:
    """Have a function called once when the running cell ends, also after an interrupt.

    Args:
        call: the function.

    Returns:
        A function that takes this back, and does nothing once it has been called.
    """
    from IPython import get_ipython

    if get_ipython() is None:
        return lambda: None
    events, waiting = get_ipython().events, [call]

    def take_back():
        if waiting:
            waiting.clear()
            events.unregister("post_run_cell", once)

    def once(*_):
        take_back()
        call()

    events.register("post_run_cell", once)
    return take_back


def at_start_of_next_cell(call: Callable[[], None]) -> None:
    """Have a function called once, before the next cell runs.

    Args:
        call: the function.
    """
    from IPython import get_ipython

    if get_ipython() is None:
        return
    events = get_ipython().events

    def once(*_):
        events.unregister("pre_run_cell", once)
        call()

    events.register("pre_run_cell", once)


def png(figure, *, dpi: int = 90) -> bytes:
    """Save a matplotlib figure in few colours: a third of the bytes in the learner's notebook."""
    from PIL import Image

    drawn, file = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=dpi)
    few = Image.open(drawn).convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
    few.save(file, format="png")
    return file.getvalue()


def live(widget, text: str) -> tuple[dict, dict]:
    """Make the output, data and metadata, that is a widget; programs without widgets get a text."""
    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    return {"application/vnd.jupyter.widget-view+json": view, "text/plain": text}, {}


def picture(
    widget, file: bytes | None, text: str, *, name: str, wide: bytes | None = None
) -> tuple[dict, dict]:
    """Make the output that is a still.

    Args:
        widget: an `anywidget.AnyWidget`.
        file: a picture of it, as a PNG file, for programs that don't run its page; None where there
            is nothing to draw yet.
        text: what it shows.
        name: CSS class of the live view, whose place it takes where that is missing.
        wide: the picture that a slide shows, and programs without HTML; `file` where it is None.

    Returns:
        Data and metadata of the output.
    """
    encoded, said = base64.b64encode(file or b"").decode("ascii"), html.escape(text)
    image = f'<img src="data:image/png;base64,{encoded}" alt="{said}" style="max-width: 100%">'
    shown = (
        f'{STYLE.replace("NAME", name)}<figure class="{name}-still" style="margin: 0">'
        f"{page.without_kernel(widget, image if file else said)}{_why_still()}</figure>"
    )
    data = {"text/plain": text, "text/html": shown}
    if not file:
        return data, {}
    alone = base64.b64encode(wide or file).decode("ascii")
    return data | {"image/png": alone}, {"image/png": {"alt": text}}


def _why_still() -> str:
    """Say what is missing where a cell was run and the picture stayed."""
    asked = html.escape(say("It stays a picture after its cell has run?"))
    answer = html.escape(
        say(
            "Then the program that shows this notebook lacks anywidget, which the kernel has. Open "
            "the lesson by `workshop lab`, or install anywidget in the environment from which your "
            "JupyterLab is started, start it again and reload the page."
        )
    )
    return f"<details><summary>{asked}</summary>{answer}</details>"


def publish(output: tuple[dict, dict], *, place: str | None = None, update: bool = False) -> None:
    """Show an output in the running cell.

    Args:
        output: data and metadata.
        place: a name under which it can be replaced later.
        update: replace it where it is shown already.
    """
    from IPython.display import publish_display_data

    transient = {"display_id": place} if place else None
    publish_display_data(*output, transient=transient, update=update)
