"""Searches on a table of all networks, where an evaluation is a look at a number."""

import functools
import random
from collections.abc import Mapping
from typing import Protocol

import numpy as np

from workshop.messages import say


class Search(Protocol):
    """What looks for the best word: it says which is next, and hears what that reached."""

    def ask(self) -> str:
        """Give the next word."""

    def tell(self, word: str, accuracy: float) -> None:
        """Hear the accuracy of a word."""


@functools.cache
def shortest(word: str) -> str:
    """Give the shortest word for the network of a word, in the letters of lesson 12.

    A letter `-` is no layer, two ReLUs (`r`) are one, and ReLU and max-pooling (`p`) may change
    places: the largest number comes through both.

    Example:
        >>> shortest("crpr"), shortest("c-rr"), shortest("----")
        ('cpr', 'cr', '')
    """
    word = word.replace("-", "")
    while (shorter := word.replace("rr", "r").replace("rp", "pr")) != word:
        word = shorter
    return word


def replays(
    searches: Mapping[type[Search], int],
    table: Mapping[str, np.ndarray],
    *,
    evaluations: int = 200,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Run searches on a table, many times each.

    A search is shown one seed of a network, at random. What the network is worth, the other seeds
    say: they had no part in its being chosen.

    Args:
        searches: for each class of searches, how many are to run; each is called without
            arguments.
        table: accuracies of each shortest word, `(seeds, epochs)`; the last epoch counts.
        evaluations: how many words a search may ask for.

    Returns:
        Two dicts by the name of the class, arrays of shape `(runs, evaluations)` each: the accuracy
        that was shown of the best word so far, and the accuracy of its other seeds.

    Raises:
        KeyError: a search asks for a word that the table does not have.
        ValueError: there are fewer than two seeds.

    Example:
        >>> class Same:
        ...     def ask(self):
        ...         return "cr"
        ...     def tell(self, word, accuracy):
        ...         pass
        >>> seen, true = replays({Same: 3}, {"cr": np.array([[0.9], [0.8]])}, evaluations=5)
        >>> seen["Same"].shape, bool((seen["Same"] >= true["Same"])[:, -1].any())
        ((3, 5), True)
    """
    last = {word: rows[:, -1].tolist() for word, rows in table.items()}
    if (fewest := min(map(len, last.values()), default=0)) < 2:
        raise ValueError(say("expected at least 2 seeds of each network, got {n}", n=fewest))
    seen, true = {}, {}
    for kind, count in searches.items():
        found = np.array([_replay(kind(), last, evaluations) for _ in range(count)])
        seen[kind.__name__], true[kind.__name__] = found[..., 0], found[..., 1]
    return seen, true


def _replay(
    search: Search, table: Mapping[str, list[float]], evaluations: int
) -> list[tuple[float, float]]:
    """Run one search; give for each evaluation what the best so far showed, and what it is."""
    history, best, true = [], -np.inf, 0.0
    for _ in range(evaluations):
        word = search.ask()
        if (short := shortest(word)) not in table:
            raise KeyError(say("The table has no network {word!r}.", word=word))
        accuracies = table[short]
        chosen = random.randrange(len(accuracies))
        shown = accuracies[chosen]
        search.tell(word, shown)
        if shown > best:
            best, true = shown, (sum(accuracies) - shown) / (len(accuracies) - 1)
        history.append((best, true))
    return history
