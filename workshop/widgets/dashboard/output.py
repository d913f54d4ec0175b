"""Where a dashboard is shown: the live view while it trains, a picture of it afterwards.

A training that is over needs no live view, and a widget without its kernel is an error message. So
the picture takes the place of the live view when the cell ends.
"""

import uuid

from workshop.messages import say
from workshop.widgets import still


class Output:
    """The place of a dashboard in the notebook, and the end of the cell that trains.

    Args:
        dashboard: a `TrainingDashboard`; `finish` is called when the running cell ends.
    """

    def __init__(self, dashboard):
        self._dashboard = dashboard
        self._place = f"training-dashboard-{uuid.uuid4().hex}"
        self._take_back = None  # while a cell updates the dashboard
        self._is_shown = False
        self.is_over = False  # the picture is shown

    def show(self) -> None:
        """Show the dashboard in the running cell: live or, after its training, as the picture."""
        if not still.has_kernel():
            print(self._dashboard.summary())
            return
        self._publish(update=False)
        self._is_shown = True

    def watch(self) -> None:
        """Have the training finished when the running cell ends; put the live view back."""
        from IPython import get_ipython

        if get_ipython() is not None and self._take_back is None:
            self._take_back = still.at_end_of_cell(self._dashboard.finish)
        if self.is_over:
            self.is_over = False
            self._publish(update=True)

    def leave(self) -> None:
        """Replace the live view by the picture, and say its numbers in a line of text."""
        if self._take_back is None:
            return  # no cell updated it since the last picture
        self._take_back()
        self._take_back = None
        self._forget_button()
        if not self._is_shown:
            return
        self.is_over = True
        self._publish(update=True)
        # JupyterLab gives pictures no alternative text, so the numbers stand beside it as well.
        print("\n".join(filter(None, [self._dashboard.summary(), self._dashboard.note()])))

    def _forget_button(self):
        """Some kernels deliver the button only after its cell: the next training must not stop."""
        from IPython import get_ipython

        events = get_ipython().events

        def at_start_of_cell(*_):
            events.unregister("pre_run_cell", at_start_of_cell)
            self._dashboard.stopped = False

        events.register("pre_run_cell", at_start_of_cell)

    def _publish(self, *, update):
        dashboard = self._dashboard
        if self.is_over:
            text = say("Six panels of a training, {summary}", summary=dashboard.summary())
            text = " ".join(filter(None, [text, dashboard.note()]))
            output = still.picture(still.png(dashboard.figure(), dpi=100), text)
        else:
            text = say(
                "Training dashboard: {summary}. It is live in a program that has anywidget; when "
                "the training ends, a still picture stands here.",
                summary=dashboard.summary(),
            )
            output = still.live(dashboard, text)
        still.publish(output, place=self._place, update=update)
