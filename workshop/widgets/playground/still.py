"""What stands in the notebook for the playground where no kernel runs it.

The live playground is one output of its cell, a picture of it the next. While the live one is in
the page, its style sheet hides the picture. So the picture can be renewed, whenever the training
pauses, without touching the live view, and the saved file always holds it.
"""

import base64
import io

from workshop.widgets.still import publish_live

COLOURS = 128
# A learner who pauses often goes on at once: the picture, a third of a second, can wait.
AFTER = 1.5


def _shell():
    from IPython import get_ipython

    return get_ipython()


def show(playground) -> None:
    """Show the playground in the running cell: the live view, and the picture behind it.

    Args:
        playground: a `Playground`.
    """
    if getattr(_shell(), "kernel", None) is None:
        print(playground.summary())
        return
    publish_live(playground, f"playground (live with a kernel): {playground.summary()}")
    _publish(playground, update=False)
    playground._shown = True


def _publish(playground, *, update):
    from IPython.display import publish_display_data
    from PIL import Image

    if playground.model is None:  # nothing to draw: the picture of the last model stays
        return
    drawn, file = io.BytesIO(), io.BytesIO()
    playground.figure().savefig(drawn, format="png", dpi=90)
    Image.open(drawn).convert("RGB").quantize(COLOURS).save(file, format="png")
    text = (
        "Picture of the playground: the decision surface over the two clouds of points, and the "
        f"loss curve. {playground.summary()}. Run the cell to play."
    )
    publish_display_data(
        {"image/png": base64.b64encode(file.getvalue()).decode("ascii"), "text/plain": text},
        {"image/png": {"alt": text}},
        transient={"display_id": f"playground-{playground.model_id}"},
        update=update,
    )


def renew(playground, loop=None) -> None:
    """Have the picture drawn again: a little later, or when the running cell ends.

    Args:
        playground: a `Playground`; nothing happens where it is not shown.
        loop: the kernel's event loop for later; None in a running cell.
    """
    if not playground._shown:
        return
    if playground._still_later is not None:
        playground._still_later.cancel()
        playground._still_later = None
    if loop is not None:
        playground._still_later = loop.call_later(AFTER, _draw_again, playground)
    elif not playground._at_end_of_cell:
        playground._at_end_of_cell = True
        events = _shell().events

        def at_end_of_cell(*_):
            events.unregister("post_run_cell", at_end_of_cell)
            playground._at_end_of_cell = False
            _draw_again(playground)

        events.register("post_run_cell", at_end_of_cell)


def _draw_again(playground):
    playground._still_later = None
    if not playground._running:
        _publish(playground, update=True)
