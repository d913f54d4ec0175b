"""The graph of a traced function: who computes what, and what travels between them.

TensorFlow's own objects come in and go out here; all other modules of this folder see names and
numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workshop.messages import say

WORKER = "/job:worker/replica:0/task:{}/device:CPU:0"
BACKWARD = "gradient_tape/"
CONSTANT = "Const"
OF_NOBODY = "rest"


@dataclass(frozen=True)
class Operation:
    """One operation of a graph, with what it needs.

    Attributes:
        name: as in TensorFlow's graph.
        kind: its type, such as "MatMul".
        group: what it is placed with.
        needs: name of each operation whose output it takes, to the bytes of that output.
    """

    name: str
    kind: str
    group: str
    needs: Mapping[str, int]


@dataclass(frozen=True)
class Graph:
    """A traced function as a graph that can be placed.

    Attributes:
        definition: TensorFlow's `GraphDef`, with all weights as constants.
        operations: without constants, each after those that it needs.
        output: name of the tensor that the function returned.
    """

    definition: Any = field(repr=False)
    operations: Sequence[Operation] = field(repr=False)
    output: str

    @property
    def groups(self) -> list[str]:
        """The names of all groups, in the order in which they are first computed."""
        return list(dict.fromkeys(one.group for one in self.operations))

    def between_groups(self) -> dict[tuple[str, str], int]:
        """Give the bytes that one group hands to another; each tensor counts once.

        Returns:
            (name of the giver, name of the taker) to bytes.
        """
        group_of = {one.name: one.group for one in self.operations}
        tensors: dict[tuple[str, str], dict[str, int]] = {}
        for one in self.operations:
            for giver, size in one.needs.items():
                if group_of[giver] != one.group:
                    tensors.setdefault((group_of[giver], one.group), {})[giver] = size
        return {pair: sum(sizes.values()) for pair, sizes in tensors.items()}


def graph_of(function: Any) -> Graph:
    """Take the graph out of a traced function, to be placed and run operation by operation.

    Operations that were traced in one `tf.name_scope` are a group, forward and backward. What is in
    no scope goes with the operation whose output it takes, or with the one that takes its own.

    Args:
        function: TensorFlow's `ConcreteFunction`, from `get_concrete_function`; it returns one
            tensor, and assigns to no variable.

    Returns:
        The graph. The weights are in it, with the values that they have now.

    Raises:
        ValueError: it returns more than one tensor.
    """
    if len(function.outputs) != 1:
        raise ValueError(
            say("expected a function that returns one tensor, got {n}", n=len(function.outputs))
        )
    result = function.outputs[0]
    while result.op.type == "Identity":
        result = result.op.inputs[0]
    needed = _needed(_with_constants(function), result.op.name)
    kept = {node.name for node in needed.node if node.op != CONSTANT}
    operations: dict[str, Operation] = {}
    for op in function.graph.get_operations():
        if op.name in kept:
            needs: dict[str, int] = {}
            for tensor in op.inputs:
                if tensor.op.name in kept:
                    needs[tensor.op.name] = needs.get(tensor.op.name, 0) + _bytes(tensor)
            group = _scope(op.name) or next((operations[name].group for name in needs), "")
            operations[op.name] = Operation(op.name, op.type, group, needs)
    return Graph(needed, _grouped(list(operations.values())), result.name)


def placed(definition: Any, process_of: Mapping[str, int]) -> Any:
    """Write into each operation of a graph on which process it is to run.

    Args:
        definition: TensorFlow's `GraphDef`, of `Graph.definition`.
        process_of: name of each operation to the number of its process; constants need none.

    Returns:
        A new `GraphDef`. Each process has the constants that it needs: they do not travel.
    """
    result = type(definition)()
    result.versions.CopyFrom(definition.versions)
    constants = {node.name: node for node in definition.node if node.op == CONSTANT}
    copied = set()
    for node in definition.node:
        if node.name in constants:
            continue
        new = result.node.add()
        new.CopyFrom(node)
        task = process_of[node.name]
        new.device = WORKER.format(task)
        for place, giver in enumerate(node.input):
            name = giver.lstrip("^").split(":")[0]
            if name not in constants:
                continue
            new.input[place] = own = f"{name}/of_{task}"
            if own not in copied:
                copied.add(own)
                constant = result.node.add()
                constant.CopyFrom(constants[name])
                constant.name, constant.device = own, WORKER.format(task)
    return result


def _with_constants(function: Any) -> Any:
    """Replace what reads a variable by the value of that variable."""
    import tensorflow as tf

    values = {variable.handle.ref(): variable for variable in function.graph.variables}
    inside = {
        placeholder.op.name: values[outside.ref()]
        for outside, placeholder in function.graph.captures
        if outside.ref() in values
    }
    result = tf.compat.v1.GraphDef()
    definition = function.graph.as_graph_def()
    result.versions.CopyFrom(definition.versions)
    read = {}  # what reads a variable, to the constant
    for node in definition.node:
        if node.op == "ReadVariableOp" and node.input[0] in inside:
            read[node.name] = f"{node.input[0]}/value"
        elif node.name not in inside:
            result.node.add().CopyFrom(node)
        else:
            variable = inside[node.name]
            constant = result.node.add(name=f"{node.name}/value", op=CONSTANT)
            constant.attr["dtype"].type = variable.dtype.as_datatype_enum
            constant.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(variable.numpy()))
    for node in result.node:
        # What is always there is nothing to wait for: "^" stands before what has to run before.
        inputs = [read.get(giver, giver) for giver in node.input if not giver.startswith("^")]
        del node.input[:]
        node.input.extend(inputs)
        node.attr.pop("_class", None)  # with whom TensorFlow would place it
        if taken := inside.keys() & set(inputs):
            fields = {"name": node.name, "kind": node.op, "variable": min(taken)}
            raise ValueError(say("{name} ({kind}) takes the variable {variable} itself", **fields))
    return result


def _needed(definition: Any, output: str) -> Any:
    """Leave out what the output does not need."""
    nodes = {node.name: node for node in definition.node}
    waiting, found = [output], set()
    while waiting:
        if (name := waiting.pop().split(":")[0]) not in found:
            found.add(name)
            waiting += nodes[name].input
    result = type(definition)()
    result.versions.CopyFrom(definition.versions)
    result.node.extend(node for node in definition.node if node.name in found)
    return result


def _grouped(operations: list[Operation]) -> list[Operation]:
    """Give those without a group that of an operation that needs them, or one of their own."""
    of_taker: dict[str, str] = {}
    result = []
    for one in reversed(operations):
        group = one.group or of_taker.get(one.name, OF_NOBODY)
        of_taker |= dict.fromkeys(one.needs, group)
        result.append(replace(one, group=group))
    return result[::-1]


def _scope(name: str) -> str:
    return name.removeprefix(BACKWARD).rpartition("/")[0].partition("/")[0]


def _bytes(tensor: Any) -> int:
    """Give the bytes of a tensor; of one whose shape is not known, those of a number."""
    known = tensor.shape.is_fully_defined()
    return (tensor.shape.num_elements() if known else 1) * tensor.dtype.size
