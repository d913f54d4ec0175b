"""A game of Catch: the learner by hand, and beside it the learner's network with the same balls."""

from collections.abc import Callable
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from workshop.messages import say
from workshop.widgets.catch.rules import (
    LAST_ROW,
    LEFTMOST,
    RIGHTMOST,
    SIDE,
    fall,
    is_caught,
    read_policy,
)
from workshop.widgets.script import script, style
from workshop.widgets.still import Still, png

HERE = Path(__file__).parent
BALLS = 500  # then they come again
NOBODY = {"balls": 0, "you": 0, "network": 0}


class CatchGame(anywidget.AnyWidget):
    """Play Catch against your network: the same balls, and one step per row for both.

    Move by the arrow keys, by the buttons, or with a finger on your board. The game waits for you
    at each step, or has a clock. The network takes the action that it finds most probable; below
    its board stand its three probabilities. It was asked about every moment of the game when it
    was handed in, so the game goes on while the kernel works: assign `policy` again once you have
    trained it further.

    The live view is shown while its kernel lives; a picture of one ball is saved beside it and
    shown in its place when the notebook is opened again.

    Args:
        policy: any callable of pictures (n, 10, 10), 1 where ball and paddle are and else 0, that
            gives probabilities or logits (n, 3) for left, stay, right.
        seed: chooses the balls.

    Raises:
        ValueError: `policy` is not callable, or gives something else.

    Example:
        >>> game = CatchGame(lambda pictures: np.eye(3)[np.ones(len(pictures), int)])
        >>> game
        Catch, balls: 0, caught by you: 0, by the network: 0
        >>> game.catches()  # one that never moves, of all balls and places of the paddle
        0.3

    Source:
        The game is that of "bsuite" (I. Osband and others, 2020); the code is new.
    """

    _esm = script(HERE / "widget.js")
    _css = style(HERE / "widget.css")

    # Probabilities by row, ball and paddle, flat; and where each ball and its paddle begin.
    _chances = traitlets.List().tag(sync=True)
    _balls = traitlets.List().tag(sync=True)
    # One value, so that a view never mixes two balls.
    _score = traitlets.Dict(NOBODY).tag(sync=True)

    def __init__(self, policy: Callable, *, seed: int = 0):
        rng = np.random.default_rng(seed)
        starts = np.stack(
            [rng.integers(SIDE, size=BALLS), rng.integers(LEFTMOST, RIGHTMOST + 1, size=BALLS)], 1
        )
        self._read(policy)
        super().__init__(_chances=self._rounded(), _balls=starts.tolist())
        self._still = Still(self, name="catch-game", draw=self._picture)
        self.on_msg(self._hear_message)

    @property
    def policy(self):
        """The network that plays; assign it again once it is trained further."""
        return self._policy

    @policy.setter
    def policy(self, policy):
        self._read(policy)
        self._chances = self._rounded()
        self._still.renew()

    @property
    def score(self) -> dict[str, int]:
        """How many balls there were, and how many of them you and the network caught; a copy."""
        return dict(self._score)

    def catches(self) -> float:
        """Let the network play every ball from every place of the paddle.

        Returns:
            The share of balls that it catches, 0..1.
        """
        starts = [(ball, left + LEFTMOST) for ball, left in np.ndindex(SIDE, RIGHTMOST)]
        ends = [(ball, [*fall(self._table, ball, paddle)][-1][1]) for ball, paddle in starts]
        return float(np.mean([is_caught(*end) for end in ends]))

    def summary(self) -> str:
        """Say the score in a line."""
        return say(
            "Catch, balls: {balls}, caught by you: {you}, by the network: {network}", **self._score
        )

    def figure(self):
        """Draw one ball that the network plays as a matplotlib figure.

        Returns:
            A `matplotlib.figure.Figure`; as the last line of a cell it is shown.
        """
        from workshop.widgets.catch.figure import draw_catch

        ball, paddle = self._balls[self._score["balls"] % BALLS]
        return draw_catch(self._table, ball=ball, paddle=paddle)

    def __repr__(self):
        return self.summary()

    def _ipython_display_(self):
        self._still.show()

    def _read(self, policy):
        self._table = read_policy(policy)
        self._policy = policy

    def _rounded(self):
        return [round(float(chance), 3) for chance in self._table.ravel()]

    def _hear_message(self, _widget, content, _buffers):
        if content.get("kind") == "rest":
            self._score = content["score"]
            self._still.renew()

    def _picture(self):
        text = say(
            "Picture of a ball that the network plays, row by row down to row {last}. {summary}. "
            "Run the cell to play.",
            **{"last": LAST_ROW, "summary": self.summary()},
        )
        return png(self.figure()), text
