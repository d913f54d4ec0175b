"""A traced function as a graph: what is in it, who needs what, and where each is placed."""

import numpy as np
import pytest
import tensorflow as tf

from workshop.placement import as_written, graph_of, placed


def traced(function):
    return tf.function(function, autograph=False).get_concrete_function()


def run(graph):
    """The value of a graph's output, with nothing but its definition."""
    with tf.Graph().as_default() as own:
        tf.import_graph_def(graph.definition, name="")
    with tf.compat.v1.Session(graph=own, config=as_written(1)) as session:
        return session.run(graph.output)


def test_it_computes_what_the_function_computes(forward, loss_of):
    assert run(forward) == pytest.approx(float(loss_of()), abs=1e-5)


def test_backward_too(training, layers, loss_of):
    with tf.GradientTape() as tape:
        loss = loss_of()
    variables = [v.value for layer in layers for v in layer.trainable_variables]
    expected = sum(float(tf.reduce_sum(g**2)) for g in tape.gradient(loss, variables))
    assert run(training) == pytest.approx(expected, rel=1e-4)


def test_weights_are_constants_with_todays_values(layers, loss_of):
    before = run(graph_of(traced(loss_of)))
    old = layers[1].bias.numpy()
    layers[1].bias.assign(old + 1)
    assert run(graph_of(traced(loss_of))) == pytest.approx(before + 10, abs=1e-4)
    layers[1].bias.assign(old)


def test_operations_of_a_scope_are_a_group(forward):
    assert forward.groups == ["low", "high"]
    kinds = {group: [o.kind for o in forward.operations if o.group == group] for group in ("low",)}
    assert kinds["low"] == ["MatMul", "BiasAdd", "Tanh"]
    assert forward.operations[-1].kind == "Sum"
    assert forward.operations[-1].group == "high"  # it goes with what it takes


def test_a_gradient_goes_with_its_forward_pass(training):
    assert training.groups == ["low", "high"]
    (backward,) = [o for o in training.operations if o.kind == "TanhGrad"]
    assert backward.group == "low"


def test_givers_come_first_and_have_their_bytes(training):
    known = set()
    for one in training.operations:
        assert known.issuperset(one.needs)
        known.add(one.name)
    (bias,) = [o for o in training.operations if o.kind == "BiasAdd" and o.group == "low"]
    assert list(bias.needs.values()) == [5 * 4 * 4]


def test_constants_are_no_operations(forward):
    assert {o.kind for o in forward.operations} == {"MatMul", "BiasAdd", "Tanh", "Sum"}
    assert {node.op for node in forward.definition.node} > {"Const"}


def test_a_tensor_between_groups_counts_once(training):
    between = training.between_groups()
    assert between["low", "high"] == 5 * 4 * 4  # to two products
    assert between["high", "low"] > 0


def test_each_operation_gets_its_device_and_its_own_constants(forward):
    process = {o.name: int(o.group == "high") for o in forward.operations}
    nodes = {node.name: node for node in placed(forward.definition, process).node}
    for name, number in process.items():
        assert nodes[name].device == f"/job:worker/replica:0/task:{number}/device:CPU:0"
        for giver in nodes[name].input:
            if nodes[giver].op == "Const":
                assert nodes[giver].device == nodes[name].device
    assert not any(node.device for node in forward.definition.node)


def test_a_constant_that_both_need_is_there_twice():
    shared = np.ones((3, 3), "float32")

    def both():
        kernel = tf.constant(shared)
        with tf.name_scope("a"):
            a = tf.matmul(kernel, kernel)
        with tf.name_scope("b"):
            return tf.reduce_sum(tf.matmul(a, kernel))

    graph = graph_of(traced(both))
    process = {o.name: int(o.group == "b") for o in graph.operations}
    names = [node.name for node in placed(graph.definition, process).node if node.op == "Const"]
    assert len(names) == len(set(names))
    assert sum(name.startswith("Const/") for name in names) == 2


def test_one_tensor_has_to_come_out():
    with pytest.raises(ValueError, match="returns one tensor, got 2"):
        graph_of(traced(lambda: (tf.ones(()), tf.zeros(()))))


def test_what_takes_a_variable_itself_is_refused():
    table = tf.Variable(tf.ones((3, 2)))
    with pytest.raises(ValueError, match="takes the variable"):
        graph_of(traced(lambda: tf.reduce_sum(tf.nn.embedding_lookup(table, [1]))))


def test_what_only_gives_goes_with_who_takes():
    @tf.function(input_signature=[tf.TensorSpec((2,))])
    def scoped(x):
        with tf.name_scope("sum"):
            return tf.reduce_sum(x)

    assert graph_of(scoped.get_concrete_function()).groups == ["sum"]


def test_without_any_scope_all_are_one_group():
    function = tf.function(tf.negative, input_signature=[tf.TensorSpec((2,))])
    graph = graph_of(function.get_concrete_function())
    assert graph.groups == ["rest"]
    assert [o.kind for o in graph.operations] == ["Placeholder", "Neg"]
