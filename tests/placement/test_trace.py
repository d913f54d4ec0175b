"""The machine's own trace, read; and a measurement that waits for quiet."""

import pytest
import tensorflow as tf
from tensorflow.core.framework.step_stats_pb2 import StepStats

from workshop.placement import Span, as_written, spans_of, timed, trace

DEVICE = "/job:worker/replica:0/task:{}/device:CPU:0"


def statistics(*rows):
    """A trace of (device, name, label, start, length), in microseconds."""
    found = StepStats()
    for device, name, label, start, length in rows:
        own = [one for one in found.dev_stats if one.device == device]
        one = own[0] if own else found.dev_stats.add(device=device)
        one.node_stats.add(
            node_name=name,
            timeline_label=label,
            all_start_micros=start,
            op_start_rel_micros=2,
            op_end_rel_micros=2 + length,
        )
    return found


def test_spans_are_in_milliseconds_since_the_first():
    rows = [
        (DEVICE.format(1), "b", "b = MatMul(a)", 5_000, 1_500),
        (DEVICE.format(0), "a", "a = Mul(x)", 1_000, 500),
    ]
    assert spans_of(statistics(*rows)) == [Span("a", 0, 0.0, 0.5), Span("b", 1, 4.0, 5.5)]


def test_what_only_carries_tensors_is_left_out():
    rows = [
        (DEVICE.format(0), "_SOURCE", "", 1_000, 5),
        (DEVICE.format(0), "edge_1_a", "edge_1_a = _Send(a)", 1_000, 5),
        (DEVICE.format(1), "edge_1_a", "edge_1_a = _Recv()", 1_000, 5),
        (DEVICE.format(1), "RecvTensor", "[4B] edge_1_a", 1_000, 5),
        (DEVICE.format(1), "a", "a = Mul(x)", 2_000, 5),
    ]
    assert [span.name for span in spans_of(statistics(*rows))] == ["a"]


def test_an_empty_trace_has_no_spans():
    assert spans_of(StepStats()) == []


def session_of(graph):
    with tf.Graph().as_default() as own:
        tf.import_graph_def(graph.definition, name="")
    return tf.compat.v1.Session(graph=own, config=as_written(1))


def test_as_written_runs_each_operation_under_its_name(forward):
    full = tf.compat.v1.RunOptions(trace_level=tf.compat.v1.RunOptions.FULL_TRACE)
    seen = tf.compat.v1.RunMetadata()
    with session_of(forward) as session:
        session.run(forward.output, None, full, seen)
    names = {span.name for span in spans_of(seen.step_stats)}
    assert names.issuperset(one.name for one in forward.operations)


class Busy:
    """Others that take what the list says, one after the other."""

    def __init__(self, shares):
        self.shares, self.looked = list(shares), 0

    def __call__(self, cores, processes):
        assert cores == [0, 1]
        return self

    def __enter__(self):
        self.share = self.shares[min(self.looked, len(self.shares) - 1)]
        self.looked += 1
        return self

    def __exit__(self, *_): ...


@pytest.mark.parametrize(("shares", "looked"), [([0.0], 1), ([0.5, 0.2, 0.01], 3)])
def test_it_measures_until_nobody_else_works(forward, loss_of, monkeypatch, shares, looked):
    others = Busy(shares)
    monkeypatch.setattr(trace, "Others", others)
    with session_of(forward) as session:
        found = timed(session, forward.output, [0, 1])
    assert others.looked == looked
    assert found["others"] == shares[-1]
    assert found["ms"] > 0
    assert found["value"] == pytest.approx(float(loss_of()), abs=1e-5)
    assert {span.process for span in found["spans"]} == {0}


def test_its_patience_ends(forward, monkeypatch):
    monkeypatch.setattr(trace, "Others", Busy([0.9]))
    monkeypatch.setattr(trace, "PATIENCE_S", 0.0)
    with session_of(forward) as session:
        assert timed(session, forward.output, [0, 1])["others"] == 0.9
