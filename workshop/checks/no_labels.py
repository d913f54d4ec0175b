"""Checks of lesson 10c: clusters, ten questions, returns, the policy's gradient, a reward."""

from collections.abc import Callable
from numbers import Real
from typing import Any

import numpy as np

from workshop.checks.course_map import progress as progress
from workshop.checks.engine import compare, exercise, not_yet, reason
from workshop.checks.scalar import plain
from workshop.messages import say

# How far the learner's guess may be from the share of balls that the agent catches.
NEAR = 0.15
LAST = 20  # updates, of which that share is the mean


@exercise("10c-1")
def kmeans_step(answer: Callable) -> str:
    """Check one step of k-means; a centre without members stays.

    answer: function of points `(n, size)` and centres `(k, size)` to the number of each point's
    nearest centre `(n,)` and the new centres `(k, size)`.
    """
    rng = np.random.default_rng(101)
    apart = np.array([[0.0, 0], [10, 0], [0, 10]])
    cases = (
        (rng.normal(size=(12, 2)) + np.repeat(apart, 4, axis=0), apart + 1),
        (rng.normal(size=(7, 5)), rng.normal(size=(1, 5))),
        (rng.normal(size=(20, 3)) * [1, 5, 25], rng.normal(size=(4, 3)) * [1, 5, 25]),
        (rng.normal(size=(6, 2)), np.array([[3.0, 4], [0, 0], [-40, 50]])),
    )
    for case in cases:
        points, centres = (array.astype("float32") for array in case)
        came = answer(points, centres)
        what = f"kmeans_step(points {points.shape}, centres {centres.shape})"
        if not isinstance(came, list | tuple) or len(came) != 2:
            kind = type(came).__name__
            not_yet("{what}: expected (assigned, centres), got {kind}.", what=what, kind=kind)
        squares = np.square(points[:, np.newaxis] - centres).sum(axis=2)
        nearest = squares.argmin(axis=1)
        compare(came[0], nearest, what=say("the nearest centres of {call}", call=what))
        new = centres.copy()
        for k in set(nearest):
            new[k] = points[nearest == k].mean(axis=0)
        counts = np.bincount(nearest, minlength=len(centres))
        compare(
            came[1],
            new,
            what=say("the new centres of {call}, with {counts} members", call=what, counts=counts),
        )
    return say("Each to the nearest, each centre to the mean of its own; an empty one stays.")


@exercise("10c-2")
def name_clusters(answer: Callable, clustered: tuple | None = None) -> str:
    """Check the names that clusters get by one question each, put to their most central member.

    answer: function of points `(n, size)`, centres `(k, size)`, assigned `(n,)` and `ask`, a
    function of an example's number to its label, to a label for every example `(n,)`.
    clustered: points, centres, assigned and labels of the lesson, to tell what comes of it.
    """
    rng = np.random.default_rng(102)
    for n, k, empty in ((30, 3, ()), (40, 5, (0, 3)), (6, 6, ())):
        points, centres = rng.normal(size=(n, 4)), rng.normal(size=(k, 4))
        kept = [number for number in range(k) if number not in empty]
        # Not the nearest centre's: who asks the nearest point asks another cluster's.
        assigned = rng.permutation(np.resize(kept, n))
        labels = rng.integers(2, 10, size=n)
        _named(answer, points, centres, assigned, labels)
    if clustered is None:
        return say("One question per cluster, to the member that is nearest to its centre.")
    names, asked = _named(answer, *clustered)
    return say(
        "One question per cluster. {asked} questions, and {share:.0%} of {n} digits have the right "
        "name.",
        **{"asked": asked, "share": np.mean(names == clustered[-1]), "n": len(names)},
    )


def _named(
    answer: Callable,
    points: np.ndarray,
    centres: np.ndarray,
    assigned: np.ndarray,
    labels: np.ndarray,
) -> tuple[np.ndarray, int]:
    """Let the answer name clusters; the names, and the number of questions that it took."""
    what = f"name_clusters(points {points.shape}, centres {centres.shape}, ...)"
    asked: list[int] = []
    hidden = np.array(labels)

    def ask(number: Any) -> int:
        asked.append(_example(number, len(hidden), what))
        return int(hidden[asked[-1]])

    came = answer(points, centres, assigned, ask)
    clusters = np.unique(assigned)
    if len(asked) > len(clusters):
        not_yet(
            "{what}: expected one question for each of {k} clusters that have members, got {asked} "
            "questions.",
            **{"what": what, "asked": len(asked), "k": len(clusters)},
        )
    away = np.linalg.norm(points - centres[assigned], axis=1)
    for number in asked:
        near = away[assigned == assigned[number]].min()
        if away[number] > near + 1e-4:
            not_yet(
                "{what}: asked about example {number} of cluster {k}, {far:.3f} from that centre. "
                "Expected its most central member, which is {near:.3f} away.",
                **{"what": what, "number": number, "k": assigned[number]},
                **{"far": away[number], "near": near},
            )
    names = {assigned[number]: hidden[number] for number in asked}
    silent = [int(k) for k in clusters if k not in names]
    if silent:
        not_yet(
            "{what}: expected a question about a member of each of clusters {silent}, got none.",
            what=what,
            silent=silent,
        )
    oracle = np.array([names[k] for k in assigned])
    compare(came, oracle, what=what)
    return oracle, len(asked)


def _example(number: Any, n: int, what: str) -> int:
    """The example that a question is for; it must be one."""
    number = np.asarray(number)
    if number.size != 1 or not np.issubdtype(number.dtype, np.integer):
        not_yet(
            "{what}: ask(number) takes one whole number, the example's, got {got}.",
            **{"what": what, "got": number.shape if number.size != 1 else number.item()},
        )
    if not 0 <= number.item() < n:
        not_yet(
            "{what}: there is no example {number}; they go from 0 to {last}.",
            **{"what": what, "number": number.item(), "last": n - 1},
        )
    return number.item()


@exercise("10c-3")
def discounted(answer: Callable) -> str:
    """Check discounted returns against the sum of each step's later rewards.

    answer: function of rewards `(steps, games)` and gamma, 0..1, to returns `(steps, games)`.
    """
    rng = np.random.default_rng(103)
    whole = np.array([[0], [0], [5]])
    for rewards, gamma in (
        *[(whole, 1.0), (whole, 0.5)],
        *[(rng.normal(size=(9, 3)), gamma) for gamma in (0.9, 1.0, 0.0)],
        (rng.normal(size=(1, 2)), 0.9),
    ):
        steps = np.arange(len(rewards))
        later = steps - steps[:, np.newaxis]  # (steps, steps), from row to column
        shares = np.where(later < 0, 0, float(gamma) ** np.maximum(later, 0))
        shown = rewards.tolist() if rewards.size < 4 else rewards.shape
        came = answer(rewards, gamma)
        compare(came, shares @ rewards, what=f"discounted(rewards {shown}, gamma {gamma:g})")
    return say("Each step is credited with what came after it, the later the less.")


@exercise("10c-4")
def logit_gradient(answer: Callable) -> str:
    """Check the gradient of the policy's loss by its logits against that of a tape.

    answer: function of logits `(n, actions)`, actions `(n,)` and advantages `(n,)` to the gradient
    of the mean of `-advantage * log(probability of the action)`, `(n, actions)`.
    """
    import tensorflow as tf

    rng = np.random.default_rng(104)
    cases = [(np.zeros((1, 3)), np.array([2]), np.array([3.0]))]
    for n, actions in ((4, 3), (6, 5)):
        advantages = rng.choice([-1, 1], size=n) * rng.uniform(0.5, 2, size=n)
        logits = rng.normal(scale=2, size=(n, actions))
        cases.append((logits, rng.integers(actions, size=n), advantages.round(2)))
    large = np.array([[900.0, 899, 0], [-900, -900, -899]])
    cases.append((large, np.array([1, 2]), np.array([1.0, -1])))
    for logits, taken, advantages in cases:
        variable = tf.Variable(logits)
        with tf.GradientTape() as tape:
            chosen = tf.gather(tf.nn.log_softmax(variable), taken, batch_dims=1)
            loss = -tf.reduce_mean(advantages * chosen)
        shown = logits.tolist() if len(logits) < 4 else f"of shape {logits.shape}"
        compare(
            answer(logits, taken, advantages),
            tape.gradient(loss, variable),
            what=f"logit_gradient(logits {shown}, actions {taken}, advantages {advantages})",
        )
    return say("What the tape says: probabilities minus the action that was taken, weighed.")


@exercise("10c-5")
def my_reward(answer: Callable, guess: float, why: str, learn: Callable) -> str:
    """Check a reward of the learner's own by what an agent learns from it, beside their guess.

    answer: function of a game (`ball`, `paddle`, `row`, `caught()`) and actions `(games,)`, to a
    reward for each game, `(games,)`.
    guess: the share of balls that the agent will catch, 0..1.
    why: what the reward pays for, and what would change the learner's mind.
    learn: the lesson's training, a function of a reward to a policy and a history with the lists
    "reward" and "caught", one number an update.
    """
    guess = plain(guess)
    if not isinstance(guess, Real) or not 0 <= guess <= 1:
        not_yet("my_guess: expected a share of balls, from 0 to 1, got {got!r}.", got=guess)
    is_ours = True

    def watched(game: Any, actions: np.ndarray) -> np.ndarray:
        nonlocal is_ours
        ball, paddle = np.array(game.ball), np.array(game.paddle)
        paid = _paid(answer(game, actions), len(ball))
        if (ball != game.ball).any() or (paddle != game.paddle).any():
            not_yet("Your reward moved the ball or the paddle. It should only look at them.")
        caught = np.where(abs(ball - paddle) <= 1, 1.0, -1.0) * (game.row == 9)
        is_ours = is_ours and np.allclose(paid, caught)
        return paid

    _, history = learn(watched)
    if is_ours:
        not_yet("That is the reward of section 5. What else could be paid for?")
    came, paid = (float(np.mean(history[name][-LAST:])) for name in ("caught", "reward"))
    fields = {"paid": paid, "first": history["reward"][0], "came": came, "guess": float(guess)}
    reason(
        why,
        "Your agent catches {came:.0%} of the balls; your guess was {guess:.0%}. Now say in "
        "`my_reason` what it is paid for, and which result would change your mind.",
        came=came,
        guess=float(guess),
    )
    if abs(came - guess) > NEAR:
        return say(
            "Your agent earns {paid:.2f} per game, at first {first:.2f}, and catches {came:.0%} of "
            "the balls; your guess was {guess:.0%}. What can a beginner find by chance that you "
            "did not think of?",
            **fields,
        )
    return say(
        "Your agent earns {paid:.2f} per game, at first {first:.2f}, and catches {came:.0%} of the "
        "balls; your guess was {guess:.0%}. One seed: would you say the same of another?",
        **fields,
    )


def _paid(came: Any, games: int) -> np.ndarray:
    """The rewards of one step as numbers, one per game."""
    try:
        paid = np.asarray(came, dtype=float)
    except (TypeError, ValueError):
        not_yet("my_reward: expected numbers, got {kind}.", kind=type(came).__name__)
    if paid.shape != (games,):
        not_yet(
            "my_reward: expected shape {expected}, a number for each game, got {got}.",
            **{"expected": (games,), "got": paid.shape},
        )
    if not np.isfinite(paid).all():
        not_yet("my_reward: expected finite numbers, got NaN or infinity.")
    return paid
