"""How a kernel shows a figure of matplotlib: sharp, with words for it, right on a dark page too.

A page turns the ink of a figure round where the page is dark, at once when its theme changes, and
in a notebook that is opened again. A photograph stays as it is, on paper of its own. Programs that
show no HTML get the picture alone, and its words where they ask for them.

Nothing heavy is imported before it is needed: a kernel loads this before it has put aside what
another course left.
"""

import base64
import html
import io
import threading

from workshop.jupyter.words import words

MIME = "image/png"
SHARP = 2  # pixels of the picture for each of the page
COLOURS = 256
NEARLY_WHITE = 249
# JupyterLab and Notebook, VS Code, Colab.
DARK = 'body[data-jp-theme-light="false"]', "body.vscode-dark", "html[theme=dark]"
TURNED = "{background: none !important; filter: invert(1) hue-rotate(180deg)}"
TURN = f"{', '.join(f'{page} .workshop-figure' for page in DARK)} {TURNED}"
STYLE = f"<style>@media (forced-colors: none) {{{TURN}}}</style>"
# Where a notebook is not trusted the style sheet is taken out, and white paper is needed; so it is
# for a reader who has chosen the page's colours.
LOOK = "max-width: 100%; height: auto; background: #fff; forced-color-adjust: none"


def install(shell) -> None:
    """Have a shell show figures in this way, and no figure lost to a click.

    Who chooses other formats (`%config InlineBackend.figure_formats = ["svg"]`) gets those alone.

    Args:
        shell: an `IPython.core.interactiveshell.InteractiveShell`.
    """
    formatters = shell.display_formatter
    shell.config.InlineBackend.figure_formats = set()

    def shown(figure):
        if any(type(figure) in one.type_printers for one in formatters.formatters.values()):
            return None
        return bundle(figure)

    formatters.mimebundle_formatter.for_type_by_name("matplotlib.figure", "Figure", shown)
    shell.events.register("pre_execute", lambda: _flush_in_the_main_thread(shell))


def bundle(figure) -> tuple[dict, dict]:
    """Make the output that is a figure.

    Args:
        figure: a `matplotlib.figure.Figure`.

    Returns:
        Data and metadata, by their MIME types: the page, the picture, and a text.
    """
    drawn, said = _drawn(figure), words(figure)
    width, height = (round(side / SHARP) for side in drawn.size)
    encoded = file = _encoded(drawn)
    name, kind = "workshop-figure", MIME
    if _has_photograph(figure):
        # With all its colours on the page, and smaller elsewhere: it would be large otherwise.
        name, kind, encoded = "workshop-photograph", "image/jpeg", _encoded(drawn, "jpeg")
        file = _encoded(drawn.resize((width, height)))
    page = (
        f'{STYLE}<img class="{name}" alt="{html.escape(said)}" width="{width}" style="{LOOK}" '
        f'src="data:{kind};base64,{encoded}">'
    )
    # Where the picture stands alone it can't be turned round, and needs light behind it.
    metadata = {MIME: {"width": width, "height": height, "alt": said}, "needs_background": "light"}
    return {"text/html": page, MIME: file, "text/plain": said}, metadata


def _drawn(figure):
    """Draw a figure, sharp, on white."""
    from PIL import Image

    for image in (image for ax in figure.axes for image in ax.images):
        if image.zorder == 0:
            image.set_zorder(0.75)  # matplotlib has the lines of a grid above it, at 0.5
    file = io.BytesIO()
    figure.savefig(file, dpi=SHARP * figure.dpi, bbox_inches="tight", pad_inches=0.05)
    return Image.open(file).convert("RGB")


def _encoded(drawn, kind: str = "png") -> str:
    """Give a file in letters: a PNG of few colours, in which the page shows as its white."""
    import numpy as np
    from PIL import Image

    how: dict = {"quality": 88}
    if kind == "png":  # with few colours a third of the bytes
        drawn = drawn.quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
        inks = np.array(drawn.getpalette(), np.uint8).reshape(-1, 3)
        white = inks.min(axis=1) >= NEARLY_WHITE
        inks[white] = 255
        drawn.putpalette(inks.tobytes())
        how = {"transparency": np.where(white, 0, 255).astype(np.uint8).tobytes()}
    file = io.BytesIO()
    drawn.save(file, kind, optimize=True, **how)
    return base64.b64encode(file.getvalue()).decode("ascii")


def _has_photograph(figure) -> bool:
    """Whether what is bright in a figure is bright in the thing: in colours or greys of its own."""
    images = [image for ax in figure.axes for image in ax.images if image.get_array() is not None]
    return any(one.get_array().ndim == 3 or one.get_cmap().name == "gray" for one in images)


def _flush_in_the_main_thread(shell) -> None:
    """Keep a click from ending the figure of a cell that runs.

    ipykernel 7.1 to 7.3 handles a widget's message in a thread of its own while a cell runs, and
    says afterwards that a cell has ended. matplotlib then shows the figures that are open, from
    where nobody sees them, and closes them.
    """
    events = shell.events
    for flush in events.callbacks["post_execute"]:
        if getattr(flush, "__module__", "") == "matplotlib_inline.backend_inline":
            events.unregister("post_execute", flush)
            events.register("post_execute", _only_here(flush))


def _only_here(flush):
    def in_the_main_thread():
        if threading.current_thread() is threading.main_thread():
            flush()

    return in_the_main_thread
