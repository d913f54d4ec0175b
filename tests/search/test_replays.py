"""Words of one network, and searches on a table."""

import itertools
import random

import numpy as np
import pytest

from workshop.search import replays, shortest

TABLE = {
    "": np.array([[0.1, 0.2], [0.1, 0.3]]),
    "c": np.array([[0.5, 0.9], [0.5, 0.7]]),
}


class Alternately:
    """Asks for two words in turn, and keeps what it is told."""

    told = ()

    def __init__(self):
        self.words = itertools.cycle(["----", "-c--"])
        type(self).told = []

    def ask(self):
        return next(self.words)

    def tell(self, word, accuracy):
        self.told.append((word, accuracy))


@pytest.mark.parametrize(
    ("word", "short"),
    [
        ("----", ""),
        ("", ""),
        ("c-rr", "cr"),
        ("rprp", "ppr"),
        ("rrpp", "ppr"),
        ("r-pr", "pr"),
        ("srcn", "srcn"),
        ("rnr", "rnr"),
        ("rcr", "rcr"),
    ],
)
def test_the_shortest_word_of_a_network(word, short):
    assert shortest(word) == short


def test_four_letters_make_633_networks():
    words = map("".join, itertools.product("csrpn-", repeat=4))
    assert len(set(map(shortest, words))) == 633


def test_words_of_one_network_compute_the_same():
    """What the rule says of ReLU and pooling, on random pictures."""
    import keras

    x = np.random.default_rng(0).normal(size=(3, 14, 14, 2)).astype("float32")
    relu, pool = keras.layers.ReLU(), keras.layers.MaxPooling2D(padding="same")
    np.testing.assert_array_equal(relu(pool(x)), pool(relu(x)))
    np.testing.assert_array_equal(relu(relu(x)), relu(x))


def test_one_seed_is_shown_and_the_others_judge():
    random.seed(0)
    seen, true = replays({Alternately: 20}, TABLE, evaluations=3)
    assert seen["Alternately"].shape == true["Alternately"].shape == (20, 3)
    assert set(seen["Alternately"][:, 0]) == {0.2, 0.3}
    np.testing.assert_allclose(seen["Alternately"][:, 0] + true["Alternately"][:, 0], 0.5)
    np.testing.assert_allclose(seen["Alternately"][:, 1] + true["Alternately"][:, 1], 1.6)


def test_the_best_so_far_never_looks_worse():
    seen, _ = replays({Alternately: 5}, TABLE, evaluations=10)
    assert (np.diff(seen["Alternately"], axis=1) >= 0).all()


def test_a_search_hears_what_it_was_shown():
    random.seed(1)
    seen, _ = replays({Alternately: 1}, TABLE, evaluations=4)
    assert [word for word, _ in Alternately.told] == ["----", "-c--", "----", "-c--"]
    assert max(accuracy for _, accuracy in Alternately.told) == seen["Alternately"][0, -1]


def test_a_word_that_is_not_in_the_table():
    class Wrong(Alternately):
        def ask(self):
            return "ssss"

    with pytest.raises(KeyError, match="has no network 'ssss'"):
        replays({Wrong: 1}, TABLE)


def test_one_seed_can_not_judge():
    with pytest.raises(ValueError, match="at least 2 seeds of each network, got 1"):
        replays({Alternately: 1}, {"": np.array([[0.1, 0.2]])})
