"""Right and wrong answers to the exercises of lesson 07b."""

import numpy as np
import pytest
from answers import Answers

from workshop.checks import inside as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

REASON = "It smooths the path; a tie over five seeds would change my mind."


def outputs_by_a_second_model(model, images, names):
    ends = {name: model.get_layer(name).output for name in names}
    return keras.Model(model.inputs, ends).predict(images, verbose=0)


def outputs_layer_by_layer(model, images, names):
    found, values = {}, images
    for layer in model.layers:
        values = layer(values)
        if layer.name in names:
            found[layer.name] = np.asarray(values)
    return found


def outputs_by_taking_the_model_apart(model, images, names):
    found = {}
    while model.layers:
        if (name := model.layers[-1].name) in names:
            found[name] = model(images).numpy()
        model.pop()
    return found


def outputs_of_every_layer(model, images, names):
    return outputs_layer_by_layer(model, images, [layer.name for layer in model.layers])


def outputs_in_a_list(model, images, names):
    return list(outputs_layer_by_layer(model, images, names).values())


def outputs_while_training(model, images, names):
    keras.utils.set_random_seed(1)
    ends = {name: model.get_layer(name).output for name in names}
    found = keras.Model(model.inputs[0], ends)(images, training=True)
    return {name: values.numpy() for name, values in found.items()}


def outputs_without_numbers(model, images, names):
    return {name: model.get_layer(name).output for name in names}


def outputs_as_tensors(model, images, names):
    ends = {name: model.get_layer(name).output for name in names}
    return keras.Model(model.inputs[0], ends)(images)


def outputs_in_another_order(model, images, names):
    found = outputs_layer_by_layer(model, images, names)
    return dict(zip(names, found.values(), strict=True))


def pieces_by_share(gradients_of, images, labels, size):
    total = 0
    for start in range(0, len(images), size):
        piece = slice(start, start + size)
        share = len(images[piece]) / len(images)
        parts = [share * part for part in gradients_of(images[piece], labels[piece])]
        total = [a + b for a, b in zip(total, parts, strict=True)] if total else parts
    return total


def pieces_by_average(gradients_of, images, labels, size):
    starts = range(0, len(images), size)
    pieces = [gradients_of(images[k : k + size], labels[k : k + size]) for k in starts]
    counts = [len(images[k : k + size]) for k in starts]
    layers = zip(*pieces, strict=True)
    return tuple(np.average(np.stack(parts), axis=0, weights=counts) for parts in layers)


def pieces_summed(gradients_of, images, labels, size):
    starts = range(0, len(images), size)
    pieces = [gradients_of(images[k : k + size], labels[k : k + size]) for k in starts]
    return [sum(parts) for parts in zip(*pieces, strict=True)]


def pieces_of_equal_say(gradients_of, images, labels, size):
    starts = range(0, len(images), size)
    pieces = [gradients_of(images[k : k + size], labels[k : k + size]) for k in starts]
    return [np.mean(np.stack(parts), axis=0) for parts in zip(*pieces, strict=True)]


def pieces_without_the_rest(gradients_of, images, labels, size):
    whole = len(images) // size * size
    return pieces_by_average(gradients_of, images[:whole], labels[:whole], size)


def pieces_last_one(gradients_of, images, labels, size):
    return gradients_of(images[-size:], labels[-size:])


def pieces_not_cut(gradients_of, images, labels, size):
    return gradients_of(images, labels)


def pieces_in_one_array(gradients_of, images, labels, size):
    return pieces_by_share(gradients_of, images, labels, size)[0]


def ema_in_two_lines(average, value, decay, step):
    average = decay * average + (1 - decay) * value
    return average, average / (1 - decay**step)


def ema_by_its_change(average, value, decay, step):
    moved = average + (1 - decay) * (value - average)
    return [moved, moved / sum((1 - decay) * decay**k for k in range(step))]


def ema_uncorrected(average, value, decay, step):
    average = decay * average + (1 - decay) * value
    return average, average


def ema_counted_from_zero(average, value, decay, step):
    average = decay * average + (1 - decay) * value
    return average, average / (1 - decay ** (step + 1))


def ema_that_goes_on_corrected(average, value, decay, step):
    _, corrected = ema_in_two_lines(average, value, decay, step)
    return corrected, corrected


def ema_the_wrong_way_round(average, value, decay, step):
    average = (1 - decay) * average + decay * value
    return average, average / (1 - decay**step)


def ema_alone(average, value, decay, step):
    return ema_in_two_lines(average, value, decay, step)[1]


class StopByIterations(keras.callbacks.Callback):
    def __init__(self, step):
        super().__init__()
        self.step = step

    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.optimizer.iterations) >= self.step:
            self.model.stop_training = True


class StopByCounting(keras.callbacks.Callback):
    """Begins with the steps that were made before, and counts on."""

    def __init__(self, step):
        super().__init__()
        self.last = step

    def on_train_begin(self, logs=None):
        self.made = int(self.model.optimizer.iterations)

    def on_batch_end(self, batch, logs=None):
        self.made += 1
        self.model.stop_training = self.made >= self.last


class StopInThisFit(StopByCounting):
    def on_train_begin(self, logs=None):
        self.made = 0


class StopByBatch(StopByIterations):
    """Takes the batch within the epoch for the step."""

    def on_train_batch_end(self, batch, logs=None):
        if batch + 1 >= self.step:
            self.model.stop_training = True


class StopAfterTheEpoch(StopByIterations):
    on_train_batch_end = keras.callbacks.Callback.on_train_batch_end

    def on_epoch_end(self, epoch, logs=None):
        StopByIterations.on_train_batch_end(self, 0)


class StopOneLate(StopByIterations):
    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.optimizer.iterations) > self.step:
            self.model.stop_training = True


class StopItself(StopByIterations):
    """Sets the wish on itself, where nobody looks."""

    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.optimizer.iterations) >= self.step:
            self.stop_training = True


class StopByRewriting(StopByIterations):
    """Trains on, and says afterwards that it did not."""

    def on_train_batch_end(self, batch, logs=None):
        self.steps = int(self.model.optimizer.iterations)

    def on_train_end(self, logs=None):
        self.model.optimizer.iterations.assign(min(self.step, self.steps))


class StopUnfinished(keras.callbacks.Callback):
    def __init__(self, step):
        super().__init__()
        self.step = step


class StopWithAMethodToWrite(StopUnfinished):
    def on_train_batch_end(self, batch, logs=None): ...


class StopToWrite(keras.callbacks.Callback):
    """Ends the training."""


class StopByAnotherName(StopUnfinished):
    def stop(self):
        self.model.stop_training = True


RIGHT = {
    checks.outputs_by_name: [
        outputs_by_a_second_model,
        outputs_layer_by_layer,
        outputs_by_taking_the_model_apart,
    ],
    checks.in_pieces: [pieces_by_share, pieces_by_average],
    checks.ema_step: [ema_in_two_lines, ema_by_its_change],
    checks.stop_at: [StopByIterations, StopByCounting],
}
WRONG = {
    checks.outputs_by_name: [
        (outputs_of_every_layer, "expected the keys"),
        (outputs_in_a_list, "a dict, name to array"),
        (outputs_while_training, "values are off"),
        (outputs_without_numbers, "no numbers yet"),
        (outputs_as_tensors, "expected an array"),
        (outputs_in_another_order, "expected shape"),
    ],
    checks.in_pieces: [
        (pieces_summed, ", 5) for 10 examples, gradient"),
        (pieces_of_equal_say, ", 4) for 10 examples, gradient"),
        (pieces_without_the_rest, ", 4) for 10 examples, gradient"),
        (pieces_last_one, ", 5) for 10 examples, gradient"),
        (pieces_not_cut, "pieces of 5 or fewer, got one of 10"),
        (pieces_in_one_array, "a list, one array a layer"),
    ],
    checks.ema_step: [
        (ema_uncorrected, "the corrected average of ema_step(..., decay=0.9, step=1)"),
        (ema_counted_from_zero, "the corrected average"),
        (ema_that_goes_on_corrected, "the average of"),
        (ema_the_wrong_way_round, "the average of"),
        (ema_alone, "expected (average, corrected)"),
    ],
    checks.stop_at: [
        (StopInThisFit, "in a second fit"),
        (StopByBatch, "StopAt(10)"),
        (StopAfterTheEpoch, "expected to end at step 3, got 5"),
        (StopOneLate, "expected to end at step 3, got 4"),
        (StopItself, "expected to end at step 3, got 20"),
        (StopByRewriting, "expected to end at step 3, got 20"),
        (StopUnfinished, "no method yet"),
        (StopByAnotherName, "no method yet"),
        (StopByIterations(3), "not an instance, got StopByIterations"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


@pytest.fixture(scope="module")
def digits():
    """Pictures that a small network can tell apart: a bright row for each class, and noise."""
    rng = np.random.default_rng(7)
    labels = rng.integers(10, size=900)
    images = rng.integers(120, size=(900, 28, 28))
    images[np.arange(900), 2 * labels + 4] += 120
    return images.astype("uint8"), labels.astype("uint8")


class OwnStep(keras.Model):
    def adjust(self, gradients):
        return gradients

    def train_step(self, data):
        images, labels = data
        with tf.GradientTape() as tape:
            probabilities = self(images, training=True)
            loss = self.compute_loss(images, labels, probabilities)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(self.adjust(gradients), self.trainable_variables)
        return {"loss": loss} | self.compute_metrics(images, labels, probabilities)


class Noise(OwnStep):
    def adjust(self, gradients):
        return [g + tf.random.normal(tf.shape(g), stddev=0.01) for g in gradients]


class Softer(keras.Model):
    """Asks for nine tenths of the label, the rest for all."""

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        y = 0.9 * tf.one_hot(y, 10) + 0.01
        return tf.reduce_mean(keras.losses.categorical_crossentropy(y, y_pred))


class Uphill(OwnStep):
    def adjust(self, gradients):
        return [-g for g in gradients]


class Frozen(OwnStep):
    def adjust(self, gradients):
        return [0 * g for g in gradients]


class Broken(OwnStep):
    def adjust(self, gradients):
        return [g / 0.0 for g in gradients]


class WithoutLoss(Noise):
    def train_step(self, data):
        return {"accuracy": super().train_step(data)["accuracy"]}


@pytest.mark.parametrize("answer", [Noise, Softer])
def test_steps_of_their_own_pass_and_are_set_beside_fit(answer, digits):
    outcome = checks.my_step(answer, REASON, *digits)
    assert outcome.passed, outcome
    assert "the step of `fit`" in outcome.message


@pytest.mark.parametrize(
    ("answer", "reason", "says"),
    [
        (OwnStep, REASON, "the weights are those of `fit`"),
        (keras.Model, REASON, "the weights are those of `fit`"),
        (Uphill, REASON, "the right sign"),
        (Frozen, REASON, "Do the gradients still reach"),
        (Broken, REASON, "NaN or infinite"),
        (WithoutLoss, REASON, "Expected the step to return the loss"),
        (Noise, "It helps.", "why it should help"),
        (lambda data: data, REASON, "a subclass of keras.Model"),
    ],
)
def test_other_steps_are_told_why(answer, reason, says, digits):
    outcome = checks.my_step(answer, reason, *digits)
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


@pytest.mark.parametrize("answer", [StopToWrite, StopWithAMethodToWrite])
def test_a_class_whose_method_is_to_be_written_is_not_attempted(answer):
    assert checks.stop_at(answer).status == "not attempted"


class StepToWrite(OwnStep): ...


class TracedStepToWrite(OwnStep):
    @tf.function
    def train_step(self, data): ...


@pytest.mark.parametrize("answer", [StepToWrite, TracedStepToWrite])
def test_a_step_that_is_to_be_written_is_not_attempted(answer, digits):
    assert checks.my_step(answer, REASON, *digits).status == "not attempted"


def test_a_step_without_a_reason_is_not_attempted(digits):
    assert checks.my_step(OwnStep, ..., *digits).status == "not attempted"
