"""Jobs for processes: shared out, asked for late, and what happens when one is lost."""

import gc
import os
import signal
import time

import pytest

from workshop.cluster import ScriptError
from workshop.search import Workers, answer

SCRIPT = """
import os, sys, time
from workshop.search import answer

def function(x, wait=0.0):
    time.sleep(wait)
    if x == "raise":
        raise ValueError("a wrong word")
    if x == "die":
        os.kill(os.getpid(), 9)
    return [x, os.getpid(), *sys.argv[1:]]

answer(function)
"""


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "answers.py"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_both_workers_get_jobs_and_arguments(script):
    with Workers(script, "a", 7, count=2) as workers:
        pids = set(workers.pids)
        found = list(workers.evaluate((k, 0.1) for k in range(6)))
        assert sorted(job[0] for job, _ in found) == list(range(6))
        assert all(result[0] == job[0] for job, result in found)
        assert {result[1] for _, result in found} == pids
        assert found[0][1][2:] == ["a", "7"]
        assert "2 workers of answers.py" in repr(workers)
    assert not any(alive(pid) for pid in pids)


def test_stopped_workers_are_started_again(script):
    """As where an earlier cell is run again."""
    with Workers(script, count=2) as workers:
        before = set(workers.pids)
        workers.stop()
        assert not any(alive(pid) for pid in before)
        assert [job for job, _ in workers.evaluate([(1,), (2,)])] in ([(1,), (2,)], [(2,), (1,)])
        after = set(workers.pids)
        assert not before & after
    assert not any(alive(pid) for pid in after)


def test_workers_end_with_their_object(script):
    """As where a cell is run again and its name bound anew."""
    workers = Workers(script, count=1)
    (pid,) = workers.pids
    assert alive(pid)
    del workers
    gc.collect()
    assert not alive(pid)


def test_a_job_is_asked_for_when_a_worker_is_free(script):
    """So that who asks knows all results until then."""
    known, seen = [], []

    def jobs():
        for k in range(4):
            seen.append(len(known))
            yield (k,)

    with Workers(script, count=1) as workers:
        for _, result in workers.evaluate(jobs()):
            known.append(result)
    assert seen == [0, 1, 2, 3]


def test_what_is_done_first_comes_first(script):
    with Workers(script, count=2) as workers:
        found = [job[0] for job, _ in workers.evaluate([("slow", 1.0), ("quick", 0.0)])]
    assert found == ["quick", "slow"]


def test_an_error_of_the_script_is_told(script):
    with Workers(script, count=1) as workers, pytest.raises(ScriptError, match="a wrong word"):
        list(workers.evaluate([(1,), ("raise",), (2,)]))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals of Unix")
def test_the_job_of_a_killed_worker_is_done_by_another(script):
    with Workers(script, count=2) as workers:
        first = workers.pids[0]
        found = []
        for job, _ in workers.evaluate([(k, 0.2) for k in range(5)]):
            if not found:
                os.kill(first, signal.SIGKILL)
            found.append(job[0])
        assert sorted(found) == list(range(5))
        assert first not in workers.pids


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals of Unix")
def test_a_job_that_kills_two_workers_is_told(script):
    with Workers(script, count=1) as workers, pytest.raises(ScriptError, match=r"over \('die',\)"):
        list(workers.evaluate([("die",)]))


def test_workers_are_replaced_after_a_while(script):
    with Workers(script, count=1, most=2) as workers:
        pids = [result[1] for _, result in workers.evaluate((k,) for k in range(5))]
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]


def test_a_loop_that_was_left_leaves_nothing_behind(script):
    """What an interrupted cell had asked for does not come to the next one."""
    with Workers(script, count=2) as workers:
        for _ in workers.evaluate([(k, 0.3) for k in range(4)]):
            break
        assert sorted(job for job, _ in workers.evaluate([(8,), (9,)])) == [(8,), (9,)]


def test_a_job_that_takes_too_long_is_told(script, monkeypatch):
    monkeypatch.setattr("workshop.search.workers.DEADLINE_S", 0.2)
    with (
        Workers(script, count=1) as workers,
        pytest.raises(ScriptError, match=r"no result after 0.2 s"),
    ):
        list(workers.evaluate([("slow", 30.0)]))


def test_a_script_that_answers_nothing_is_told(tmp_path):
    path = tmp_path / "silent.py"
    path.write_text("print('hello')", encoding="utf-8")
    with pytest.raises(ScriptError, match="hello"):
        Workers(path, count=1)


@pytest.mark.parametrize("numbers", [{"count": 0}, {"count": 1, "most": 0}])
def test_bad_numbers_are_told(script, numbers):
    with pytest.raises(ValueError, match="at least 1"):
        Workers(script, **numbers)


def test_no_script(tmp_path):
    with pytest.raises(FileNotFoundError, match="Run the cell that writes it"):
        Workers(tmp_path / "none.py", count=1)


def test_answer_belongs_into_a_script():
    with pytest.raises(RuntimeError, match="in a notebook starts this script"):
        answer(print)


def test_others_without_the_key_get_no_answer(script):
    from multiprocessing import AuthenticationError
    from multiprocessing.connection import Client

    with Workers(script, count=1) as workers:
        port = int(workers._workers[0].running.output.split()[-1])
        started = time.monotonic()
        with pytest.raises((AuthenticationError, OSError, EOFError)):
            Client(("127.0.0.1", port), authkey=b"another").recv()
        assert time.monotonic() - started < 60
        assert [result[0] for _, result in workers.evaluate([(3,)])] == [3]
