"""The processes of a cluster as lanes, while they work: who steps, who was killed, who is back."""

import threading
from pathlib import Path

import anywidget
import traitlets

from workshop.messages import say
from workshop.widgets.lanes.follow import Follower, sentence_of
from workshop.widgets.script import script, style
from workshop.widgets.still import Still, at_end_of_cell, has_kernel, png

HERE = Path(__file__).parent
LOOK_EVERY = 0.05  # s
LOOKS_A_PICTURE = 3


class Lanes(anywidget.AnyWidget):
    """Watch the processes of a cluster work: a lane for each, a tick for each step.

    Show it by `display(Lanes(cluster))` at the beginning of the cell that waits for the cluster.
    It is drawn anew some five times a second, also while the cell works, and stays as it is at the
    end of that cell or of the cluster. A cross is a process that was killed or failed, a ring is
    where it works again, a dashed line is one that starts.

    A process tells its steps by what it prints: each line that begins with `step` is one, as by
    `print("step", number)`, or by `tf.print("step")` in what a worker runs for a chief. Those that
    never print one, such as a parameter server, have a line without ticks.

    The saved notebook keeps a picture, which is shown where no kernel lives.

    Args:
        cluster: what `start_cluster` gave.

    Example:
        >>> Lanes.recorded({"how": "recorded by hand", "lanes": [
        ...     {"name": "worker 0", "words": "running", "steps": 2, "counts": [1, 1],
        ...      "spans": [[0.0, None, "running"]], "marks": []}]})
        worker 0: running, 2 steps
    """

    _esm = script(HERE / "widget.js")
    _css = style(HERE / "widget.css")

    _state = traitlets.Dict().tag(sync=True)

    def __init__(self, cluster=None):
        self._follower = Follower(cluster) if cluster is not None else None
        self._still = Still(self, name="process-lanes", draw=self._picture)
        self._ending, self._looking = threading.Event(), threading.Lock()
        state = self._follower.state() if self._follower else {"lanes": [], "over": True}
        super().__init__(_state=self._told(state))

    @classmethod
    def recorded(cls, state: dict) -> "Lanes":
        """Show what was recorded of a cluster, on another machine.

        Args:
            state: what a `Follower` gave as its state, and "how": a sentence with the command
                that recorded it and the machine.
        """
        lanes = cls()
        lanes._state = lanes._told({"now": 1.0, "left": 0.0, "bin": 0.05, **state, "over": True})
        return lanes

    def summary(self) -> str:
        """Say what each process did, a line for each."""
        return "\n".join(map(sentence_of, self._state["lanes"]))

    def figure(self):
        """Draw the lanes as a matplotlib figure.

        Returns:
            A `matplotlib.figure.Figure`; as the last line of a cell it is shown.
        """
        from workshop.widgets.lanes.figure import draw_lanes

        return draw_lanes(self._state)

    def __repr__(self):
        return self.summary()

    def _ipython_display_(self):
        follower = self._follower
        if follower is not None and has_kernel() and not self._ending.is_set():
            threading.Thread(target=self._follow, args=[follower], daemon=True).start()
            at_end_of_cell(lambda: self._end(follower))
        self._still.show()  # draws a picture, which takes a moment

    def _follow(self, follower):
        looks = 0
        while not self._ending.wait(LOOK_EVERY):
            looks += 1
            with self._looking:
                follower.look()
                if follower.is_over:
                    self._ending.set()
                if looks % LOOKS_A_PICTURE == 0 or follower.is_over:
                    self._state = self._told(follower.state())

    def _end(self, follower):
        with self._looking:
            if not self._ending.is_set():
                self._ending.set()
                follower.look()
            self._state = self._told({**follower.state(), "over": True})
        self._still.renew()

    def _told(self, state):
        return {
            "how": "",
            "events": "",
            **state,
            "text": ". ".join(map(sentence_of, state["lanes"])),
        }

    def _picture(self):
        return png(self.figure()), say(
            "Picture of processes at work, a tick for some steps. {lanes}",
            lanes=self._state["text"],
        )
