"""The dashboard as a Keras callback."""

import numpy as np

from workshop.messages import say
from workshop.widgets.dashboard.arrays import as_images, as_labels, check_lengths


def make_callback(dashboard, x_train, y_train):
    """Make the callback of `TrainingDashboard.callback`.

    Args:
        dashboard: a `TrainingDashboard`.
        x_train: training images to evaluate and draw.
        y_train: their labels.

    Returns:
        A `keras.callbacks.Callback`.

    Raises:
        ValueError: images or labels of another shape, or of different lengths.
    """
    import keras

    images, labels = as_images(x_train, "x_train"), as_labels(y_train, "y_train")
    check_lengths(x_train=images, y_train=labels)

    return _class_of(keras.callbacks.Callback)(dashboard, images, labels)


def _class_of(base):
    # Made here, because Keras must not be imported with this module.
    class DashboardCallback(base):
        """Shows a training in a dashboard, a few times a second, and hears its Stop button."""

        def __init__(self, dashboard, images, labels):
            super().__init__()
            self.dashboard, self.images, self.labels = dashboard, images, labels
            self.step = self.epoch_start = -1

        def on_train_begin(self, logs=None):
            self.dashboard.stopped = False

        def on_epoch_begin(self, epoch, logs=None):
            self.epoch_start = self.step + 1

        def on_train_batch_end(self, batch, logs=None):
            # steps_per_execution: one call may be for several steps.
            self.step = self.epoch_start + batch
            if self.dashboard.stopped:
                self.model.stop_training = True
            if self.dashboard.due():
                _draw(self)

        def on_train_end(self, logs=None):
            if self.step >= 0:
                _draw(self)
            self.dashboard.finish()

    return DashboardCallback


def _draw(callback):
    model, dashboard = callback.model, callback.dashboard
    images, labels = callback.images, callback.labels
    scores = _scores(model, np.concatenate([images, dashboard.x_test]))
    train, test = scores[: len(images)], scores[len(images) :]
    dashboard.update(
        callback.step,
        batch=(images, labels, train),
        loss=(_loss(labels, train), _loss(dashboard.y_test, test)),
        test_predictions=test,
        weights=[_array(v) for v in model.trainable_variables if len(v.shape) > 1],
        biases=[_array(v) for v in model.trainable_variables if v.name == "bias"],
    )


def _array(variable):
    import keras

    return keras.ops.convert_to_numpy(variable)


def _scores(model, images):
    shape = getattr(model, "input_shape", None)
    if isinstance(shape, tuple) and None not in shape[1:]:
        images = images.reshape(-1, *shape[1:])
    scores = np.asarray(model.predict_on_batch(images))
    if scores.ndim != 2 or scores.shape[1] != 10:
        raise ValueError(
            say(
                "expected a model that gives 10 scores per image, logits or probabilities, shape "
                "(batch, 10), got {got}",
                got=scores.shape,
            )
        )
    return scores


def _loss(labels, scores):
    import keras

    are_logits = not (np.all(scores >= 0) and np.allclose(scores.sum(axis=1), 1, atol=1e-3))
    losses = keras.losses.sparse_categorical_crossentropy(labels, scores, from_logits=are_logits)
    return float(np.mean(keras.ops.convert_to_numpy(losses)))
