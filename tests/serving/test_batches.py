"""Requests that wait are computed together, and answered as if each were alone."""

import asyncio
import threading

import numpy as np
import pytest

from workshop.serving.batches import Batches
from workshop.serving.model import Refused


class Doubling:
    """Stands for a signature: doubles, and keeps how many rows came at once."""

    joins = True

    def __init__(self):
        self.came, self.go = [], threading.Event()
        self.go.set()

    def call(self, array):
        assert self.go.wait(20)
        self.came.append(len(array))
        if (array < 0).any():
            raise InvalidArgumentError
        return [2 * array]


class InvalidArgumentError(Exception):
    error_code = 3


def run(batches, *requests):
    """Let requests come, all at once; give their answers or errors."""

    async def all_of_them():
        waiting = (batches.run(signature, [array]) for signature, array in requests)
        return await asyncio.gather(*waiting, return_exceptions=True)

    return asyncio.run(all_of_them())


def rows(count, value=1.0):
    return np.full((count, 2), value, np.float32)


def test_what_waits_is_computed_together_and_keeps_its_order():
    double, values = Doubling(), np.arange(10.0)
    answers = run(Batches(32, 0), *((double, rows(1 + n % 3, n)) for n in values.astype(int)))
    for n, [answer] in zip(values.astype(int), answers, strict=True):
        np.testing.assert_array_equal(answer, 2 * rows(1 + n % 3, n))
    assert double.came == [19]


def test_a_batch_has_at_most_so_many_rows():
    double = Doubling()
    run(Batches(4, 0), *((double, rows(1)) for _ in range(10)))
    assert double.came == [4, 4, 2]


def test_without_batching_each_request_goes_alone():
    double = Doubling()
    run(Batches(1, 0), *((double, rows(1 + n)) for n in range(3)))
    assert double.came == [1, 2, 3]


def test_a_request_with_more_rows_than_a_batch_is_answered():
    double = Doubling()
    answers = run(Batches(4, 0), (double, rows(9)), (double, rows(1)))
    assert [len(answer) for [answer] in answers] == [9, 1]
    assert double.came == [9, 1]


def test_other_shapes_and_functions_are_batched_apart():
    first, second = Doubling(), Doubling()
    wide = np.ones((1, 3), np.float32)
    requests = [(first, rows(1)), (second, rows(1)), (first, wide), (first, rows(1)), (first, wide)]
    answers = run(Batches(32, 0), *requests)
    for (_, array), [answer] in zip(requests, answers, strict=True):
        np.testing.assert_array_equal(answer, 2 * array)
    assert first.came == [2, 2]
    assert second.came == [1]


def test_rows_that_do_not_join_go_alone():
    double = Doubling()
    double.joins = False
    run(Batches(32, 0), (double, rows(1)), (double, rows(1)))
    assert double.came == [1, 1]


def test_one_that_fails_does_not_hurt_its_neighbours():
    double = Doubling()
    first, failed, last = run(
        Batches(32, 0), (double, rows(1)), (double, rows(1, -1)), (double, rows(1, 3))
    )
    assert first[0].tolist() == [[2, 2]]
    assert last[0].tolist() == [[6, 6]]
    assert isinstance(failed, Refused)
    assert failed.status == 400


def test_outputs_that_are_not_rows_of_the_inputs_are_not_parted():
    class Counting(Doubling):
        def call(self, array):
            return [np.array([array.sum()])]

    first, second = run(Batches(32, 0), (Counting(), rows(2)), (count := Counting(), rows(1)))
    assert [first[0].tolist(), second[0].tolist()] == [[4], [2]]
    answers = run(Batches(32, 0), (count, rows(2)), (count, rows(3)))
    assert [answer[0].tolist() for answer in answers] == [[4], [6]]


def test_an_error_that_tensorflow_has_no_code_for_is_500():
    class Broken:
        joins = True

        def call(self, array):
            raise RuntimeError("broken")

    [failed] = run(Batches(32, 0), (Broken(), rows(1)))
    assert (failed.status, str(failed)) == (500, "broken")


def test_a_batch_starts_when_the_thread_is_free():
    """What comes while the model computes waits, and goes as one."""
    double = Doubling()
    double.go.clear()

    async def come():
        batches = Batches(32, 0)
        first = asyncio.create_task(batches.run(double, [rows(1)]))
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(batches.run(double, [rows(1)])) for _ in range(5)]
        await asyncio.sleep(0.05)
        double.go.set()
        await asyncio.gather(first, *others)

    asyncio.run(come())
    assert double.came == [1, 5]


@pytest.mark.parametrize(("size", "came"), [(32, [2]), (2, [2]), (1, [1, 1])])
def test_an_idle_thread_waits_for_more(size, came):
    """Until the time is over or the batch is full; for nothing where each goes alone."""
    double = Doubling()

    async def come():
        batches = Batches(size, 0.3 if size == 32 else 60.0)
        first = asyncio.create_task(batches.run(double, [rows(1)]))
        await asyncio.sleep(0.02)
        await asyncio.gather(first, batches.run(double, [rows(1)]))

    asyncio.run(asyncio.wait_for(come(), 20))
    assert double.came == came


def test_a_client_that_has_gone_hurts_nobody():
    double = Doubling()
    double.go.clear()

    async def come():
        batches = Batches(32, 0)
        gone = asyncio.create_task(batches.run(double, [rows(1)]))
        stays = asyncio.create_task(batches.run(double, [rows(1)]))
        await asyncio.sleep(0.05)
        gone.cancel()
        double.go.set()
        return await stays

    assert asyncio.run(come())[0].tolist() == [[2, 2]]


def test_a_full_queue_refuses(monkeypatch):
    monkeypatch.setattr("workshop.serving.batches.MOST", 2)
    double = Doubling()
    answers = run(Batches(1, 0), *((double, rows(1)) for _ in range(5)))  # one goes at once
    assert [getattr(answer, "status", 200) for answer in answers] == [200] * 3 + [503] * 2
