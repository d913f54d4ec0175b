"""What the buttons and fields of the playground do, in the kernel."""

import asyncio
import contextlib
import time

from workshop.widgets.playground import still

# Between two slices of training the kernel hears buttons and cells; a message passes through
# several turns of its loop.
REST = 0.003
# A page that was closed cannot press Pause.
LONGEST = 600
_running = set()


class Controls:
    """Obeys the messages of the view: run, pause, step, reset, choose.

    JupyterLab may deliver them in a thread of their own while a cell runs. What they ask for is
    done on the loop that runs the cells, between two cells or two slices of a training, so that
    nobody's model is touched from two threads.

    Args:
        playground: a `Playground`, while it is being made: it pauses the one that runs.
    """

    def __init__(self, playground):
        self.playground = playground
        self.heard = 0  # number of the last message that was obeyed
        self.refused = ""  # why it was not
        self._loop = self._task = None
        with contextlib.suppress(RuntimeError):
            self._loop = asyncio.get_running_loop()
        # A cell that runs again makes a new playground; nobody sees the old one any more.
        pause_others(playground)

    def hear(self, _widget, message, _buffers) -> None:
        """Take a message, possibly in another thread and while a step runs."""
        self.playground._pause_asked = message.get("do") in {"pause", "step"}
        loop = self._loop or asyncio.get_running_loop()
        loop.call_soon_threadsafe(self._obey, message, loop)

    def _obey(self, message, loop):
        playground = self.playground
        self.heard, self.refused = message.get("number", 0), ""
        try:
            self._act(message, loop)
        except Exception as error:  # JupyterLab shows it to nobody
            playground._fail(error)
        playground._pause_asked = False
        if not playground._running:
            self._leave(loop)

    def _act(self, message, loop):
        playground, what = self.playground, message.get("do")
        if what == "choose":
            try:
                playground._choice = playground._choice.changed(
                    playground._clouds, **message["choice"]
                )
            except ValueError as error:
                self.refused = str(error)
                return
        if what in {"choose", "reset"} or (what in {"run", "step"} and _is_broken(playground)):
            playground._build()
        if what == "run":
            playground._problem = None
            self._start(loop)
        elif what in {"pause", "step"}:
            playground._running = playground._pause_asked = False
            if what == "step":
                playground._problem = None
                playground._slice(1)

    def _start(self, loop):
        playground = self.playground
        if playground._running:
            return
        pause_others(playground)
        _running.add(playground)
        playground._running = True
        self._task = loop.create_task(self._run(loop))

    async def _run(self, loop):
        playground, end = self.playground, time.monotonic() + LONGEST
        task = asyncio.current_task()
        try:
            while playground._running and self._task is task:
                if playground.step_count == 0:  # the first step takes a second: TensorFlow traces
                    playground._publish()
                await asyncio.sleep(REST)
                if playground._running and self._task is task:
                    playground._slice(10**9)
                if time.monotonic() > end:
                    playground._running = False
                    self.refused = f"Paused after {LONGEST // 60} minutes. Run goes on."
        except Exception as error:
            playground._fail(error)
        if self._task is task:
            self._leave(loop)

    def _leave(self, loop):
        _running.discard(self.playground)
        if self.playground._training is not None:
            self.playground._training.record()
        self.playground._publish()
        still.renew(self.playground, loop)


def _is_broken(playground):
    return playground._training is None or playground._training.bad_step is not None


def pause_others(playground) -> None:
    """Pause the playground that trains, if it is another: they would share one kernel.

    Args:
        playground: the one that may go on.
    """
    for other in list(_running):
        if other is not playground:
            other._running = False
    _running.clear()
