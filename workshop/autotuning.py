"""tf.data without its autotuning, which makes `fit`, `evaluate` and `predict` wait.

A thread of tf.data tunes the pipeline that Keras makes of arrays. It sleeps 10 ms, then 20, 40, 80,
and an epoch that is over waits until it wakes: one of 0.7 s takes 1.3, one of 25 s takes 41. In
TensorFlow 2.21 the signal that is to wake it comes a moment before what it looks at is set, so it
sleeps on (findings/epochs_wait_for_autotuning.sh). There is nothing to tune in arrays in memory.
"""

import functools


def untuned(dataset):
    """Return the `tf.data.Dataset` with its autotuning off; its elements and order stay."""
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False
    return dataset.with_options(options)


def switch_off() -> None:
    """Let the arrays that Keras is given from now on be read without autotuning.

    Batches, their order and all results stay as they are. Datasets that you make yourself keep
    their own options, and a Keras that reads arrays in another way is left alone.
    """
    try:
        from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter
    except ImportError:
        return
    get_tf_dataset = vars(ArrayDataAdapter).get("get_tf_dataset")
    if get_tf_dataset is None or hasattr(get_tf_dataset, "__wrapped__"):
        return

    @functools.wraps(get_tf_dataset)
    def get_untuned(adapter):
        return untuned(get_tf_dataset(adapter))

    ArrayDataAdapter.get_tf_dataset = get_untuned  # ty: ignore[invalid-assignment]
