"""Where a dashboard is shown: the live view while it trains, a still picture afterwards.

A widget lives in the kernel; a notebook that is opened without one shows an error in its place.
So the output of the live view is replaced by a picture when the cell ends.
"""

import base64
import io

COLOURS = 128


def _shell():
    from IPython import get_ipython

    return get_ipython()


def show(dashboard, *, update: bool = False) -> None:
    """Show the dashboard in the running cell, live or, after its training, as the picture.

    Args:
        dashboard: a `TrainingDashboard`.
        update: replace it where it is shown already, instead of showing it here.
    """
    from IPython.display import publish_display_data

    if update and not getattr(dashboard, "_shown", False):
        return
    if _shell() is None:
        print(dashboard.summary())
        return
    data, metadata = _picture(dashboard) if dashboard._still_is_shown else _live(dashboard)
    publish_display_data(
        data=data,
        metadata=metadata,
        transient={"display_id": dashboard._display_id},
        update=update,
    )
    dashboard._shown = True


def _live(dashboard):
    view = {"version_major": 2, "version_minor": 0, "model_id": dashboard.model_id}
    text = f"training dashboard: {dashboard.summary()}"
    return {"application/vnd.jupyter.widget-view+json": view, "text/plain": text}, {}


def _picture(dashboard):
    from PIL import Image

    drawn, file = io.BytesIO(), io.BytesIO()
    dashboard.figure().savefig(drawn, format="png", dpi=100)
    # Grey digits, one red, two blues: a third of the bytes in the learner's notebook.
    Image.open(drawn).convert("RGB").quantize(COLOURS).save(file, format="png")
    text = f"Six panels of a training, {dashboard.summary()}"
    png = base64.b64encode(file.getvalue()).decode("ascii")
    return {"image/png": png, "text/plain": text}, {"image/png": {"alt": text}}


def watch_end_of_cell(dashboard) -> None:
    """Have `dashboard.finish` called when the running cell ends; nothing without IPython.

    Args:
        dashboard: a `TrainingDashboard`.
    """
    shell = _shell()
    if shell is None or getattr(dashboard, "_at_end_of_cell", None) is not None:
        return

    def at_end_of_cell(*_):
        if dashboard._at_end_of_cell is at_end_of_cell:
            dashboard.finish()

    dashboard._at_end_of_cell = at_end_of_cell
    shell.events.register("post_run_cell", at_end_of_cell)


def leave(dashboard) -> None:
    """Replace the live view by the still picture, and say its numbers in a line of text.

    Args:
        dashboard: a `TrainingDashboard`.
    """
    at_end_of_cell = getattr(dashboard, "_at_end_of_cell", None)
    if at_end_of_cell is None:
        return  # no cell updated it since the last picture
    dashboard._at_end_of_cell = None
    events = _shell().events
    events.unregister("post_run_cell", at_end_of_cell)

    def at_start_of_cell(*_):
        # Some kernels deliver the button only after its cell: it must not stop the next training.
        events.unregister("pre_run_cell", at_start_of_cell)
        dashboard.stopped = False

    events.register("pre_run_cell", at_start_of_cell)
    if not getattr(dashboard, "_shown", False):
        return
    dashboard._still_is_shown = True
    show(dashboard, update=True)
    # JupyterLab gives pictures no alternative text, so the numbers stand beside it as well.
    print(dashboard.summary())
