"""Right and wrong answers to lesson 09's script for TPUs."""

import numpy as np
import pytest
from answers import Answers

from workshop.checks import tpu as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")
LOSS = "sparse_categorical_crossentropy"


def build(policy="mixed_bfloat16", last="float32"):
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Rescaling(1 / 255, dtype=policy),
            keras.layers.Flatten(dtype=policy),
            keras.layers.Dense(8, "relu", dtype=policy),
            keras.layers.Dense(10, "softmax", dtype=last),
        ]
    )


def compiled(replicas, model=None, **options):
    model = model or build()
    rate = options.pop("rate", 0.04 * replicas)
    usual = {"loss": LOSS, "steps_per_execution": 10}
    model.compile(keras.optimizers.SGD(rate), **usual | options)
    return model


def batches(images, labels, size, **options):
    ds = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(len(images))
    return ds.batch(size, **{"drop_remainder": True} | options)


def with_all(images, labels, strategy):
    replicas = strategy.num_replicas_in_sync
    with strategy.scope():
        model = compiled(replicas)
    return model, batches(images, labels, 64 * replicas).prefetch(tf.data.AUTOTUNE)


def with_numpy(images, labels, strategy):
    size = 64 * strategy.num_replicas_in_sync
    order = np.random.permutation(len(images))[: len(images) // size * size]
    with strategy.scope():
        model = compiled(size / 64)
    ds = tf.data.Dataset.from_tensor_slices((images[order], labels[order]))
    return [model, ds.batch(size, drop_remainder=True)]


def with_the_functional_api(images, labels, strategy):
    each, replicas = 64, strategy.num_replicas_in_sync
    with strategy.scope():
        inputs = keras.Input((28, 28))
        x = keras.layers.Flatten()(keras.ops.cast(inputs, "bfloat16") / 255)
        x = keras.layers.Dense(16, dtype="mixed_bfloat16")(x)
        outputs = keras.layers.Activation("softmax", dtype="float32")(
            keras.layers.Dense(10, dtype="mixed_bfloat16")(x)
        )
        model = compiled(replicas, keras.Model(inputs, outputs), jit_compile=True)
    return model, batches(images, labels, each * replicas).cache()


def with_a_policy_of_its_own(images, labels, strategy):
    keras.config.set_dtype_policy("mixed_bfloat16")
    n = strategy.num_replicas_in_sync
    with strategy.scope():
        model = keras.Sequential()
        model.add(keras.Input((28, 28)))
        model.add(keras.layers.Reshape((784,)))
        model.add(keras.layers.Dense(10))
        model.add(keras.layers.Softmax(dtype="float32"))
        model.compile(
            optimizer=keras.optimizers.SGD(learning_rate=np.float32(0.04 * n).item()),
            loss=keras.losses.SparseCategoricalCrossentropy(),
            steps_per_execution=10,
            metrics=["accuracy"],
        )
    keras.config.set_dtype_policy("float32")
    return model, batches(images, labels, 64 * n)


def with_floats(images, labels, strategy):
    model, _ = with_all(images, labels, strategy)
    size = 64 * strategy.num_replicas_in_sync
    ds = batches(images.astype("float32"), labels.astype("int64"), size)
    return model, ds


def with_batches_of_known_shape(images, labels, strategy):
    model, _ = with_all(images, labels, strategy)
    size = 64 * strategy.num_replicas_in_sync
    ds = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(1000).take(2 * size)
    ds = ds.batch(size)
    return model, ds.map(lambda x, y: (tf.ensure_shape(x, (size, 28, 28)), y))


def plain(images, labels, strategy):
    return compiled(1, build("float32"), steps_per_execution=1), batches(
        images, labels, 64, drop_remainder=False
    )


def without_a_scope(images, labels, strategy):
    replicas = strategy.num_replicas_in_sync
    return compiled(replicas), batches(images, labels, 64 * replicas)


def with_the_model_alone_in_scope(images, labels, strategy):
    replicas = strategy.num_replicas_in_sync
    with strategy.scope():
        model = build()
    return compiled(replicas, model), batches(images, labels, 64 * replicas)


def changed(**options):
    def prepare(images, labels, strategy):
        replicas = strategy.num_replicas_in_sync
        with strategy.scope():
            model = compiled(replicas, **options)
        return model, batches(images, labels, 64 * replicas)

    return prepare


def of_policy(policy, last="float32"):
    def prepare(images, labels, strategy):
        replicas = strategy.num_replicas_in_sync
        with strategy.scope():
            model = compiled(replicas, build(policy, last))
        return model, batches(images, labels, 64 * replicas)

    return prepare


def fed(make):
    def prepare(images, labels, strategy):
        model, _ = with_all(images, labels, strategy)
        return model, make(images, labels, 64 * strategy.num_replicas_in_sync)

    return prepare


def sliced(images, labels):
    return tf.data.Dataset.from_tensor_slices((images, labels))


def not_compiled(images, labels, strategy):
    with strategy.scope():
        model = build()
    return model, batches(images, labels, 64 * strategy.num_replicas_in_sync)


def with_another_optimizer(images, labels, strategy):
    replicas = strategy.num_replicas_in_sync
    with strategy.scope():
        model = build()
        rule = keras.optimizers.Adam(0.04 * replicas)
        model.compile(rule, LOSS, steps_per_execution=10)
    return model, batches(images, labels, 64 * replicas)


def in_other_order(images, labels, strategy):
    return with_all(images, labels, strategy)[::-1]


def the_model_alone(images, labels, strategy):
    return with_all(images, labels, strategy)[0]


RIGHT = {
    checks.prepare: [
        with_all,
        with_numpy,
        with_the_functional_api,
        with_a_policy_of_its_own,
        with_floats,
        with_batches_of_known_shape,
    ]
}
WRONG = {
    checks.prepare: [
        (plain, "the model was not created in the"),
        (without_a_scope, "the model was not created in the"),
        (with_the_model_alone_in_scope, "the optimizer has variables, too"),
        (changed(steps_per_execution=1), "expected 10 steps per call, got 1"),
        (changed(rate=0.04), "the learning rate with 4 replicas: expected 0.16, got 0.04"),
        (changed(rate=0.16 * 4), "the learning rate with 4 replicas: expected 0.16, got 0.64"),
        (changed(rate=0.16), "the learning rate with 1 replicas: expected 0.04, got 0.16"),
        (changed(run_eagerly=True), "a TPU runs compiled programs only"),
        (changed(loss="mse"), "takes no labels that are whole numbers"),
        (changed(loss="categorical_crossentropy"), "takes no labels that are whole numbers"),
        (
            changed(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)),
            "the loss with 4 replicas, of probabilities",
        ),
        (changed(loss_weights=2.0), "the loss with 4 replicas, of probabilities"),
        (of_policy("float32"), "compute in bfloat16, got float32"),
        (of_policy("bfloat16"), "weights that stay in float32, got bfloat16"),
        (of_policy("mixed_float16"), "compute in bfloat16, got float16, float32"),
        (of_policy("mixed_bfloat16", "mixed_bfloat16"), "probabilities in float32"),
        (fed(lambda x, y, n: batches(x, y, 64)), "to be (256, 28, 28), got (64, 28, 28)"),
        (fed(lambda x, y, n: batches(x, y, n, drop_remainder=False)), "got (None, 28, 28)"),
        (fed(lambda x, y, n: sliced(x, y).batch(n, True)), "Are they shuffled?"),
        (fed(lambda x, y, n: sliced(x, y).batch(n, True).shuffle(9)), "Are they shuffled?"),
        (fed(lambda x, y, n: batches(x, y, n).repeat()), "of one epoch, got more"),
        (fed(lambda x, y, n: batches(x, y, n).take(1)), "of one epoch, got 1"),
        (fed(lambda x, y, n: batches(x / 255, y, n)), "the pixels as they are"),
        (fed(lambda x, y, n: batches(x, y[::-1], n)), "the labels with 4 replicas"),
        (fed(lambda x, y, n: batches(x[:, ::-1], y, n)), "pixels as they are|come twice"),
        (fed(lambda x, y, n: sliced(x, y).repeat().shuffle(999).take(2 * n).batch(n, True)),
         "some digits come twice|Are they shuffled"),
        (fed(lambda x, y, n: (x, y)), "a tf.data.Dataset of (images, labels), got tuple"),
        (fed(lambda x, y, n: sliced(x, x).batch(n, True)), "the labels with 4 replicas"),
        (fed(lambda x, y, n: sliced(x, y).shuffle(10).batch(n, True)), "shuffle buffer hold"),
        (with_another_optimizer, "SGD without momentum, got Adam"),
        (not_compiled, "expected a compiled model"),
        (in_other_order, "Expected a Keras model"),
        (the_model_alone, "two things, a model and a data set"),
    ]
}  # fmt: skip


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG
