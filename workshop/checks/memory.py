"""Whether a model remembers: whether it hands a state on from step to step, by whatever layers."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from unittest import mock

if TYPE_CHECKING:
    import keras
    import numpy as np

# What TensorFlow makes of a recurrent layer: a loop, or a single operation on a GPU.
LOOPS = {"While", "StatelessWhile", "CudnnRNN", "CudnnRNNV2", "CudnnRNNV3"}
CALLS = {"PartitionedCall", "StatefulPartitionedCall"}


def remembers(model: "keras.Model", images: "np.ndarray") -> bool:
    """Look in the graph of a model for a loop, or for weights that are used again and again.

    A loop over the steps that is written out in Python leaves a chain: what an operation made with
    a weight reaches, later, another operation of its kind with the same weight. What no output
    needs does not count, and neither does a recurrent layer that reads a single step. A model that
    Keras is told not to compile has no graph: it is taken at its word.

    Args:
        model: Keras model, already built.
        images: examples to call it with, `(n, ...)`.

    Returns:
        Whether something in the model carries a state over several steps.
    """
    import keras
    import tensorflow as tf

    if model.run_eagerly:
        return True
    steps = []
    call = keras.layers.Layer.__call__

    def noted(layer: "keras.Layer", *given: Any, **named: Any) -> Any:
        if isinstance(layer, keras.layers.RNN):
            steps.append([*given, *named.values()][0].shape[1])
        return call(layer, *given, **named)

    traced = tf.function(lambda inputs: tf.nest.flatten(model(inputs, training=False)))
    with mock.patch.object(keras.layers.Layer, "__call__", noted):
        made = traced.get_concrete_function(tf.constant(images))
    graph = made.graph.as_graph_def()
    nodes = {node.name: (node.op, _names(node.input)) for node in graph.node}
    data = {node.name for node in graph.node if node.op == "Placeholder"}
    weights = {tensor.op.name for tensor in made.graph.inputs if tensor.dtype == tf.resource}
    ends = [tensor.op.name for tensor in made.outputs]
    needed = _before(ends, nodes)
    if _chained(nodes, data - weights, weights, needed):
        return True
    loops = LOOPS if not steps or set(steps) != {1} else set()
    if not any(nodes[name][0] in CALLS for name in needed):
        return any(nodes[name][0] in loops for name in needed)
    # Functions that the learner compiled are one operation each, with a graph of their own.
    return any(_remembers_inside(function, loops) for function in graph.library.function)


def _remembers_inside(function: Any, loops: set[str]) -> bool:
    import tensorflow as tf

    nodes = {node.name: (node.op, _names(node.input)) for node in function.node_def}
    given = {part.name: part.type for part in function.signature.input_arg}
    nodes |= {name: ("Placeholder", []) for name in given}
    weights = {name for name, kind in given.items() if kind == tf.resource.as_datatype_enum}
    needed = set(nodes)
    found = _chained(nodes, set(given) - weights, weights, needed)
    return found or any(op in loops for op, _ in nodes.values())


def _chained(
    nodes: dict[str, tuple[str, list[str]]], data: set[str], weights: set[str], needed: set[str]
) -> bool:
    """Whether an operation with a weight comes after another one of its kind with that weight."""
    before = {name: _before([name], nodes) for name in needed}
    with_data = {name for name in needed if before[name] & data}
    uses: dict[tuple[str, str], list[str]] = {}
    for name in with_data:
        op, inputs = nodes[name]
        for part in inputs:
            if part not in with_data:
                for weight in before.get(part, set()) & weights:
                    uses.setdefault((weight, op), []).append(name)
    return any(
        first != later and first in before[later]
        for names in uses.values()
        for later in names
        for first in names
    )


def _names(inputs: Iterable[str]) -> list[str]:
    """Give the operations that inputs of a node come from, without those that it waits for."""
    return [name.split(":")[0] for name in inputs if not name.startswith("^")]


def _before(ends: list[str], nodes: dict[str, tuple[str, list[str]]]) -> set[str]:
    """Give these operations and all that they need."""
    found, left = set(ends), list(ends)
    while left:
        new = set(nodes[left.pop()][1]) - found
        found |= new
        left += new
    return found
