"""Right and wrong answers to the exercises of lesson 06c."""

import numpy as np
import pytest
from answers import Answers

from workshop.checks import attention as checks

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")
layers = keras.layers

WORDS = "A longer text and ten times the seconds would change my mind on attention."


def text_of(lengths, steps):
    return np.arange(steps) >= steps - np.array(lengths)[:, None]


def mask_by_numpy(lengths, steps):
    return mask_with_empty_rows(lengths, steps) | np.eye(steps, dtype=bool)


def mask_by_tensorflow(lengths, steps):
    causal = tf.linalg.band_part(tf.ones((steps, steps), tf.bool), -1, 0)
    is_text = tf.reverse(tf.sequence_mask(lengths, steps), [1])
    return causal & is_text[:, None, :] | tf.eye(steps, dtype=tf.bool)


def mask_by_loops(lengths, steps):
    return [
        [[i == j or steps - n <= j < i for j in range(steps)] for i in range(steps)]
        for n in lengths
    ]


def mask_in_place(lengths, steps):
    mask = np.zeros((len(lengths), steps, steps), dtype=bool)
    for text, length in zip(mask, lengths, strict=True):
        np.fill_diagonal(text, True)
        for row in range(steps):
            text[row, steps - length : row] = True
    return mask


def mask_with_empty_rows(lengths, steps):
    return np.tril(np.ones((steps, steps), bool)) & text_of(lengths, steps)[:, None, :]


def mask_of_numbers(lengths, steps):
    return mask_by_numpy(lengths, steps).astype("float32")


def mask_to_add(lengths, steps):
    return np.where(mask_by_numpy(lengths, steps), 0.0, -1e9)


def mask_of_the_padding_alone(lengths, steps):
    return text_of(lengths, steps)


def mask_that_is_causal_alone(lengths, steps):
    return np.tril(np.ones((len(lengths), steps, steps), bool))


def mask_turned_round(lengths, steps):
    upper = np.triu(np.ones((steps, steps), bool))
    return upper & text_of(lengths, steps)[:, None, :]


def mask_of_the_rows(lengths, steps):
    lower = np.tril(np.ones((steps, steps), bool))
    return lower & text_of(lengths, steps)[:, :, None] | np.eye(steps, dtype=bool)


def mask_for_padding_after(lengths, steps):
    is_text = np.arange(steps) < np.array(lengths)[:, None]
    return np.tril(np.ones((steps, steps), bool)) & is_text[:, None, :]


def mask_of_what_is_hidden(lengths, steps):
    return ~mask_by_numpy(lengths, steps)


def mask_without_itself(lengths, steps):
    return mask_by_numpy(lengths, steps) & ~np.eye(steps, dtype=bool)


def mask_that_returns_nothing(lengths, steps):
    mask_by_numpy(lengths, steps)


def attend_by_numpy(queries, keys, values, allowed):
    scores = np.where(allowed, queries @ keys.T / np.sqrt(keys.shape[-1]), -1e30)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True)) * allowed
    return powers @ values / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-30)


def attend_by_keras(queries, keys, values, allowed):
    scores = queries @ keys.T / np.sqrt(keys.shape[-1])
    return layers.Softmax()(scores, mask=allowed) @ values


def attend_by_rows(queries, keys, values, allowed):
    rows = []
    for query, may in zip(queries, allowed, strict=True):
        if not may.any():
            rows.append([0.0] * values.shape[1])
            continue
        scores = keys[may] @ query / keys.shape[1] ** 0.5
        powers = np.exp(scores - max(scores))
        rows.append((powers / powers.sum()) @ values[may])
    return rows


def attend_by_taking_nan_away(queries, keys, values, allowed):
    return np.nan_to_num(attend_with_nan(queries, keys, values, allowed))


def attend_in_place(queries, keys, values, allowed):
    queries /= np.sqrt(keys.shape[-1])
    scores = queries @ keys.T
    scores[~allowed] = -1e30
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores *= allowed
    scores /= np.maximum(scores.sum(axis=-1, keepdims=True), 1e-30)
    return scores @ values


def attend_with_nan(queries, keys, values, allowed):
    scores = np.where(allowed, queries @ keys.T / np.sqrt(keys.shape[-1]), -np.inf)
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True) @ values


def attend_to_all(queries, keys, values, allowed):
    return attend_by_numpy(queries, keys, values, np.ones_like(allowed))


def attend_with_the_mean(queries, keys, values, allowed):
    scores = np.where(allowed, queries @ keys.T / np.sqrt(keys.shape[-1]), -1e9)
    return tf.nn.softmax(scores) @ values


def attend_without_the_scale(queries, keys, values, allowed):
    return attend_by_numpy(queries * np.sqrt(keys.shape[-1]), keys, values, allowed)


def attend_without_the_largest(queries, keys, values, allowed):
    powers = np.exp(queries @ keys.T / np.sqrt(keys.shape[-1])) * allowed
    return powers @ values / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-30)


def attend_with_the_largest_of_all(queries, keys, values, allowed):
    scores = queries @ keys.T / np.sqrt(keys.shape[-1])
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True)) * allowed
    return powers @ values / np.maximum(powers.sum(axis=-1, keepdims=True), 1e-30)


def attend_and_give_weights(queries, keys, values, allowed):
    return attend_by_numpy(queries, keys, values, allowed), allowed


def attend_over_the_queries(queries, keys, values, allowed):
    return attend_by_numpy(queries, keys, values, allowed)[::-1]


def leaks_at_random(function, x):
    random, before, found = np.random.default_rng(1), np.array(function(x)), []
    for k in range(x.shape[1]):
        changed = x.copy()
        changed[:, k + 1 :] = random.normal(size=changed[:, k + 1 :].shape)
        if np.abs(function(changed) - before)[:, k].max() > 1e-6:
            found.append(k)
    return found


def leaks_by_tensorflow(function, x):
    before, steps = function(tf.constant(x)), x.shape[1]
    later = tf.range(steps) > tf.range(steps)[:, None]  # (position, step)
    noise = tf.random.stateless_normal(x.shape, [1, 2], dtype=x.dtype)
    changed = [function(tf.where(row[:, None], noise, x)) for row in later]
    off = [np.abs(one - before)[0, k].max() for k, one in enumerate(changed)]
    return np.flatnonzero(np.array(off) > 1e-6)


def leaks_as_a_set(function, x):
    return {*leaks_at_random(function, x)}


def leaks_in_place(function, x):
    random, found = np.random.default_rng(3), set()
    before = np.array(function(x))
    for k in reversed(range(1, x.shape[1])):  # more and more of the end
        x[:, k] = random.normal(size=x[:, k].shape)
        after = np.array(function(x))
        found |= {k - 1} if np.abs(after - before)[:, k - 1].max() > 1e-6 else set()
    return sorted(found)


def leaks_of(change):
    def found(function, x):
        before, places = np.array(function(x)), []
        for k in range(x.shape[1] - 1):
            changed = x.copy()
            changed[:, k + 1 :] = change(changed[:, k + 1 :])
            if np.abs(function(changed) - before)[:, k].max() > 1e-6:
                places.append(k)
        return places

    return found


def leaks_by_the_last_step(function, x):
    changed = x.copy()
    changed[:, -1] = np.random.default_rng(0).normal(size=changed[:, -1].shape)
    off = np.abs(function(changed) - function(x))[0].max(axis=-1)
    return [k for k in range(x.shape[1] - 1) if off[k] > 1e-6]


def leaks_of_all_features(function, x):
    before, found = np.array(function(x)), []
    for k in range(x.shape[1]):
        changed = x.copy()
        changed[:, k + 1 :] = np.random.default_rng(k).normal(size=changed[:, k + 1 :].shape)
        if np.all(np.abs(function(changed) - before)[:, k] > 1e-6):
            found.append(k)
    return found


def leaks_with_itself(function, x):
    before, found = np.array(function(x)), []
    for k in range(x.shape[1]):
        changed = x.copy()
        changed[:, k:] = np.random.default_rng(k).normal(size=changed[:, k:].shape)
        if np.abs(function(changed) - before)[:, k].max() > 1e-6:
            found.append(k)
    return found


def leaks_that_count_rounding(function, x):
    before, found = np.array(function(x)), []
    for k in range(x.shape[1] - 1):
        changed = x.copy()
        changed[:, k + 1 :] = np.random.default_rng(k).normal(size=changed[:, k + 1 :].shape)
        if not np.array_equal(np.array(function(changed))[:, k], before[:, k]):
            found.append(k)
    return found


def leaks_of_what_came_before(function, x):
    before, found = np.array(function(x)), []
    for k in range(x.shape[1]):
        changed = x.copy()
        changed[:, :k] = np.random.default_rng(k).normal(size=changed[:, :k].shape)
        if np.abs(function(changed) - before)[:, k].max() > 1e-6:
            found.append(k)
    return found


def leaks_as_booleans(function, x):
    found = leaks_at_random(function, x)
    return np.array([k in found for k in range(x.shape[1])])


def leaks_yes_or_no(function, x):
    return len(leaks_at_random(function, x))


def leaks_that_return_nothing(function, x):
    leaks_at_random(function, x)


def twice_by_attention_mask(embedding, first, second, codes, asking):
    memory, seen = embedding(codes), (codes != 0)[:, None, :]
    return second(first(asking, memory, attention_mask=seen), memory, attention_mask=seen)


def twice_by_compute_mask(embedding, first, second, codes, asking):
    mask = embedding.compute_mask(codes)
    taken = first(asking, embedding(codes), value_mask=mask)
    return second(taken, embedding(codes), value_mask=mask)


def twice_by_a_fresh_memory(embedding, first, second, codes, asking):
    return second(first(asking, embedding(codes)), embedding(codes))


def twice_as_an_array(embedding, first, second, codes, asking):
    memory = np.array(embedding(codes))
    seen = np.repeat((codes != 0)[:, None], asking.shape[1], axis=1)
    taken = first(asking, memory, memory, attention_mask=seen)
    return np.array(second(taken, memory, memory, attention_mask=seen))


def twice_as_everybody_would(embedding, first, second, codes, asking):
    memory = embedding(codes)
    return second(first(asking, memory), memory)


def twice_with_the_mask_for_the_first(embedding, first, second, codes, asking):
    memory = embedding(codes)
    taken = first(asking, memory, attention_mask=(codes != 0)[:, None, :])
    return second(taken, memory)


def twice_with_the_mask_for_the_second(embedding, first, second, codes, asking):
    memory, seen = np.array(embedding(codes)), (codes != 0)[:, None, :]
    return second(first(asking, memory), memory, attention_mask=seen)


def twice_without_masks(embedding, first, second, codes, asking):
    memory = np.array(embedding(codes))
    return second(first(asking, memory), memory)


def twice_turned_round(embedding, first, second, codes, asking):
    memory, seen = np.array(embedding(codes)), (codes == 0)[:, None, :]
    return second(first(asking, memory, attention_mask=seen), memory, attention_mask=seen)


def twice_with_a_mask_to_add(embedding, first, second, codes, asking):
    memory = np.array(embedding(codes))
    seen = np.where((codes != 0)[:, None, :], 0.0, -1e9)
    return second(first(asking, memory, attention_mask=seen), memory, attention_mask=seen)


def twice_with_the_same_queries(embedding, first, second, codes, asking):
    return second(asking, embedding(codes), attention_mask=(codes != 0)[:, None, :])


def twice_with_a_query_mask(embedding, first, second, codes, asking):
    memory, mask = np.array(embedding(codes)), codes[:, :3] != 0
    return second(first(asking, memory, query_mask=mask), memory, query_mask=mask)


def twice_without_the_axis(embedding, first, second, codes, asking):
    memory, mask = embedding(codes), codes != 0
    taken = first(asking, memory, attention_mask=mask)
    return second(taken, memory, attention_mask=mask)


def twice_from_the_end(embedding, first, second, codes, asking):
    return twice_by_attention_mask(embedding, second, first, codes, asking)


def twice_by_pooling(embedding, first, second, codes, asking):
    return tf.reduce_mean(twice_by_attention_mask(embedding, first, second, codes, asking), 1)


RIGHT = {
    checks.mask_of: [mask_by_numpy, mask_by_tensorflow, mask_by_loops, mask_in_place],
    checks.attend: [
        attend_by_numpy,
        attend_by_keras,
        attend_by_rows,
        attend_by_taking_nan_away,
        attend_in_place,
    ],
    checks.leaks: [leaks_at_random, leaks_by_tensorflow, leaks_as_a_set, leaks_in_place],
    checks.read_twice: [
        twice_by_attention_mask,
        twice_by_compute_mask,
        twice_by_a_fresh_memory,
        twice_as_an_array,
    ],
}
WRONG = {
    checks.mask_of: [
        (mask_of_numbers, "expected booleans, got float32"),
        (mask_to_add, "expected booleans, got float64"),
        (mask_of_the_padding_alone, "expected shape (2, 4, 4), got (2, 4)"),
        (mask_that_is_causal_alone, "expected 0, got 1"),
        (mask_with_empty_rows, "May it see itself?"),
        (mask_turned_round, "Which of them is later?"),
        (mask_of_the_rows, "Which axis is that?"),
        (mask_for_padding_after, "the padding comes before the text"),
        (mask_of_what_is_hidden, "True means that this place"),
        (mask_without_itself, "expected 1, got 0"),
        (mask_that_returns_nothing, "gave None"),
    ],
    checks.attend: [
        (attend_with_nan, "where row 2 may see nothing: row 2 is no number"),
        (attend_to_all, "with a causal mask at index"),
        (attend_with_the_mean, "it gets the mean of all values"),
        (attend_without_the_scale, "what are the products divided by?"),
        (attend_without_the_largest, "with scores in the thousands: row"),
        (attend_with_the_largest_of_all, "with scores in the thousands at index"),
        (attend_and_give_weights, "expected one array, got 2"),
        (attend_over_the_queries, "values are off"),
    ],
    checks.leaks: [
        (leaks_of(lambda x: x + 1), "a leak behind a layer normalization"),
        (leaks_of(lambda x: 2 * x), "a leak behind a layer normalization"),
        (leaks_of(lambda x: -x), "a leak of squares"),
        (leaks_by_the_last_step, "position 0 sees position 3|looks one step ahead"),
        (leaks_of_all_features, "position 0 sees position 3"),
        (leaks_with_itself, "see nothing that comes later, and were found"),
        (leaks_that_count_rounding, "see nothing that comes later, and were found"),
        (leaks_of_what_came_before, "see nothing that comes later, and were found"),
        (leaks_as_booleans, "expected positions, got booleans"),
        (leaks_yes_or_no, "expected a list, got"),
        (leaks_that_return_nothing, "it gave None"),
    ],
    checks.read_twice: [
        (twice_as_everybody_would, "the first took the mask off"),
        (twice_with_the_mask_for_the_first, "the first took the mask off"),
        (twice_with_the_mask_for_the_second, "The first reader looks at the padding"),
        (twice_without_masks, "Both readers look at the padding"),
        (twice_turned_round, "nothing but the padding"),
        (twice_with_a_mask_to_add, "nothing but the padding"),
        (twice_with_the_same_queries, "not with what the first one gave"),
        (twice_with_a_query_mask, "Both readers look at the padding"),
        (twice_without_the_axis, "Incompatible shapes"),
        (twice_from_the_end, "values are off"),
        (twice_by_pooling, "expected shape (2, 3, 8), got (2, 8)"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


KINDS = 5
CYCLE = (np.arange(40)[:, None] + np.arange(65)) % KINDS  # each code tells the next


def known(**how):
    """A model of the cycle; it sees what comes later where its padding is "same"."""
    model = keras.Sequential(
        [
            keras.Input((64,)),
            layers.Embedding(KINDS, KINDS, "identity"),
            layers.Conv1D(KINDS, 3, use_bias=False, **{"padding": "causal"} | how),
        ]
    )
    kernel = np.zeros((3, KINDS, KINDS))
    kernel[-1 if "padding" not in how else 1] = 9 * np.roll(np.eye(KINDS), 1, axis=1)
    if "padding" in how:
        kernel[2] = 0.5
        kernel[2, 0] = 0.1
    model.layers[-1].set_weights([kernel])
    return model


def judged(model, words=WORDS):
    return checks.my_model(model, words, CYCLE)


def test_an_untouched_model_is_not_attempted():
    assert checks.my_model(..., ..., CYCLE).status == "not attempted"


def test_a_model_that_foresees_passes():
    outcome = judged(known())
    assert outcome.passed, outcome
    assert "bits per character with 100 parameters; the last letter alone: 3.49" in outcome.message


def test_bits_are_bits():
    """Nine more for the right one of five: that many bits, by hand."""
    expected = np.log2(np.exp(9) + 4) - 9 / np.log(2)
    assert f"{expected:.2f} bits" in judged(known()).message


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda: known(padding="same"), "when only the last 16 letters do"),
        (lambda: keras.Sequential([layers.Embedding(KINDS, 3)]), "expected logits (40, 64)"),
        (lambda: keras.Sequential([layers.Embedding(KINDS, 4), layers.Flatten()]), "got (40, 256)"),
        (lambda: {"bits": 2.0}, "Expected a Keras model, got dict"),
    ],
)
def test_other_models_are_told_why(answer, says):
    outcome = judged(answer())
    assert outcome.status == "not yet"
    assert says in outcome.message, outcome


def test_a_model_that_learned_nothing_is_told_the_bigram():
    model = known()
    model.layers[-1].set_weights([-model.layers[-1].get_weights()[0]])
    outcome = judged(model)
    assert outcome.status == "not yet"
    assert "the last letter alone would give 3.49" in outcome.message, outcome


def test_a_mind_in_three_words_is_not_enough():
    outcome = judged(known(), "More time, perhaps.")
    assert outcome.status == "not yet"
    assert "what would change your mind about attention" in outcome.message
