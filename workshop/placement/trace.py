"""When operations ran on each process, from the trace that TensorFlow takes itself."""

import itertools
import re
import statistics
import time
from collections.abc import Sequence
from typing import Any

import psutil

from workshop.placement.machine import BESIDE_THEM, Others
from workshop.placement.simulator import Span

FEWEST, MOST = 4, 10  # steps that are timed
ENOUGH_S, PATIENCE_S = 2.0, 4.0  # of one round, and until no other is begun
TASK = re.compile(r"task:(\d+)")
# Of the transfer of tensors, not of the graph.
BETWEEN = ("_Send", "_Recv", "_HostSend", "_HostRecv", "RecvTensor", "_SOURCE", "_SINK")


def spans_of(statistics: Any) -> list[Span]:
    """Read the trace of a step.

    Args:
        statistics: TensorFlow's `StepStats`, of `RunMetadata.step_stats`.

    Returns:
        A span for each operation that ran, by their starts, in milliseconds since the first.
    """
    found = []
    for device in statistics.dev_stats:
        task = TASK.search(device.device)
        for node in device.node_stats:
            label = node.timeline_label
            if node.node_name.startswith(BETWEEN) or any(f" = {b}(" in label for b in BETWEEN):
                continue
            start = node.all_start_micros + node.op_start_rel_micros
            length = node.op_end_rel_micros - node.op_start_rel_micros
            found.append((start, length, node.node_name, int(task[1]) if task else 0))
    zero = min((start for start, *_ in found), default=0)
    return [
        Span(name, process, (start - zero) / 1000, (start - zero + length) / 1000)
        for start, length, name, process in sorted(found)
    ]


def as_written(operations_at_once: int) -> Any:
    """Give the settings of a session that runs a graph as it stands.

    TensorFlow would fold constants, fuse and rename operations; then a trace shows other names
    than the graph.

    Args:
        operations_at_once: how many may run side by side; each computes in one thread.

    Returns:
        TensorFlow's `ConfigProto`, for a session or a server.
    """
    import tensorflow as tf

    config = tf.compat.v1.ConfigProto(
        inter_op_parallelism_threads=operations_at_once, intra_op_parallelism_threads=1
    )
    config.graph_options.optimizer_options.opt_level = tf.compat.v1.OptimizerOptions.L0
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    return config


def timed(session: Any, output: str, cores: Sequence[int]) -> dict[str, Any]:
    """Run a placed graph until nobody else was on the cores, at most for a while.

    Args:
        session: of TensorFlow, on servers that are children of the same process as this one.
        output: name of a tensor, one number.
        cores: numbers of the cores that the servers are bound to.

    Returns:
        `ms`, the median step; `others`, the share of the cores' time that others took meanwhile;
        `value` of the output; `spans` of one more step, from its trace.
    """
    import tensorflow as tf

    ours = [child.pid for child in psutil.Process().parent().children()]
    for _ in range(3):
        session.run(output)  # to warm up
    patience = time.perf_counter() + PATIENCE_S
    while True:
        ends, enough = [time.perf_counter()], time.perf_counter() + ENOUGH_S
        with Others(cores, ours) as others:
            while len(ends) <= FEWEST or (len(ends) <= MOST and ends[-1] < enough):
                session.run(output)
                ends.append(time.perf_counter())
        if others.share <= BESIDE_THEM or ends[-1] > patience:
            break
    seen = tf.compat.v1.RunMetadata()
    full = tf.compat.v1.RunOptions(trace_level=tf.compat.v1.RunOptions.FULL_TRACE)
    value = session.run(output, None, full, seen)
    ms = 1000 * statistics.median(end - start for start, end in itertools.pairwise(ends))
    found = {"ms": ms, "others": others.share, "value": float(value)}
    return found | {"spans": spans_of(seen.step_stats)}
