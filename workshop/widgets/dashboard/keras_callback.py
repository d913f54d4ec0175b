"""The dashboard as a Keras callback."""

import numpy as np

from workshop.messages import say
from workshop.widgets.dashboard.arrays import as_given, as_labels, check_lengths
from workshop.widgets.dashboard.doubt import Doubt
from workshop.widgets.dashboard.evaluate import Evaluation
from workshop.widgets.scales import span

BATCHES = 10  # of an epoch: the mean loss of fewer tells little


def make_callback(dashboard, x_train, y_train, *, examples):
    """Make the callback of `TrainingDashboard.callback`.

    Args:
        dashboard: a `TrainingDashboard`.
        x_train: training images to evaluate and draw.
        y_train: their labels.
        examples: how many of them to take.

    Returns:
        A `keras.callbacks.Callback`.

    Raises:
        ValueError: images or labels of another shape, of different lengths, or on another scale
            than the validation images.
    """
    import keras

    images = as_given(x_train, "x_train")[:examples]
    labels = np.asarray(y_train)[:examples]
    check_lengths(x_train=images, y_train=as_labels(labels, "y_train"))
    ours, theirs = span(dashboard.x_val), span(images)
    if None not in (ours, theirs) and ours != theirs:
        raise ValueError(
            say(
                "expected x_train on the scale of the dashboard's x_val, whose values go from "
                "{ours}, got values from {theirs}. Hand both in as fit gets them.",
                **{"ours": ours, "theirs": theirs},
            )
        )
    return _class_of(keras.callbacks.Callback)(dashboard, images, labels)


def _class_of(base):
    # Made here, because Keras must not be imported with this module.
    class DashboardCallback(base):
        """Shows a training in a dashboard, a few times a second, and hears its Stop button."""

        def __init__(self, dashboard, images, labels):
            super().__init__()
            self.dashboard, self.images, self.labels = dashboard, images, labels
            self.classes = as_labels(labels)
            self.doubt = Doubt(images, labels)
            self.step = self.epoch_start = 0  # steps that are done
            self.told = None  # mean loss of the epoch so far
            self.evaluation = None

        def on_train_begin(self, logs=None):
            self.dashboard.stopped = False
            self.evaluation = Evaluation(self.model)

        def on_epoch_begin(self, epoch, logs=None):
            self.epoch_start = self.step

        def on_train_batch_end(self, batch, logs=None):
            # steps_per_execution: one call may be for several steps.
            self.step = self.epoch_start + batch + 1
            self.told = (logs or {}).get("loss")
            if self.dashboard.stopped:
                self.model.stop_training = True
            if self.dashboard.due(self.step):
                _draw(self, told=self.told if batch + 1 >= BATCHES else None)

        def on_train_end(self, logs=None):
            if self.step:
                _draw(self, told=self.told, last=True)
            self.dashboard.finish()

    return DashboardCallback


def _draw(callback, *, told, last=False):
    model, dashboard, evaluation = callback.model, callback.dashboard, callback.evaluation
    scores, loss = evaluation(callback.images, callback.labels)
    val_scores, val_loss = evaluation(dashboard.x_val, dashboard.y_val)
    if None not in (told, loss):
        callback.doubt.look(told, loss, scores, evaluation, last=last)
        dashboard.doubt = callback.doubt.said
    dashboard.update(
        callback.step,
        batch=(callback.images, callback.classes, scores),
        loss=(loss, val_loss),
        val_predictions=val_scores,
        weights=[_array(v) for v in model.trainable_variables if len(v.shape) > 1],
        biases=[_array(v) for v in model.trainable_variables if v.name == "bias"],
    )


def _array(variable):
    import keras

    return keras.ops.convert_to_numpy(variable)
