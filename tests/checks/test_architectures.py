"""Right and wrong answers to the exercises of lesson 12."""

import random

import keras
import numpy as np
import pytest
import tensorflow as tf
from answers import Answers
from keras import layers

from workshop.checks import architectures as checks

MIND = "Good words share letters; if letters had no effect of their own, chance would do."


# 12-1


def parameters_by_a_loop(word):
    side, channels, total = 14, 1, 0
    for letter in word:
        if letter in "sp":
            side = (side + 1) // 2
        if letter in "cs":
            total += 3 * 3 * channels * 12 + 12
            channels = 12
        if letter == "n":
            total += 4 * channels
    return total + side * side * channels * 10 + 10


def parameters_by_recursion(word, side=14, channels=1):
    if not word:
        return (side * side * channels + 1) * 10
    own = {"c": 108 * channels + 12, "s": 108 * channels + 12, "n": 4 * channels}.get(word[0], 0)
    smaller = int(np.ceil(side / 2)) if word[0] in "sp" else side
    return own + parameters_by_recursion(word[1:], smaller, 12 if word[0] in "cs" else channels)


def parameters_by_counting_letters(word):
    first = min((word.find(letter) for letter in "cs" if letter in word), default=len(word))
    convolutions = sum(letter in "cs" for letter in word)
    total = 4 * word[:first].count("n") + 48 * word[first:].count("n")
    total += 120 * (convolutions > 0) + 1308 * max(convolutions - 1, 0)
    side = [14, 7, 4, 2, 1][sum(letter in "sp" for letter in word)]
    return total + side**2 * (12 if convolutions else 1) * 10 + 10


def parameters_by_tensorflow(word):
    side, channels, total = tf.constant(14.0), tf.constant(1.0), tf.constant(0.0)
    for letter in word:
        side = tf.math.ceil(side / 2) if letter in "sp" else side
        total += 4 * channels if letter == "n" else 0.0
        total += (9 * channels + 1) * 12 if letter in "cs" else 0.0
        channels = tf.constant(12.0) if letter in "cs" else channels
    return total + (side * side * channels + 1) * 10


def parameters_without_biases(word):
    side, channels, total = 14, 1, 0
    for letter in word:
        side = -(-side // 2) if letter in "sp" else side
        total += 9 * channels * 12 if letter in "cs" else 0
        total += 4 * channels if letter == "n" else 0
        channels = 12 if letter in "cs" else channels
    return total + side * side * channels * 10


def parameters_rounded_down(word):
    side, channels, total = 14, 1, 0
    for letter in word:
        side = side // 2 if letter in "sp" else side
        total += (9 * channels + 1) * 12 if letter in "cs" else 0
        total += 4 * channels if letter == "n" else 0
        channels = 12 if letter in "cs" else channels
    return total + (side * side * channels + 1) * 10


def parameters_of_trainable_normalization(word):
    before = parameters_by_a_loop(word)
    channels = 1
    for letter in word:
        before -= 2 * channels if letter == "n" else 0
        channels = 12 if letter in "cs" else channels
    return before


def parameters_that_forget_s(word):
    return parameters_by_a_loop(word.replace("s", "cp").replace("cpcp", "cpp"))


def parameters_where_s_keeps_the_side(word):
    return parameters_by_a_loop(word.replace("s", "c"))


def parameters_of_one_channel(word):
    side, total = 14, 0
    for letter in word:
        side = -(-side // 2) if letter in "sp" else side
        total += 120 if letter in "cs" else 0
        total += 4 if letter == "n" else 0
    return total + (side * side + 1) * 10


def parameters_without_the_end(word):
    return parameters_by_a_loop(word) - parameters_by_a_loop("")


def parameters_that_are_printed(word):
    print(parameters_by_a_loop(word))


# 12-2


def aging_by_max(accuracies, count, rng):
    drawn = rng.choice(len(accuracies), count, replace=False)
    return max(drawn, key=lambda place: accuracies[place]), 0


def aging_by_argmax(accuracies, count, rng):
    drawn = rng.permutation(len(accuracies))[:count]
    return np.array([drawn[np.argmax(np.asarray(accuracies)[drawn])], 0])


def aging_by_hiding(accuracies, count, rng):
    hidden = np.full(len(accuracies), -np.inf)
    for place in rng.permutation(len(accuracies))[:count]:
        hidden[place] = accuracies[place]
    return int(hidden.argmax()), 0


def aging_by_tensorflow(accuracies, count, rng):
    drawn = tf.constant(rng.choice(len(accuracies), size=count, replace=False, shuffle=False))
    return drawn[tf.argmax(tf.gather(tf.constant(accuracies), drawn))], tf.constant(0)


def aging_of_the_worse(accuracies, count, rng):
    drawn = rng.choice(len(accuracies), count, replace=False)
    return drawn[np.argmax(accuracies[drawn])], drawn[np.argmin(accuracies[drawn])]


def aging_of_the_worst_of_all(accuracies, count, rng):
    return aging_by_max(accuracies, count, rng)[0], int(np.argmin(accuracies))


def aging_of_the_last(accuracies, count, rng):
    return aging_by_max(accuracies, count, rng)[0], len(accuracies) - 1


def aging_of_the_best_of_all(accuracies, count, rng):
    return int(np.argmax(accuracies)), 0


def aging_of_anybody(accuracies, count, rng):
    return rng.integers(len(accuracies)), 0


def aging_with_repeats(accuracies, count, rng):
    drawn = rng.choice(len(accuracies), count)
    return drawn[np.argmax(accuracies[drawn])], 0


def aging_of_the_youngest(accuracies, count, rng):
    drawn = rng.choice(len(accuracies), count, replace=False)
    return drawn.max(), 0


def aging_of_a_place_in_the_draw(accuracies, count, rng):
    drawn = rng.choice(len(accuracies), count, replace=False)
    return int(np.argmax(accuracies[drawn])), 0


def aging_by_the_accuracy(accuracies, count, rng):
    drawn = rng.choice(len(accuracies), count, replace=False)
    return accuracies[drawn].max(), accuracies[0]


def aging_the_other_way_round(accuracies, count, rng):
    return aging_by_max(accuracies, count, rng)[::-1]


def aging_without_the_one_that_dies(accuracies, count, rng):
    drawn = rng.choice(
        np.arange(1, len(accuracies)), min(count, len(accuracies) - 1), replace=False
    )
    return drawn[np.argmax(accuracies[drawn])], 0


def aging_by_another_generator(accuracies, count, rng):
    drawn = np.random.choice(len(accuracies), count, replace=False)
    return drawn[np.argmax(accuracies[drawn])], 0


def aging_of_one(accuracies, count, rng):
    return aging_by_max(accuracies, count, rng)[0]


# 12-3


def best_by_draws(accuracy, noise, count):
    rng = np.random.default_rng(0)
    return rng.normal(accuracy, noise, (5000, count)).max(axis=1).mean()


def best_by_a_loop(accuracy, noise, count):
    own = random.Random(1)
    tops = [max(own.gauss(accuracy, noise) for _ in range(count)) for _ in range(4000)]
    return sum(tops) / len(tops)


def best_by_tensorflow(accuracy, noise, count):
    drawn = tf.random.stateless_normal((6000, count), (1, 2), accuracy, noise)
    return tf.reduce_mean(tf.reduce_max(drawn, axis=1))


def best_by_an_integral(accuracy, noise, count):
    from scipy.stats import norm

    z = np.linspace(-8, 8, 4001)
    density = count * norm.pdf(z) * norm.cdf(z) ** (count - 1)
    return accuracy + noise * np.sum(z * density) * (z[1] - z[0])


def best_of_one_try(accuracy, noise, count):
    return np.random.default_rng(0).normal(accuracy, noise, count).max()


def best_over_the_tries(accuracy, noise, count):
    return np.random.default_rng(0).normal(accuracy, noise, (5000, count)).max(axis=0).mean()


def best_is_the_truth(accuracy, noise, count):
    return accuracy


def best_is_one_noise_above(accuracy, noise, count):
    return accuracy + noise


def best_by_the_usual_bound(accuracy, noise, count):
    return accuracy + noise * np.sqrt(2 * np.log(count))


def best_of_everything(accuracy, noise, count):
    return np.random.default_rng(0).normal(accuracy, noise, (5000, count)).max()


def best_with_a_variance(accuracy, noise, count):
    return best_by_draws(accuracy, np.sqrt(noise), count)


def best_of_uniform_noise(accuracy, noise, count):
    return accuracy + noise * (count - 1) / (count + 1)


def best_as_an_array(accuracy, noise, count):
    return np.random.default_rng(0).normal(accuracy, noise, (5000, count)).max(axis=1)


RIGHT = {
    checks.parameters: [
        parameters_by_a_loop,
        parameters_by_recursion,
        parameters_by_counting_letters,
        parameters_by_tensorflow,
    ],
    checks.aging: [aging_by_max, aging_by_argmax, aging_by_hiding, aging_by_tensorflow],
    checks.looks_like: [best_by_draws, best_by_a_loop, best_by_tensorflow, best_by_an_integral],
}
WRONG = {
    checks.parameters: [
        (parameters_without_biases, "no layer but the last"),
        (parameters_rounded_down, "half of 7"),
        (parameters_of_trainable_normalization, "batch normalization"),
        (parameters_that_forget_s, "half of 7"),
        (parameters_where_s_keeps_the_side, "half the side"),
        (parameters_of_one_channel, "a convolution"),
        (parameters_without_the_end, "no layer but the last"),
        (parameters_that_are_printed, "gave None"),
    ],
    checks.aging: [
        (aging_of_the_worse, "expected 0, the oldest"),
        (aging_of_the_worst_of_all, "expected 0, the oldest"),
        (aging_of_the_last, "expected 0, the oldest"),
        (aging_of_the_best_of_all, "the best of 2 different ones"),
        (aging_of_anybody, "the best of 3 different ones"),
        (aging_with_repeats, "the best of 3 different ones"),
        (aging_of_the_youngest, "the best of 3 different ones"),
        (aging_of_a_place_in_the_draw, "the best of 3 different ones"),
        (aging_by_the_accuracy, "whole numbers from 0 below 3"),
        (aging_the_other_way_round, "expected 0, the oldest"),
        (aging_without_the_one_that_dies, "the best of 3 different ones"),
        (aging_by_another_generator, "Draw by `rng`"),
        (aging_of_one, "expected two places, got"),
    ],
    checks.looks_like: [
        (best_of_one_try, "looks_like(0.9, 0.01, 1)|looks_like(0.9, 0.01, 2)"),
        (best_over_the_tries, "looks_like(0.9, 0.01, 1)"),
        (best_is_the_truth, "looks_like(0.9, 0.01, 2)"),
        (best_is_one_noise_above, "looks_like(0.9, 0.01, 1)"),
        (best_by_the_usual_bound, "looks_like(0.9, 0.01, 2)"),
        (best_of_everything, "looks_like(0.9, 0.01, 1)"),
        (best_with_a_variance, "looks_like(0.9, 0.01, 2)|looks_like(0.9, 0.01, 1)"),
        (best_of_uniform_noise, "looks_like(0.9, 0.01, 2)"),
        (best_as_an_array, "expected shape (), got (5000,)"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


@pytest.mark.parametrize("word", ["", "s--r", "cpnr", "nspc", "ssss"])
def test_the_oracle_counts_as_keras_does(word):
    make = {
        "c": lambda: layers.Conv2D(12, 3, padding="same"),
        "s": lambda: layers.Conv2D(12, 3, strides=2, padding="same"),
        "r": layers.ReLU,
        "p": lambda: layers.MaxPooling2D(padding="same"),
        "n": layers.BatchNormalization,
        "-": layers.Identity,
    }
    middle = [make[letter]() for letter in word]
    end = [layers.Flatten(), layers.Dense(10)]
    model = keras.Sequential([keras.Input((14, 14, 1)), *middle, *end])
    assert checks._parameters(word) == model.count_params()


def test_the_oracle_knows_the_best_of_a_few():
    assert checks._best_of(1) == pytest.approx(0, abs=1e-6)
    assert checks._best_of(2) == pytest.approx(1 / np.sqrt(np.pi), abs=1e-6)
    assert checks._best_of(10) == pytest.approx(1.53875, abs=1e-4)


# 12-4


def word_of(letters, places):
    return "".join(random.choices(letters, k=places))


def search_by_letters(evaluate, letters, places, budget):
    words = [word_of(letters, places) for _ in range(budget)]
    y = np.array([evaluate(word) for word in words])
    x = np.array([[w[k] == one for k in range(places) for one in letters] for w in words], float)
    ridge = np.linalg.solve(x.T @ x + np.eye(x.shape[1]), x.T @ (y - y.mean()))
    return "".join(letters[k] for k in ridge.reshape(places, -1).argmax(axis=1))


def search_place_by_place(evaluate, letters, places, budget):
    word = list(word_of(letters, places))
    for _ in range(2):
        for place in range(places):
            tried = {}
            for letter in letters:
                word[place] = letter
                tried[letter] = evaluate("".join(word))
            word[place] = max(tried, key=tried.get)
    return "".join(word)


def search_by_evolution(evaluate, letters, places, budget):
    alive = []
    for number in range(budget):
        if number < 10:
            word = word_of(letters, places)
        else:
            worse, better = sorted(random.sample(alive, 2))
            alive.remove(worse)
            place, letter = random.randrange(places), random.choice(letters)
            word = better[1][:place] + letter + better[1][place + 1 :]
        alive.append((evaluate(word), word))
    return max(alive)[1]


def search_by_halving(evaluate, letters, places, budget):
    results = {}
    for _ in range(budget // 3):
        word = word_of(letters, places)
        results.setdefault(word, []).append(evaluate(word))
    for _ in range(budget // 2):
        parent = max(results, key=lambda one: np.mean(results[one]))
        place = random.randrange(places)
        word = parent[:place] + random.choice(letters) + parent[place + 1 :]
        results.setdefault(word, []).append(evaluate(word))
    for word in sorted(results, key=lambda one: -np.mean(results[one]))[:5]:
        results[word].append(evaluate(word))
    return max(results, key=lambda one: np.mean(results[one]) - 0.02 * (len(results[one]) < 2))


@pytest.mark.parametrize(
    "search",
    [search_by_letters, search_place_by_place, search_by_evolution, search_by_halving],
)
def test_searches_that_learn_pass(search):
    random.seed(0)
    outcome = checks.my_search(search, MIND)
    assert outcome.passed, outcome


def chance(evaluate, letters, places, budget):
    return max([word_of(letters, places) for _ in range(budget)], key=evaluate)


def no_search(evaluate, letters, places, budget):
    return word_of(letters, places)


def the_worst(evaluate, letters, places, budget):
    return min([word_of(letters, places) for _ in range(budget)], key=evaluate)


def too_often(evaluate, letters, places, budget):
    return max([word_of(letters, places) for _ in range(budget + 1)], key=evaluate)


def short_words(evaluate, letters, places, budget):
    return max(letters, key=evaluate)


def the_accuracy(evaluate, letters, places, budget):
    return evaluate(word_of(letters, places))


def a_list(evaluate, letters, places, budget):
    return random.choices(letters, k=places)


@pytest.mark.parametrize(
    ("search", "says"),
    [
        (chance, "Expected 15% or more"),
        (no_search, "Expected 15% or more"),
        (the_worst, "Expected 15% or more"),
        (too_often, "asked 61 times, and had 60"),
        (short_words, "evaluate: expected a word of 4 letters of 'csrpn-', got 'c'"),
        (the_accuracy, "my_search gave: expected a word of 4 letters"),
        (a_list, "my_search gave: expected a word of 4 letters"),
    ],
)
def test_searches_that_learn_nothing_are_told(search, says):
    random.seed(1)
    outcome = checks.my_search(search, MIND)
    assert outcome.status == "not yet"
    assert says in outcome.message


@pytest.mark.parametrize("mind", ["no idea", 7, None])
def test_the_limits_must_be_named(mind):
    random.seed(0)
    outcome = checks.my_search(search_by_letters, mind)
    assert outcome.status == "not yet"
    assert "Now say in `mind` why your search should win" in outcome.message


def test_a_search_that_is_not_written():
    assert checks.my_search(lambda *given: ..., MIND).status in {"not attempted", "not yet"}
    assert checks.my_search(..., ...).status == "not attempted"
