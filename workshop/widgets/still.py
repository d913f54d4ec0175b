"""A live widget, and the picture that stands in its place where no kernel draws it.

The live view is one output of its cell, a picture of it with a description the next. A style sheet
in the second shows the one or the other: the picture where no live view stands before it, as when
the notebook is opened again without its kernel. Programs without widgets, and files that nbconvert
makes, show the picture.
"""

import base64
import html

# Where no `:has` is known (browsers of before 2023), both are shown.
STYLE = """<style>
.jp-OutputArea-child:has(.NAME) + .jp-OutputArea-child:has(.NAME-still) {display: none}
.jp-OutputArea-child:not(:has(.NAME)):has(+ .jp-OutputArea-child .NAME-still) {display: none}
</style>"""


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


def publish_live(widget, text: str) -> None:
    """Show a widget in the running cell.

    Args:
        widget: an `anywidget.AnyWidget`.
        text: what a program without widgets shows.
    """
    from IPython.display import publish_display_data

    view = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    publish_display_data({"application/vnd.jupyter.widget-view+json": view, "text/plain": text})


def publish_picture(png: bytes, text: str, *, name: str, **display: object) -> None:
    """Put a picture behind the live view.

    Args:
        png: the picture, as a file.
        text: what it shows, for those who can't see it; it stands below the picture.
        name: CSS class of the live view's outermost element.
        **display: what `publish_display_data` takes, to renew the picture later.
    """
    from IPython.display import publish_display_data

    encoded, said = base64.b64encode(png).decode("ascii"), html.escape(text)
    page = (
        f'{STYLE.replace("NAME", name)}<figure class="{name}-still" style="margin: 0">'
        f'<img src="data:image/png;base64,{encoded}" alt="{said}" style="max-width: 100%">'
        f"<figcaption>{said}</figcaption></figure>"
    )
    publish_display_data(
        {"image/png": encoded, "text/html": page, "text/plain": text},
        {"image/png": {"alt": text}},
        **display,
    )
