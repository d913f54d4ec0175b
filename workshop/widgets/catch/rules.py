"""The rules of Catch: what is on the picture, what an action does, what a network says to all."""

from collections.abc import Callable, Iterator

import numpy as np

from workshop.messages import say
from workshop.widgets.digit_pad.predict import is_keras
from workshop.widgets.scales import probabilities

SIDE = 10
ACTIONS = 3  # 0: left, 1: stay, 2: right
LEFTMOST, RIGHTMOST = 1, SIDE - 2  # of the paddle's middle
LAST_ROW = SIDE - 1


def picture(row: int, ball: int, paddle: int) -> np.ndarray:
    """Draw one moment of the game.

    Args:
        row: of the ball, 0 is on top.
        ball: its column.
        paddle: the column of the paddle's middle, 1..8.

    Returns:
        float32 (10, 10): 1 where the ball or the paddle is, else 0.

    Example:
        >>> int(picture(3, 0, 8).sum())
        4
    """
    image = np.zeros((SIDE, SIDE), dtype=np.float32)
    image[row, ball] = 1
    image[LAST_ROW, paddle - 1 : paddle + 2] = 1
    return image


def read_policy(policy: Callable) -> np.ndarray:
    """Ask a network for every moment of the game at once.

    Args:
        policy: any callable of pictures (n, 10, 10) that gives three probabilities or logits each,
            (n, 3): left, stay, right. A Keras model is called with `training=False`.

    Returns:
        float32 (9, 10, 8, 3), probabilities: rows of the ball, its columns, columns of the paddle's
        middle from 1, actions.

    Raises:
        ValueError: it is not callable, or gives something else.

    Example:
        >>> read_policy(lambda pictures: np.zeros((len(pictures), 3)))[0, 0, 0].round(2)
        array([0.33, 0.33, 0.33], dtype=float32)
    """
    if not callable(policy):
        raise ValueError(
            say(
                "Expected a network, or any function of pictures (n, 10, 10) that gives (n, 3), "
                "got {got}.",
                got=type(policy).__name__,
            )
        )
    shape = (LAST_ROW, SIDE, RIGHTMOST)
    pictures = np.stack([picture(row, ball, left + 1) for row, ball, left in np.ndindex(shape)])
    given = policy(pictures, training=False) if is_keras(policy) else policy(pictures)
    try:
        scores = np.asarray(given, dtype=np.float32)
    except (TypeError, ValueError):
        scores = None
    wanted = len(pictures), ACTIONS
    if scores is None or scores.shape != wanted:
        raise ValueError(
            say(
                "Expected three numbers per picture, shape {expected}, for left, stay and right, "
                "got {got}. Let the network end in Dense(3).",
                **{"expected": wanted, "got": np.shape(given) or type(given).__name__},
            )
        )
    if not np.isfinite(scores).all():
        raise ValueError(
            say(
                "Expected finite numbers, got NaN or infinity. The training has diverged: build "
                "the network again, and train with a smaller learning rate."
            )
        )
    return probabilities(scores).reshape(*shape, ACTIONS)


def fall(chances: np.ndarray, ball: int, paddle: int) -> Iterator[tuple[int, int]]:
    """Let a network play one ball, each time the action that it finds most probable.

    Args:
        chances: as `read_policy` gives them.
        ball: the ball's column.
        paddle: where the paddle's middle begins, 1..8.

    Yields:
        Row of the ball and column of the paddle's middle, ten times.

    Example:
        >>> still = read_policy(lambda pictures: np.tile([0, 1, 0], (len(pictures), 1)))
        >>> list(fall(still, 0, 8))[-1]
        (9, 8)
    """
    for row in range(LAST_ROW):
        yield row, paddle
        action = int(chances[row, ball, paddle - 1].argmax())
        paddle = min(max(paddle + action - 1, LEFTMOST), RIGHTMOST)
    yield LAST_ROW, paddle


def is_caught(ball: int, paddle: int) -> bool:
    """Tell whether the ball comes down on one of the paddle's three squares."""
    return abs(ball - paddle) <= 1
