"""One thread runs the model; when it is free, a batch of all that waits starts."""

import asyncio
import queue
import threading

import numpy as np

from workshop.serving.model import Refused, Signature

# Statuses by TensorFlow's codes of errors; every other one is 500.
STATUSES = {3: 400, 4: 504, 5: 404, 8: 429, 9: 400, 11: 400, 12: 501, 14: 503}
MOST = 1000  # requests that may wait


class Waiting:
    """The arrays of a request, and its answer when it comes."""

    def __init__(self, signature: Signature, arrays: list[np.ndarray]):
        """Find out what it may share a batch with: rows of one shape, for the same function."""
        self.call, self.arrays = signature.call, arrays
        self.answer = asyncio.get_running_loop().create_future()
        counts = {len(array) for array in arrays} if signature.joins else ()
        self.rows = counts.pop() if len(counts) == 1 else 0
        self.kind = (signature, *(array.shape[1:] for array in arrays)) if self.rows else self


class Batches:
    """What waits for the thread; all but the model itself runs in the event loop."""

    def __init__(self, size: int, wait_s: float):
        """Make batches of up to `size` rows; an idle thread waits up to `wait_s` for more."""
        self._size, self._wait_s = size, wait_s if size > 1 else 0
        self._waiting: list[Waiting] = []
        self._busy, self._timer = False, None
        self._batches: queue.SimpleQueue[list[Waiting]] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    async def run(self, signature: Signature, arrays: list[np.ndarray]) -> list[np.ndarray]:
        """Compute the outputs of a request, together with others that wait."""
        if len(self._waiting) >= MOST:
            raise Refused(503, f"The batch scheduling queue is full: {MOST} requests wait")
        request = Waiting(signature, arrays)
        self._waiting.append(request)
        if not self._busy:  # also without a wait, what is there to be read by now comes along
            self._busy = True
            self._timer = request.answer.get_loop().call_later(self._wait_s, self._start)
        elif self._timer and sum(one.rows for one in self._waiting) >= self._size:
            self._timer.cancel()
            self._start()
        return await request.answer

    def _start(self) -> None:
        """Hand the requests of one batch to the thread, from the oldest on."""
        batch, rest = self._waiting[:1], []
        for one in self._waiting[1:]:
            rows = sum(other.rows for other in batch) + one.rows
            (batch if one.kind == batch[0].kind and rows <= self._size else rest).append(one)
        self._waiting, self._busy, self._timer = rest, bool(batch), None
        if batch:
            self._batches.put(batch)

    def _work(self) -> None:
        while True:
            batch = self._batches.get()
            results = _compute(batch)
            batch[0].answer.get_loop().call_soon_threadsafe(self._done, batch, results)
            del batch, results  # an old version's weights go with the last request that holds it

    def _done(self, batch: list[Waiting], results: list) -> None:
        self._start()
        for request, result in zip(batch, results, strict=True):
            answer, failed = request.answer, isinstance(result, Refused)
            if not answer.done():  # or its client has gone
                (answer.set_exception if failed else answer.set_result)(result)


def _compute(batch: list[Waiting]) -> list:
    """Give the outputs of each request, or its error; where one fails, each is computed alone."""
    try:
        if len(batch) == 1:
            return [batch[0].call(*batch[0].arrays)]
        columns = zip(*(request.arrays for request in batch), strict=True)
        *ends, total = np.cumsum([request.rows for request in batch])
        outputs = batch[0].call(*map(np.concatenate, columns))
        if {len(output) for output in outputs} != {total}:
            raise ValueError  # its rows are no rows of the inputs
        return list(zip(*(np.split(output, ends) for output in outputs), strict=True))
    except Exception as error:  # noqa: BLE001 - who asked has to know
        if len(batch) > 1:
            return [result for request in batch for result in _compute([request])]
        return [Refused(STATUSES.get(getattr(error, "error_code", None), 500), str(error))]
