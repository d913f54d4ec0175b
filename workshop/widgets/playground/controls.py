"""What the buttons and fields of the playground do, in the kernel."""

import asyncio
import contextlib
import time
from collections.abc import Callable

from workshop.messages import say

# Training runs in slices of so many seconds; between them the kernel hears buttons and cells, and a
# message passes through several turns of its loop.
SLICE, REST = 0.05, 0.003
# Most of what there is to see happens in the first steps of a model, and would be over in a second.
# So long a picture comes after 1/8 more steps each time, and no sooner than so many seconds.
SLOW_UNTIL, MORE, PICTURE = 400, 8, 0.06
# A page that was closed cannot press Pause.
LONGEST = 600
_running = set()


class Controls:
    """Obeys the messages of the view: run, pause, step, reset, choose, draw, take_back.

    JupyterLab may deliver them in a thread of their own while a cell runs. What they ask for is
    done on the loop that runs the cells, between two cells or two slices of a training, so that
    nobody's model is touched from two threads.

    Args:
        session: a `Session`; another one that runs is paused.
        publish: sends the session's state to the view; with `only_if_due`, not too often.
        renew: of the kernel's loop; has the saved picture drawn again.
    """

    def __init__(self, session, *, publish: Callable, renew: Callable):
        self._session, self._publish, self._renew = session, publish, renew
        self.heard = 0  # number of the last message that was obeyed
        self.refused = ""  # why it was not
        self._loop = self._task = None
        with contextlib.suppress(RuntimeError):
            self._loop = asyncio.get_running_loop()
        # A cell that runs again makes a new playground; nobody sees the old one any more.
        pause_others(session)

    def handle_message(self, _widget, message, _buffers) -> None:
        """Take a message, possibly in another thread and while a step runs."""
        self._session.pause_asked = message.get("do") in {"pause", "step"}
        loop = self._loop or asyncio.get_running_loop()
        loop.call_soon_threadsafe(self._obey, message, loop)

    def _obey(self, message, loop):
        session = self._session
        self.heard, self.refused = message.get("number", 0), ""
        try:
            self._act(message, loop)
        except Exception as error:  # noqa: BLE001 - JupyterLab shows it to nobody
            session.fail(error)
        session.pause_asked = False
        if not session.is_running:
            self._leave(loop)

    def _act(self, message, loop):
        session, what = self._session, message.get("do")
        if what == "choose":
            try:
                session.choose(**message["choice"])
            except ValueError as error:
                self.refused = str(error)
                return
        if what == "draw":
            session.draw(message["points"], message["label"])
        elif what == "take_back":
            session.take_back(message.get("count"))
        if what in {"choose", "reset"} or (what in {"run", "step"} and session.is_broken):
            session.build()
        if what == "run":
            self._start(loop)
        elif what in {"pause", "step"}:
            session.pause()
            if what == "step":
                session.problem = ""
                session.advance(1, seconds=SLICE)

    def _start(self, loop):
        session = self._session
        if session.is_running:
            return
        pause_others(session)
        _running.add(session)
        session.start()
        self._task = loop.create_task(self._run(loop))

    async def _run(self, loop):
        session, end = self._session, time.monotonic() + LONGEST
        task = asyncio.current_task()
        try:
            while session.is_running and self._task is task:
                if session.step_count == 0:  # the first step takes a second: TensorFlow traces
                    self._publish()
                await asyncio.sleep(REST)
                if session.is_running and self._task is task:
                    await asyncio.sleep(self._take_slice())
                if time.monotonic() > end:
                    session.is_running = False
                    self.refused = say(
                        "Paused after {minutes} minutes. Run goes on.", minutes=LONGEST // 60
                    )
        except Exception as error:  # noqa: BLE001 - JupyterLab shows it to nobody
            session.fail(error)
        if self._task is task:
            self._leave(loop)

    def _take_slice(self) -> float:
        """Take steps, and show them; gives for how long to look at them."""
        session, began = self._session, time.monotonic()
        is_slow = session.step_count < SLOW_UNTIL
        session.advance(1 + session.step_count // MORE if is_slow else 10**9, seconds=SLICE)
        session.stop_at_end()
        self._publish(only_if_due=not is_slow)
        return max(0.0, PICTURE - (time.monotonic() - began)) if is_slow else 0.0

    def _leave(self, loop):
        _running.discard(self._session)
        if self._session.training is not None:
            self._session.training.record()
        self._publish()
        self._renew(loop)


def pause_others(session) -> None:
    """Pause the playground that trains, if it is another: they would share one kernel.

    Args:
        session: the one that may go on.
    """
    for other in list(_running):
        if other is not session:
            other.is_running = False
    _running.clear()
