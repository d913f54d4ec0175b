"""Right and wrong answers to the exercises of lesson 07b."""

import numpy as np
import pytest
from answers import Answers

from workshop.checks import inside as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

REASON = "It smooths the path; a tie over five seeds would change my mind."


def accuracy_by_counting(model, batches):
    hits = count = 0
    for images, labels in batches:
        hits += np.sum(model.predict_on_batch(images).argmax(axis=1) == labels)
        count += len(labels)
    return hits / count


def accuracy_by_a_metric(model, batches):
    metric = keras.metrics.SparseCategoricalAccuracy()
    for images, labels in batches:
        metric.update_state(labels, model(images, training=False))
    return metric.result()


def accuracy_of_all_at_once(model, batches):
    images, labels = (np.concatenate(part) for part in zip(*batches, strict=True))
    return np.mean(model.predict(images, verbose=0).argmax(axis=1) == labels)


def accuracy_by_evaluate(model, batches):
    images, labels = (np.concatenate(part) for part in zip(*batches, strict=True))
    return model.evaluate(images, labels, verbose=0, return_dict=True)["accuracy"]


def accuracy_by_weights(model, batches):
    means = [np.mean(model.predict(x, verbose=0).argmax(1) == y) for x, y in batches]
    return np.average(means, weights=[len(y) for _, y in batches])


def accuracy_in_a_list(model, batches):
    hits = []
    for images, labels in batches:
        classes = np.argmax(model(images), axis=1).tolist()
        hits += [one == int(label) for one, label in zip(classes, labels, strict=True)]
    return sum(hits) / len(hits)


def accuracy_by_a_running_mean(model, batches):
    mean = keras.metrics.Mean()
    for images, labels in batches:
        classes = tf.argmax(model(images), axis=1)
        mean.update_state(tf.cast(classes == tf.cast(labels, tf.int64), tf.float32))
    return float(mean.result())


def accuracy_as_given(model, batches):
    accuracies = []
    for images, labels in batches:
        classes = model.predict_on_batch(images).argmax(axis=1)
        accuracies.append(np.mean(classes == labels))
    return np.mean(accuracies)


def accuracy_of_full_batches(model, batches):
    return accuracy_by_counting(model, [b for b in batches if len(b[1]) == len(batches[0][1])])


def accuracy_over_the_first_size(model, batches):
    hits = sum(np.sum(model.predict_on_batch(x).argmax(axis=1) == y) for x, y in batches)
    return hits / (len(batches) * len(batches[0][0]))


def accuracy_of_the_last(model, batches):
    images, labels = batches[-1]
    return np.mean(model.predict_on_batch(images).argmax(axis=1) == labels)


def how_many_are_right(model, batches):
    return sum(np.sum(model.predict_on_batch(x).argmax(axis=1) == y) for x, y in batches)


def accuracy_in_percent(model, batches):
    return 100 * accuracy_by_counting(model, batches)


def share_of_errors(model, batches):
    return 1 - accuracy_by_counting(model, batches)


def accuracy_while_training(model, batches):
    keras.utils.set_random_seed(1)
    hits = count = 0
    for images, labels in 30 * batches:
        hits += np.sum(np.argmax(model(images, training=True), axis=1) == labels)
        count += len(labels)
    return hits / count


def accuracy_by_the_size(model, batches):
    means = [np.mean(model.predict(x, verbose=0).argmax(1) == y) for x, y in batches]
    return sum(mean * len(y) for mean, (_, y) in zip(means, batches, strict=True)) / len(batches)


def accuracy_reset_each_time(model, batches):
    metric = keras.metrics.SparseCategoricalAccuracy()
    for images, labels in batches:
        metric.reset_state()
        metric.update_state(labels, model(images))
    return metric.result()


def accuracy_printed(model, batches):
    print(accuracy_by_counting(model, batches))


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


def pieces_by_differences(gradients_of, images, labels, size):
    total = [0 * part for part in gradients_of(images[:1], labels[:1])]
    for start in range(0, len(images), size):
        x, y = images[start : start + size], labels[start : start + size]
        for place, part in enumerate(gradients_of(x, y)):
            total[place] = total[place] + part * len(y)
    return [part / len(labels) for part in total]


def pieces_by_tensorflow(gradients_of, images, labels, size):
    pairs = tf.data.Dataset.from_tensor_slices((images, labels)).batch(size)
    parts = [[len(y) * tf.constant(g) for g in gradients_of(x, y)] for x, y in pairs]
    return [tf.add_n(layer) / len(images) for layer in zip(*parts, strict=True)]


def pieces_one_by_one(gradients_of, images, labels, size):
    all_of = [gradients_of(images[k : k + 1], labels[k : k + 1]) for k in range(len(images))]
    return [np.mean(np.stack(layer), axis=0) for layer in zip(*all_of, strict=True)]


def pieces_cut_evenly(gradients_of, images, labels, size):
    count = -(-len(images) // size)
    cut = zip(np.array_split(images, count), np.array_split(labels, count), strict=True)
    weighed = [[len(y) / len(labels) * g for g in gradients_of(x, y)] for x, y in cut]
    return list(map(sum, zip(*weighed, strict=True)))


def pieces_of_two_layers(gradients_of, images, labels, size):
    return list(pieces_by_average(gradients_of, images, labels, size))[:2]


def pieces_weighed_by_size(gradients_of, images, labels, size):
    starts = range(0, len(images), size)
    pieces = [gradients_of(images[k : k + size], labels[k : k + size]) for k in starts]
    return [size / len(images) * sum(parts) for parts in zip(*pieces, strict=True)]


def pieces_the_first_alone(gradients_of, images, labels, size):
    return gradients_of(images[:size], labels[:size])


def pieces_in_a_dict(gradients_of, images, labels, size):
    return dict(enumerate(pieces_by_average(gradients_of, images, labels, size)))


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


def ema_in_an_array(average, value, decay, step):
    average = decay * average + (1 - decay) * np.asarray(value)
    return np.array([average, average / (1 - decay**step)])


def ema_by_tensorflow(average, value, decay, step):
    average = tf.constant(average, tf.float64) * decay + (1 - decay) * tf.cast(value, tf.float64)
    return average, average / (1 - tf.pow(tf.constant(decay, tf.float64), step))


def ema_in_place(average, value, decay, step):
    average = np.array(average, dtype=float)
    average *= decay
    average += (1 - decay) * np.asarray(value)
    return average, np.divide(average, -np.expm1(step * np.log(decay)))


def ema_in_floats(average, value, decay, step):
    average = np.float32(decay) * np.float32(average) + np.float32(1 - decay) * np.float32(value)
    return average, average / np.float32(1 - decay**step)


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


def ema_corrected_before(average, value, decay, step):
    corrected = average / (1 - decay**step)
    return decay * average + (1 - decay) * value, corrected


def ema_corrected_first(average, value, decay, step):
    return ema_in_two_lines(average, value, decay, step)[::-1]


def ema_of_ninety_percent(average, value, decay, step):
    return ema_in_two_lines(average, value, 0.9, step)


def ema_divided_by_the_step(average, value, decay, step):
    average = decay * average + (1 - decay) * value
    return average, average / (step * (1 - decay))


def ema_of_the_plain_mean(average, value, decay, step):
    average = average + (value - average) / step
    return average, average


def ema_multiplied(average, value, decay, step):
    average = decay * average + (1 - decay) * value
    return average, average * (1 - decay**step)


def ema_with_a_history(average, value, decay, step):
    return *ema_in_two_lines(average, value, decay, step), step


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


class StopBetweenEpochsToo(keras.callbacks.Callback):
    """Keeps its step under another name, and asks the optimizer by NumPy."""

    def __init__(self, last_step, **options):
        super().__init__(**options)
        self.last_step = last_step

    def on_train_batch_end(self, batch, logs=None):
        self.model.stop_training = np.greater_equal(
            self.model.optimizer.iterations.numpy(), self.last_step
        ).item()


class StopByAClosure(keras.callbacks.LambdaCallback):
    def __init__(self, step):
        def ask(batch, logs=None):
            if keras.ops.convert_to_numpy(self.model.optimizer.iterations) >= step:
                self.model.stop_training = True

        super().__init__(on_train_batch_end=ask)


class StopByTheNextBatch(StopByIterations):
    """Looks before the next batch begins, where it is too late: that one is still trained."""

    on_train_batch_end = keras.callbacks.Callback.on_train_batch_end

    def on_train_batch_begin(self, batch, logs=None):
        StopByIterations.on_train_batch_end(self, batch)


class StopAtTheStepAlone(StopByIterations):
    """Stops where the numbers are equal, and so never where the step is already behind."""

    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.optimizer.iterations) == self.step - 1:
            self.model.stop_training = True


class StopWhereItIsEqual(StopByIterations):
    """Never stops a model that is beyond its step."""

    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.optimizer.iterations) == self.step:
            self.model.stop_training = True


class StopAtThree(StopByIterations):
    def __init__(self, step):
        super().__init__(3)


class StopOneEarly(StopByIterations):
    def __init__(self, step):
        super().__init__(step - 1)


class StopByRaising(StopByIterations):
    def on_train_batch_end(self, batch, logs=None):
        if int(self.model.optimizer.iterations) >= self.step:
            raise StopIteration


class StopByAReturn(StopByIterations):
    def on_train_batch_end(self, batch, logs=None):
        return int(self.model.optimizer.iterations) >= self.step


class StopOfAllModels(StopByIterations):
    """Counts for every model that there ever was."""

    made = 0

    def on_train_batch_end(self, batch, logs=None):
        StopOfAllModels.made += 1
        if StopOfAllModels.made >= self.step:
            self.model.stop_training = True


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


def accuracy_of_scaled_pixels(model, batches):
    right = [
        model.predict_on_batch(images / 255).argmax(axis=1) == labels for images, labels in batches
    ]
    return np.concatenate(right).mean()


def accuracy_that_clears_the_model(model, batches):
    right = [model.predict_on_batch(images).argmax(axis=1) == labels for images, labels in batches]
    model.set_weights([0 * weights for weights in model.get_weights()])
    return np.concatenate(right).mean()


def ema_in_lists(average, value, decay, step):
    average = decay * np.asarray(average) + (1 - decay) * np.asarray(value)
    return average.tolist(), (average / (1 - decay**step)).tolist()


def ema_in_plain_lists(average, value, decay, step):
    if np.ndim(value) == 0:
        return ema_in_floats(average, value, decay, step)
    pairs = [ema_in_plain_lists(*pair, decay, step) for pair in zip(average, value, strict=True)]
    return [one for one, _ in pairs], [one for _, one in pairs]


def pieces_by_an_average(gradients_of, images, labels, size):
    cuts = range(size, len(images), size)
    pieces = list(zip(np.split(images, cuts), np.split(labels, cuts), strict=True))
    weights = [len(part) for part, _ in pieces]
    layers = zip(*(gradients_of(*piece) for piece in pieces), strict=True)
    return [np.average(np.stack(layer), axis=0, weights=weights) for layer in layers]


def pieces_by_keywords(gradients_of, images, labels, size):
    total = None
    for start in range(0, len(images), size):
        some, theirs = images[start : start + size], labels[start : start + size]
        gradients = gradients_of(images=some, labels=theirs)
        parts = [len(some) / len(images) * gradient for gradient in gradients]
        total = parts if total is None else [a + b for a, b in zip(total, parts, strict=True)]
    return total


RIGHT = {
    checks.accuracy_of: [
        accuracy_by_counting,
        accuracy_by_a_metric,
        accuracy_of_all_at_once,
        accuracy_by_evaluate,
        accuracy_by_weights,
        accuracy_in_a_list,
        accuracy_by_a_running_mean,
    ],
    checks.in_pieces: [
        pieces_by_share,
        pieces_by_average,
        pieces_by_differences,
        pieces_by_tensorflow,
        pieces_cut_evenly,
        pieces_by_an_average,
        pieces_by_keywords,
    ],
    checks.ema_step: [
        ema_in_two_lines,
        ema_by_its_change,
        ema_in_an_array,
        ema_by_tensorflow,
        ema_in_place,
        ema_in_floats,
        ema_in_lists,
        ema_in_plain_lists,
    ],
    checks.stop_at: [StopByIterations, StopByCounting, StopBetweenEpochsToo, StopByAClosure],
}
WRONG = {
    checks.accuracy_of: [
        (accuracy_as_given, "with batches of 6, 6, 1"),
        (accuracy_of_full_batches, "accuracy_of with batches of"),
        (accuracy_over_the_first_size, "with batches of 6, 6, 1"),
        (accuracy_of_the_last, "got 1."),
        (how_many_are_right, "accuracy_of with batches of"),
        (accuracy_in_percent, "accuracy_of with batches of"),
        (share_of_errors, "accuracy_of with batches of"),
        (accuracy_while_training, "accuracy_of with batches of"),
        (accuracy_by_the_size, "accuracy_of with batches of"),
        (accuracy_reset_each_time, "got 1."),
        (accuracy_printed, "gave None"),
        (accuracy_of_scaled_pixels, "accuracy_of with batches of"),
        (accuracy_that_clears_the_model, "weights have changed"),
    ],
    checks.in_pieces: [
        (pieces_summed, ", 5) for 10 examples, gradient"),
        (pieces_of_equal_say, ", 4) for 10 examples, gradient"),
        (pieces_without_the_rest, ", 4) for 10 examples, gradient"),
        (pieces_last_one, ", 5) for 10 examples, gradient"),
        (pieces_not_cut, "pieces of 5 or fewer, got one of 10"),
        (pieces_in_one_array, "a list, one array per layer"),
        (pieces_of_two_layers, "gives (3), got 2"),
        (pieces_weighed_by_size, ", 4) for 10 examples, gradient"),
        (pieces_the_first_alone, ", 5) for 10 examples, gradient"),
        (pieces_in_a_dict, "a list, one array per layer"),
        (pieces_one_by_one, "expected 2 pieces, got 10. Is `size` used?"),
    ],
    checks.ema_step: [
        (ema_uncorrected, "the corrected average of ema_step(..., decay=0.9, step=1)"),
        (ema_counted_from_zero, "the corrected average"),
        (ema_that_goes_on_corrected, "the average of"),
        (ema_the_wrong_way_round, "the average of"),
        (ema_alone, "expected (average, corrected)"),
        (ema_corrected_before, "the corrected average"),
        (ema_corrected_first, "the average of"),
        (ema_of_ninety_percent, "decay=0.99"),
        (ema_divided_by_the_step, "the corrected average"),
        (ema_of_the_plain_mean, "the average of"),
        (ema_multiplied, "the corrected average"),
        (ema_with_a_history, "expected two results, got 3"),
    ],
    checks.stop_at: [
        (StopInThisFit, "in a second fit"),
        (StopByBatch, "StopAt(10)"),
        (StopAfterTheEpoch, "expected to end at step 3, got 5"),
        (StopOneLate, "expected to end at step 3, got 4"),
        (StopItself, "expected to end at step 3, got 20"),
        (StopByRewriting, "expected to end at step 3, got 20"),
        (StopUnfinished, "no method yet"),
        (StopByTheNextBatch, "expected to end at step 3, got 4"),
        (StopAtTheStepAlone, "expected to end at step 3, got 2"),
        (StopWhereItIsEqual, "StopAt(8) in a second fit, after one to step 12"),
        (StopAtThree, "expected to end at step 10, got 3"),
        (StopOneEarly, "expected to end at step 3, got 2"),
        (StopByRaising, "StopIteration|could not use"),
        (StopByAReturn, "expected to end at step 3, got 20"),
        (StopOfAllModels, "expected to end at step 10"),
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


class Aimless(OwnStep):
    """Moves by noise alone."""

    def adjust(self, gradients):
        return [tf.random.normal(tf.shape(g)) for g in gradients]


class Sign(OwnStep):
    def adjust(self, gradients):
        return [tf.sign(g) for g in gradients]


class Clipped(OwnStep):
    def adjust(self, gradients):
        return tf.clip_by_global_norm(gradients, 0.5)[0]


class MixedInPairs(keras.Model):
    def train_step(self, data):
        images, labels = data
        order = tf.random.shuffle(tf.range(tf.shape(images)[0]))
        images = tf.cast(images, "float32")
        mixed = 0.8 * images + 0.2 * tf.gather(images, order)
        return super().train_step((mixed, labels))


class FromScratch(keras.Model):
    """Returns the loss alone, and leaves the metrics out."""

    def train_step(self, data):
        images, labels = data
        with tf.GradientTape() as tape:
            predicted = self(images, training=True)
            soft = 0.9 * tf.one_hot(labels, 10) + 0.01
            loss = tf.reduce_mean(keras.losses.categorical_crossentropy(soft, predicted))
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        return {"loss": loss}


class WithoutReturn(OwnStep):
    def train_step(self, data):
        super().train_step(data)


class Doubled(OwnStep):
    """Adam divides by the size of the gradients."""

    def adjust(self, gradients):
        return [2 * g for g in gradients]


class WithoutLoss(Noise):
    def train_step(self, data):
        return {"accuracy": super().train_step(data)["accuracy"]}


@pytest.mark.parametrize("answer", [Noise, Softer, Sign, Clipped, MixedInPairs, FromScratch])
def test_steps_of_their_own_pass_and_are_set_beside_fit(answer, digits):
    outcome = checks.my_step(answer, REASON, *digits)
    assert outcome.passed, outcome
    assert "the step of `fit`" in outcome.message


@pytest.mark.parametrize(
    ("answer", "reason", "says"),
    [
        (OwnStep, REASON, "the weights are those of `fit`"),
        (keras.Model, REASON, "the weights are those of `fit`"),
        (Doubled, REASON, "the weights are those of `fit`"),
        (Uphill, REASON, "the right sign"),
        (Frozen, REASON, "Do the gradients still reach"),
        (Broken, REASON, "NaN or infinite"),
        (Aimless, REASON, "Do the gradients still reach"),
        (WithoutLoss, REASON, "Expected the step to return the loss"),
        (WithoutReturn, REASON, "Your `train_step` gave None"),
        (Noise, "It helps.", "why it should help"),
        (Noise, "lorem ipsum dolor sit amet consectetur adipiscing elit", "what has that to do"),
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
