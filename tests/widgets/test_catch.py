"""The game of Catch without a browser: its rules, what it asks a network, says, saves, refuses."""

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

from workshop.widgets import CatchGame
from workshop.widgets.catch.figure import draw_catch
from workshop.widgets.catch.rules import fall, is_caught, picture, read_policy


def expert(pictures):
    """Go to where the ball is: left, stay or right, as probabilities."""
    above, below = pictures[:, :9].any(axis=1), pictures[:, 9]
    ball, paddle = above.argmax(axis=1), below.argmax(axis=1) + 1
    return np.eye(3)[np.sign(ball - paddle) + 1]


def lazy(pictures):
    return np.tile([0.0, 5.0, 0.0], (len(pictures), 1))  # logits


def test_a_picture_has_a_ball_and_three_squares_of_the_paddle():
    image = picture(3, 0, 8)
    assert image.shape == (10, 10)
    assert sorted(zip(*map(list, np.nonzero(image)), strict=True)) == [
        *[(3, 0), (9, 7), (9, 8), (9, 9)]
    ]


def test_a_policy_is_asked_for_every_moment_at_once():
    asked = []
    chances = read_policy(lambda pictures: asked.append(pictures) or expert(pictures))
    assert [pictures.shape for pictures in asked] == [(9 * 10 * 8, 10, 10)]
    assert chances.shape == (9, 10, 8, 3)
    assert chances[4, 0, 7].argmax() == 0  # the ball is far to the left of the paddle
    assert chances[4, 9, 0].argmax() == 2
    assert chances[4, 5, 4].argmax() == 1


def test_logits_become_probabilities():
    chances = read_policy(lazy)
    assert np.allclose(chances.sum(axis=-1), 1)
    assert chances[0, 0, 0].argmax() == 1


def test_a_ball_falls_ten_rows_and_the_paddle_stays_on_the_board():
    path = list(fall(read_policy(expert), 0, 8))
    assert [row for row, _ in path] == list(range(10))
    assert [paddle for _, paddle in path] == [8, 7, 6, 5, 4, 3, 2, 1, 1, 1]
    assert is_caught(0, 1)
    assert not is_caught(0, 2)


def test_it_counts_what_the_network_would_catch():
    assert CatchGame(expert).catches() == 1
    # 8 places of the paddle with 3 of 10 balls above it
    assert CatchGame(lazy).catches() == pytest.approx(0.3)


def test_a_keras_model_can_play():
    keras = pytest.importorskip("keras")
    layers = [keras.Input((10, 10)), keras.layers.Flatten(), keras.layers.Dropout(0.5)]
    model = keras.Sequential([*layers, keras.layers.Dense(3)])
    first, second = CatchGame(model), CatchGame(model)
    assert first._chances == second._chances  # no dropout while it plays


def test_a_network_that_was_trained_further_is_asked_again():
    game = CatchGame(lazy)
    game.policy = expert
    assert game.policy is expert
    assert game.catches() == 1
    assert game._chances[:3] in ([1, 0, 0], [0, 1, 0], [0, 0, 1])


def test_the_seed_chooses_the_balls():
    assert CatchGame(lazy)._balls == CatchGame(lazy)._balls
    balls = np.array(CatchGame(lazy, seed=1)._balls)
    assert balls.tolist() != CatchGame(lazy)._balls
    assert sorted(set(balls[:, 0])) == list(range(10))
    assert sorted(set(balls[:, 1])) == list(range(1, 9))


def test_the_score_is_the_pages():
    game = CatchGame(lazy)
    assert game.score == {"balls": 0, "you": 0, "network": 0}
    game.set_state({"_score": {"balls": 3, "you": 2, "network": 1}})
    assert repr(game) == "Catch, balls: 3, caught by you: 2, by the network: 1"
    game.score["you"] = 100
    assert game.score["you"] == 2
    assert CatchGame(lazy).score["balls"] == 0


def test_the_picture_has_the_score_that_comes_with_the_request(monkeypatch):
    game, drawn = CatchGame(lazy), []
    monkeypatch.setattr(game._still, "renew", lambda: drawn.append(game.summary()))
    score = {"balls": 2, "you": 1, "network": 0}
    game._hear_message(game, {"kind": "rest", "score": score}, [])
    game._hear_message(game, {"kind": "other"}, [])
    assert drawn == ["Catch, balls: 2, caught by you: 1, by the network: 0"]


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("left", "any function of pictures .* got str"),
        (lambda pictures: np.zeros((len(pictures), 2)), r"shape \(720, 3\).* got \(720, 2\)"),
        (lambda pictures: np.zeros(3), r"got \(3,\)"),
        (lambda pictures: 1, "got int"),
        (lambda pictures: None, "got NoneType"),
        (lambda pictures: ["left"] * len(pictures), r"got \(720,\)"),
        (lambda pictures: np.full((len(pictures), 3), np.nan), "NaN or infinity"),
    ],
)
def test_what_cannot_play_is_told(policy, says):
    with pytest.raises(ValueError, match=says):
        CatchGame(policy)


def test_the_figure_has_a_picture_for_each_row_and_says_the_end():
    figure = draw_catch(read_policy(expert), ball=0, paddle=8)
    titles = [ax.get_title() for ax in figure.axes]
    assert titles == [*[f"row {row}" for row in range(9)], "caught"]
    assert draw_catch(read_policy(lazy), ball=0, paddle=8).axes[9].get_title() == "missed"
    assert CatchGame(lazy).figure().axes[0].get_title() == "row 0"
    assert not plt.get_fignums()


def test_without_a_kernel_it_prints_a_line(capsys):
    CatchGame(lazy)._ipython_display_()
    assert "caught by you: 0" in capsys.readouterr().out


def test_a_notebook_keeps_a_picture_with_its_description(tmp_path):
    source = (
        "import numpy as np\nfrom workshop.widgets import CatchGame\n"
        "CatchGame(lambda pictures: np.zeros((len(pictures), 3)))"
    )
    cell = nbformat.v4.new_code_cell(source)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": tmp_path}}).execute()
    live, still = notebook.cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in live["data"]
    assert still["data"]["image/png"]
    assert 'alt="Picture of a ball that the network plays' in still["data"]["text/html"]
    assert len(still["data"]["text/html"]) < 60_000
