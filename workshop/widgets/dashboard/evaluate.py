"""What `model.evaluate` would say, without touching the metrics of the training that runs."""

import numpy as np

from workshop.messages import say
from workshop.widgets.dashboard.arrays import CLASSES, as_labels
from workshop.widgets.scales import are_probabilities


class Evaluation:
    """A model in the middle of its training, as `evaluate` would see it.

    The loss is computed where the model is called: a softmax of Keras hands its logits on to the
    loss there. Of the probabilities alone it would be 16 at most, whatever `evaluate` says.

    Args:
        model: a `keras.Model`.
    """

    def __init__(self, model):
        import keras

        self._model, self._functions = model, {}
        has_own = type(model).compute_loss is not keras.Model.compute_loss
        self._has_loss = has_own or getattr(model, "loss", None) is not None
        self._form = None  # how the loss wants its labels; not asked yet

    def __call__(self, images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float | None]:
        """Ask the model, with layers such as dropout and batch normalisation as in a test.

        Args:
            images: (n, ...) on the scale that the model is trained on; in the shape that it takes
                or another one of as many pixels.
            labels: classes (n,) or (n, 1), or one-hot (n, 10).

        Returns:
            Logits or probabilities, (n, 10), and the loss that the model was compiled with:
            cross-entropy where it has none, None where it can't be computed of such labels.

        Raises:
            ValueError: the model gives something else.
        """
        import keras

        images = self._as_wanted(images)
        if self._form is None:
            self._form = self._wanted_form(images[:2], labels[:2])
        wanted = _floatx(_FORMS[self._form or "given"](labels))
        scores, loss = self._function(images, wanted)(images, wanted)
        scores = keras.ops.convert_to_numpy(scores)
        if not self._has_loss:
            loss = keras.losses.sparse_categorical_crossentropy(
                as_labels(labels), scores, from_logits=not are_probabilities(scores)
            )
        return scores, None if loss is None else float(np.mean(keras.ops.convert_to_numpy(loss)))

    def _as_wanted(self, images):
        shape = getattr(self._model, "input_shape", None)
        is_known = isinstance(shape, tuple) and None not in shape[1:]
        if is_known and np.prod(shape[1:]) == np.prod(images.shape[1:]):
            images = images.reshape(-1, *shape[1:])
        return _floatx(images)

    def _wanted_form(self, images, labels):
        """Find labels that the loss takes; empty where there are none."""
        scores = self._model(images, training=False)
        if tuple(scores.shape[1:]) != (CLASSES,):
            raise ValueError(
                say(
                    "expected a model that gives 10 scores per image, logits or probabilities, "
                    "shape (batch, 10), got {got}",
                    got=("batch", *scores.shape[1:]),
                )
            )
        for form in _order(getattr(self._model, "loss", None)) if self._has_loss else ():
            try:
                self._loss(images, _floatx(_FORMS[form](labels)), scores)
            except Exception:  # noqa: BLE001 - the owner's loss; the next form
                continue
            return form
        return ""

    def _loss(self, images, labels, scores):
        return self._model.compute_loss(x=images, y=labels, y_pred=scores)

    def _function(self, images, labels):
        """Give what computes scores and loss, compiled as `evaluate` is, once for all lengths."""
        import keras

        def ask(images, labels):
            scores = self._model(images, training=False)
            return scores, self._loss(images, labels, scores) if self._form else None

        if keras.backend.backend() != "tensorflow" or self._model.run_eagerly:
            return ask
        import tensorflow as tf

        signature = [tf.TensorSpec([None, *a.shape[1:]], a.dtype) for a in (images, labels)]
        key = tuple(signature)
        if key not in self._functions:
            self._functions[key] = tf.function(ask, input_signature=signature)
        return self._functions[key]


def _one_hot(labels):
    return labels if labels.shape[1:] == (CLASSES,) else np.eye(CLASSES)[as_labels(labels)]


_FORMS = {"given": np.asarray, "classes": as_labels, "one-hot": _one_hot}


def _order(loss):
    """Give the forms of labels in the order in which to try them.

    `fit` may get them from a `tf.data.Dataset` in another form than the dashboard, and a loss of
    Keras does not always refuse the wrong one.
    """
    name = loss if isinstance(loss, str) else getattr(loss, "name", getattr(loss, "__name__", ""))
    if "sparse" in str(name).lower():
        return ("classes",)
    module = getattr(loss, "__module__", "") or ""
    if isinstance(loss, str) or module.startswith("keras."):
        return ("one-hot",)
    return ("given", "classes", "one-hot")


def _floatx(array):
    """Make floats of another size those of Keras, as `fit` does."""
    import keras

    is_float = array.dtype.kind not in "biu"
    return array.astype(keras.config.floatx()) if is_float else array
