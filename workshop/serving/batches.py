"""One thread runs the model, and takes along what waits: a batch starts when it is free."""

import asyncio
import collections
import queue
import threading
import time

import numpy as np

from workshop.serving.model import Refused, Signature

# Of TensorFlow's codes; every other one is 500.
STATUS = {3: 400, 4: 504, 5: 404, 8: 429, 9: 400, 11: 400, 12: 501, 14: 503}


class Job:
    """A request that waits: its arrays, and where its answer goes."""

    def __init__(self, signature: Signature, arrays: list[np.ndarray], answer: asyncio.Future):
        """Find out what it may share a batch with: rows of the same function and shapes."""
        self.signature, self.arrays, self.answer = signature, arrays, answer
        counts = {len(array) for array in arrays} if signature.joins else ()
        self.rows = counts.pop() if len(counts) == 1 else 0
        self.key = self.rows and (id(signature), *(array.shape[1:] for array in arrays))


class Batches:
    """The thread and its queue."""

    def __init__(self, size: int, wait_s: float):
        """Start the thread: batches of up to `size` rows; idle, it waits for more for `wait_s`."""
        self._size, self._wait_s = size, wait_s
        self._came: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._waiting: collections.deque[Job] = collections.deque()
        threading.Thread(target=self._work, daemon=True).start()

    async def run(self, signature: Signature, arrays: list[np.ndarray]) -> list[np.ndarray]:
        """Compute the outputs of a request, together with others."""
        answer = asyncio.get_running_loop().create_future()
        self._came.put(Job(signature, arrays, answer))
        return await answer

    def _work(self) -> None:
        while True:
            jobs = self._take()
            loop = jobs[0].answer.get_loop()
            results = _compute(jobs)
            loop.call_soon_threadsafe(_hand_out, jobs, results)
            del jobs, results  # an old version goes with the last that holds it

    def _take(self) -> list[Job]:
        """Wait for requests, and give those of one batch, from the oldest on."""
        waiting = self._waiting
        while not self._came.empty():
            waiting.append(self._came.get())
        if not waiting:
            waiting.append(self._came.get())
            end = time.monotonic() + self._wait_s
            while sum(job.rows for job in waiting) < self._size:
                try:
                    waiting.append(self._came.get(timeout=max(0, end - time.monotonic())))
                except queue.Empty:
                    break
        first = waiting.popleft()
        batch, rows, others = [first], first.rows, []
        while waiting and first.rows:
            job = waiting.popleft()
            if job.key == first.key and rows + job.rows <= self._size:
                batch.append(job)
                rows += job.rows
            else:
                others.append(job)
        waiting.extendleft(reversed(others))
        return batch


def _compute(jobs: list[Job]) -> list:
    """Give the outputs of each request, or the error; one that fails is computed alone."""
    try:
        if len(jobs) == 1:
            return [jobs[0].signature.call(*jobs[0].arrays)]
        joined = [
            np.concatenate(parts) for parts in zip(*(job.arrays for job in jobs), strict=True)
        ]
        ends = np.cumsum([job.rows for job in jobs])[:-1]
        outputs = [np.split(output, ends) for output in jobs[0].signature.call(*joined)]
        return [list(parts) for parts in zip(*outputs, strict=True)]
    except Exception as error:  # noqa: BLE001 - whatever it is, the one who asked has to know
        if len(jobs) > 1:
            return [result for job in jobs for result in _compute([job])]
        return [Refused(STATUS.get(getattr(error, "error_code", None), 500), str(error))]


def _hand_out(jobs: list[Job], results: list) -> None:
    for job, result in zip(jobs, results, strict=True):
        if job.answer.done():
            continue
        if isinstance(result, Refused):
            job.answer.set_exception(result)
        else:
            job.answer.set_result(result)
