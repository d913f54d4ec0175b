"""Right and wrong answers to the exercises of lesson 10c."""

from types import SimpleNamespace

import numpy as np
import pytest
from answers import Answers

from workshop.checks import no_labels as checks

tf = pytest.importorskip("tensorflow")

REASON = "It pays for being near; an agent that catches no more would change my mind."


def step_with_numpy(points, centres):
    assigned = np.square(points[:, None] - centres).sum(axis=2).argmin(axis=1)
    new = np.array(centres)
    for k in range(len(centres)):
        if (assigned == k).any():
            new[k] = points[assigned == k].mean(axis=0)
    return assigned, new


def step_with_tensorflow(points, centres):
    k = len(centres)
    away = tf.reduce_sum(centres**2, 1) - 2 * points @ tf.transpose(centres)
    assigned = tf.argmin(away, axis=1)
    means = tf.math.unsorted_segment_mean(points, assigned, k)
    counts = tf.math.bincount(tf.cast(assigned, tf.int32), minlength=k)
    return assigned, tf.where(counts[:, None] > 0, means, centres)


def step_in_plain_python(points, centres):
    def away(point, centre):
        return sum((float(a) - float(b)) ** 2 for a, b in zip(point, centre, strict=True))

    assigned = [min(range(len(centres)), key=lambda k: away(p, centres[k])) for p in points]
    new = []
    for k, centre in enumerate(centres):
        own = [p for p, number in zip(points, assigned, strict=True) if number == k]
        new.append([sum(column) / len(own) for column in zip(*own, strict=True)] or list(centre))
        if not own:
            new[-1] = list(centre)
    return assigned, new


def step_by_products(points, centres):
    members = np.eye(len(centres))[np.linalg.norm(points[:, None] - centres, axis=2).argmin(1)]
    counts = members.sum(axis=0)[:, None]
    means = members.T @ points / np.maximum(counts, 1)
    return [members.argmax(axis=1), np.where(counts > 0, means, centres)]


def step_empty_to_zero(points, centres):
    assigned, _ = step_with_numpy(points, centres)
    return assigned, tf.math.unsorted_segment_mean(points, assigned, len(centres))


def step_empty_to_nan(points, centres):
    assigned, _ = step_with_numpy(points, centres)
    with np.errstate(all="ignore"):
        sums = np.stack([points[assigned == k].sum(axis=0) for k in range(len(centres))])
        return assigned, sums / np.bincount(assigned, minlength=len(centres))[:, None]


def step_centres_that_stay(points, centres):
    return step_with_numpy(points, centres)[0], centres


def step_to_the_farthest(points, centres):
    assigned = np.square(points[:, None] - centres).sum(axis=2).argmax(axis=1)
    return assigned, step_with_numpy(points, centres)[1]


def step_without_the_centres_own_length(points, centres):
    return (points @ centres.T).argmax(axis=1), step_with_numpy(points, centres)[1]


def step_by_one_column(points, centres):
    return np.abs(points[:, None, 0] - centres[:, 0]).argmin(axis=1), centres


def step_sums(points, centres):
    assigned, new = step_with_numpy(points, centres)
    return assigned, new * np.bincount(assigned, minlength=len(centres))[:, None]


def step_nearest_point_of_each_centre(points, centres):
    return np.square(points[:, None] - centres).sum(axis=2).argmin(axis=0), centres


def step_centres_only(points, centres):
    return step_with_numpy(points, centres)[1]


def step_without_the_empty(points, centres):
    assigned, new = step_with_numpy(points, centres)
    return assigned, new[np.unique(assigned)]


def names_by_loop(points, centres, assigned, ask):
    names = np.zeros(len(points), int)
    for k in np.unique(assigned):
        members = np.flatnonzero(assigned == k)
        away = np.linalg.norm(points[members] - centres[k], axis=1)
        names[members] = ask(members[away.argmin()])
    return names


def names_with_infinity(points, centres, assigned, ask):
    away = ((points[:, None] - centres) ** 2).sum(axis=2)
    away[assigned[:, None] != np.arange(len(centres))] = np.inf
    of = {k: ask(int(away[:, k].argmin())) for k in set(assigned.tolist())}
    return [of[k] for k in assigned.tolist()]


def names_with_tensorflow(points, centres, assigned, ask):
    away = tf.norm(points - tf.gather(centres, assigned), axis=1)
    names = tf.zeros(len(points), tf.int64)
    for k in range(len(centres)):
        is_in = tf.equal(assigned, k)
        if tf.reduce_any(is_in):
            central = tf.argmin(tf.where(is_in, away, np.inf))
            names = tf.where(is_in, tf.cast(ask(central), tf.int64), names)
    return names


def names_in_plain_python(points, centres, assigned, ask):
    best = {}
    for number, (point, k) in enumerate(zip(points, assigned, strict=True)):
        away = sum((a - b) ** 2 for a, b in zip(point, centres[k], strict=True))
        best[k] = min(best.get(k, (away, number)), (away, number))
    names = {k: ask(number) for k, (_, number) in best.items()}
    return [names[k] for k in assigned]


def names_by_asking_all(points, centres, assigned, ask):
    return np.array([ask(number) for number in range(len(points))])


def names_by_asking_the_nearest_point(points, centres, assigned, ask):
    away = ((points[:, None] - centres) ** 2).sum(axis=2).argmin(axis=0)
    names = {k: ask(away[k]) for k in np.unique(assigned)}
    return np.array([names[k] for k in assigned])


def names_by_asking_the_first(points, centres, assigned, ask):
    names = {k: ask(np.flatnonzero(assigned == k)[0]) for k in np.unique(assigned)}
    return np.array([names[k] for k in assigned])


def names_by_position_among_members(points, centres, assigned, ask):
    names = np.zeros(len(points), int)
    for k in np.unique(assigned):
        members = points[assigned == k]
        names[assigned == k] = ask(np.linalg.norm(members - centres[k], axis=1).argmin())
    return names


def names_of_clusters_only(points, centres, assigned, ask):
    names = names_by_loop(points, centres, assigned, ask)
    return [names[assigned == k][0] for k in np.unique(assigned)]


def names_without_a_question(points, centres, assigned, ask):
    return assigned


def names_by_asking_the_point(points, centres, assigned, ask):
    return [ask(points[0])]


def names_by_asking_beyond(points, centres, assigned, ask):
    return [ask(len(points))]


def names_by_distances(points, centres, assigned, ask):
    return [ask(np.linalg.norm(points - centres[0], axis=1).min())]


def names_asked_and_forgotten(points, centres, assigned, ask):
    names_by_loop(points, centres, assigned, ask)
    return np.asarray(assigned)


def names_also_for_the_empty(points, centres, assigned, ask):
    names = names_by_loop(points, centres, assigned, ask)
    for k in set(range(len(centres))) - set(assigned.tolist()):
        ask(np.linalg.norm(points - centres[k], axis=1).argmin())
    return names


def returns_backwards(rewards, gamma):
    returns = np.zeros(rewards.shape)
    after = 0.0
    for step in reversed(range(len(rewards))):
        returns[step] = after = rewards[step] + gamma * after
    return returns


def returns_by_a_matrix(rewards, gamma):
    steps = np.arange(len(rewards))
    later = np.subtract.outer(steps, steps)
    return np.tril(np.power(float(gamma), np.maximum(later, 0))).T @ rewards


def returns_in_plain_python(rewards, gamma):
    rewards = [list(map(float, row)) for row in rewards]
    for step in range(len(rewards) - 2, -1, -1):
        for game in range(len(rewards[0])):
            rewards[step][game] += gamma * rewards[step + 1][game]
    return rewards


def returns_with_tensorflow(rewards, gamma):
    rewards = tf.cast(rewards, tf.float64)
    return tf.scan(lambda after, now: now + gamma * after, rewards, reverse=True)


def returns_forwards(rewards, gamma):
    return returns_backwards(rewards[::-1], gamma)[::-1]


def returns_from_the_end(rewards, gamma):
    return returns_backwards(rewards, gamma)[::-1]


def returns_without_gamma(rewards, gamma):
    return rewards[::-1].cumsum(axis=0)[::-1]


def returns_from_the_first_step(rewards, gamma):
    shares = float(gamma) ** np.arange(len(rewards))
    return returns_without_gamma(rewards * shares[:, None], 1)


def returns_of_the_games(rewards, gamma):
    return returns_backwards(rewards.T, gamma).T


def returns_in_whole_numbers(rewards, gamma):
    returns = np.zeros_like(rewards)
    returns[-1] = rewards[-1]
    for step in reversed(range(len(rewards) - 1)):
        returns[step] = rewards[step] + gamma * returns[step + 1]
    return returns


def returns_of_the_whole_game(rewards, gamma):
    return returns_backwards(rewards, gamma)[0]


def returns_without_the_present(rewards, gamma):
    return returns_backwards(rewards, gamma) - rewards


def gradient_with_numpy(logits, actions, advantages):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(p)), actions] -= 1
    return p * advantages[:, None] / len(p)


def gradient_with_tensorflow(logits, actions, advantages):
    taken = tf.one_hot(actions, logits.shape[1], dtype=tf.float64)
    return (tf.nn.softmax(logits) - taken) * advantages[:, None] / len(logits)


def gradient_with_a_tape(logits, actions, advantages):
    logits = tf.Variable(logits)
    with tf.GradientTape() as tape:
        surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(actions, logits)
        loss = tf.reduce_mean(advantages * surprise)
    return tape.gradient(loss, logits)


def gradient_in_plain_python(logits, actions, advantages):
    rows = []
    for row, action, advantage in zip(logits, actions, advantages, strict=True):
        powers = [np.exp(value - max(row)) for value in row]
        slopes = [power / sum(powers) for power in powers]
        slopes[action] -= 1
        rows.append([slope * advantage / len(logits) for slope in slopes])
    return rows


def gradient_of_small_logits(logits, actions, advantages):
    with np.errstate(all="ignore"):
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    p[np.arange(len(p)), actions] -= 1
    return p * advantages[:, None] / len(p)


def gradient_with_one_maximum(logits, actions, advantages):
    with np.errstate(all="ignore"):
        return gradient_of_small_logits(logits - logits.max(), actions, advantages)


def gradient_uphill(logits, actions, advantages):
    return -gradient_with_numpy(logits, actions, advantages)


def gradient_of_the_sum(logits, actions, advantages):
    return gradient_with_numpy(logits, actions, advantages) * len(logits)


def gradient_without_advantages(logits, actions, advantages):
    return gradient_with_numpy(logits, actions, np.ones(len(logits)))


def gradient_of_the_action_alone(logits, actions, advantages):
    taken = np.eye(logits.shape[1])[actions]
    return gradient_with_numpy(logits, actions, advantages) * taken


def gradient_of_the_probability(logits, actions, advantages):
    powers = np.exp(logits)
    p = powers / powers.sum(axis=1, keepdims=True)
    taken = np.eye(logits.shape[1])[actions]
    chosen = (p * taken).sum(axis=1, keepdims=True)
    return gradient_with_numpy(logits, actions, advantages) * chosen


def gradient_over_all_numbers(logits, actions, advantages):
    return gradient_with_numpy(logits, actions, advantages) / logits.shape[1]


def gradient_softmax_of_columns(logits, actions, advantages):
    p = np.exp(logits) / np.exp(logits).sum(axis=0)
    p[np.arange(len(p)), actions] -= 1
    return p * advantages[:, None] / len(p)


def gradient_of_the_loss_itself(logits, actions, advantages):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -np.mean(advantages * np.log(p[np.arange(len(p)), actions]))


RIGHT = {
    checks.kmeans_step: [
        step_with_numpy,
        step_with_tensorflow,
        step_in_plain_python,
        step_by_products,
    ],
    checks.name_clusters: [
        names_by_loop,
        names_with_infinity,
        names_with_tensorflow,
        names_in_plain_python,
    ],
    checks.discounted: [
        returns_backwards,
        returns_by_a_matrix,
        returns_in_plain_python,
        returns_with_tensorflow,
    ],
    checks.logit_gradient: [
        gradient_with_numpy,
        gradient_with_tensorflow,
        gradient_with_a_tape,
        gradient_in_plain_python,
    ],
}
WRONG = {
    checks.kmeans_step: [
        (step_empty_to_zero, "with [6 0 0] members at index (2, 0): expected -40|[0 6 0]"),
        (step_empty_to_nan, "got nan"),
        (step_centres_that_stay, "the new centres of"),
        (step_to_the_farthest, "the nearest centres of"),
        (step_without_the_centres_own_length, "the nearest centres of"),
        (step_by_one_column, "the nearest centres of"),
        (step_sums, "the new centres of"),
        (step_nearest_point_of_each_centre, "expected shape (12,), got (3,)"),
        (step_centres_only, "expected (assigned, centres), got ndarray"),
        (step_without_the_empty, "expected shape (3, 2), got"),
    ],
    checks.name_clusters: [
        (names_by_asking_all, "one question for each of 3 clusters"),
        (names_by_asking_the_nearest_point, "its most central member"),
        (names_by_asking_the_first, "its most central member"),
        (names_by_position_among_members, "most central member"),
        (names_of_clusters_only, "expected shape (30,), got (3,)"),
        (names_without_a_question, "each of clusters [0, 1, 2], got none"),
        (names_by_asking_the_point, "takes one whole number, the example's, got (4,)"),
        (names_by_asking_beyond, "no example 30; they go from 0 to 29"),
        (names_by_distances, "takes one whole number"),
        (names_asked_and_forgotten, "values are off"),
        (names_also_for_the_empty, "for each of 3 clusters that have members, got 5"),
    ],
    checks.discounted: [
        (returns_forwards, "discounted(rewards [[0], [0], [5]], gamma 1)"),
        (returns_from_the_end, "discounted("),
        (returns_without_gamma, "gamma 0.5) at index (0, 0): expected 1.25, got 5"),
        (returns_from_the_first_step, "gamma 0.5)"),
        (returns_of_the_games, "discounted("),
        (returns_in_whole_numbers, "gamma 0.5) at index (1, 0): expected 2.5, got 2"),
        (returns_of_the_whole_game, "expected shape (3, 1), got (1,)"),
        (returns_without_the_present, "discounted("),
    ],
    checks.logit_gradient: [
        (gradient_uphill, "actions [2], advantages [3.]) at index (0, 2): expected -2, got 2"),
        (gradient_of_small_logits, "logits [[900.0, 899.0, 0.0], [-900.0, -900.0, -899.0]]"),
        (gradient_with_one_maximum, "got nan"),
        (gradient_of_the_sum, "logits of shape (4, 3)"),
        (gradient_without_advantages, "expected"),
        (gradient_of_the_action_alone, "of 3 values are off"),
        (gradient_of_the_probability, "values are off"),
        (gradient_over_all_numbers, "of 3 values are off"),
        (gradient_softmax_of_columns, "values are off"),
        (gradient_of_the_loss_itself, "expected shape (1, 3), got ()"),
    ],
}


class TestAnswers(Answers):
    right, wrong = RIGHT, WRONG


def test_names_of_the_lessons_clusters_tell_what_comes_of_ten_questions():
    points = np.array([[0.0], [1], [2], [10], [11], [12]])
    clustered = (
        points,
        np.array([[1.0], [11]]),
        np.array([0, 0, 0, 1, 1, 1]),
        np.array([7, 7, 3, 1, 1, 1]),
    )
    outcome = checks.name_clusters(names_by_loop, clustered)
    assert outcome.passed
    assert "2 questions, and 83% of 6 digits" in outcome.message


def test_one_of_two_members_that_are_equally_central_will_do():
    points = np.array([[0.0], [2]])
    clustered = points, np.array([[1.0]]), np.array([0, 0]), np.array([4, 5])
    for last in (False, True):

        def either(points, centres, assigned, ask, last=last):
            if len(points) > 2:
                return names_by_loop(points, centres, assigned, ask)
            return [ask(int(last))] * 2

        assert "50% of 2 digits" in checks.name_clusters(either, clustered).message


class Game:
    """What a reward may look at."""

    def __init__(self):
        self.ball, self.paddle, self.row = np.array([0, 5, 9]), np.array([4, 4, 4]), 8

    def caught(self):
        return abs(self.ball - self.paddle) <= 1


def learning(share):
    """Give a training that asks for the reward of two steps, and whose agent catches a share."""

    def learn(reward):
        game, actions = Game(), np.array([0, 1, 2])
        paid = [reward(game, actions)]
        game.row = 9
        paid.append(reward(game, actions))
        history = {"reward": [0.5, float(np.mean(paid))], "caught": [0.3, *[share] * 20]}
        return SimpleNamespace(), history

    return learn


def near(game, actions):
    return -abs(game.ball - game.paddle)


def ours(game, actions):
    return np.where(game.caught(), 1.0, -1.0) * (game.row == 9)


def ours_in_another_way(game, actions):
    return [1 if is_caught else -1 for is_caught in game.caught()] if game.row == 9 else [0] * 3


def lifting(game, actions):
    game.paddle = game.ball
    return game.caught()


def lifting_in_place(game, actions):
    game.paddle[:] = game.ball
    return game.caught()


@pytest.mark.parametrize("guess", [0.9, 1, 0.8, np.float32(0.95)])
def test_a_reward_whose_agent_was_foreseen_passes(guess):
    outcome = checks.my_reward(near, guess, REASON, learning(0.9))
    assert outcome.passed, outcome
    assert "catches 90% of the balls" in outcome.message


def test_a_guess_that_missed_is_told_and_passes():
    outcome = checks.my_reward(near, 0.3, REASON, learning(0.9))
    assert outcome.passed, outcome
    assert "your guess was 30%. What can a beginner find" in outcome.message


@pytest.mark.parametrize(
    ("answer", "guess", "why", "says"),
    [
        (near, 0.3, "It helps.", "catches 90% of the balls; your guess was 30%"),
        (near, 95, REASON, "a share of balls, from 0 to 1, got 95"),
        (near, "most", REASON, "a share of balls"),
        (near, 0.9, "It helps.", "what it is paid for"),
        (ours, 0.9, REASON, "the reward of section 5"),
        (ours_in_another_way, 0.9, REASON, "the reward of section 5"),
        (lifting, 0.9, REASON, "moved the ball or the paddle"),
        (lifting_in_place, 0.9, REASON, "moved the ball or the paddle"),
        (lambda game, actions: 1.0, 0.9, REASON, "expected shape (3,), a number for each game"),
        (lambda game, actions: None, 0.9, REASON, "got ()|expected numbers"),
        (lambda game, actions: ["near"] * 3, 0.9, REASON, "expected numbers, got list"),
        (lambda game, actions: np.array([1, np.nan, 0]), 0.9, REASON, "NaN or infinity"),
        (lambda game, actions: game.balls, 0.9, REASON, "AttributeError"),
    ],
)
def test_other_rewards_are_told_why(answer, guess, why, says):
    outcome = checks.my_reward(answer, guess, why, learning(0.9))
    assert outcome.status == "not yet", outcome
    assert any(part in outcome.message for part in says.split("|")), outcome


def to_write(game, actions): ...


@pytest.mark.parametrize(
    ("answer", "guess", "why"),
    [(to_write, 0.9, REASON), (near, ..., REASON), (near, 0.9, ...)],
)
def test_what_is_left_open_is_not_attempted(answer, guess, why):
    assert checks.my_reward(answer, guess, why, learning(0.9)).status == "not attempted"
