"""Pictures of which position looks at which."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from workshop.plots import attention, comparison, confusion_matrix, record_bytes

# How bright red, green and blue are; and hue-rotate(180deg) of CSS, a row for each colour that was.
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
HUE_TURNED = 2 * np.array([[0.213], [0.715], [0.072]]) - np.eye(3)
IMAGE = np.arange(28 * 28).reshape(28, 28)

CAUSAL = np.tril(np.ones((4, 4))) / np.arange(1, 5)[:, None]
NAN = float("nan")


def texts(labels):
    return [label.get_text() for label in labels]


def test_a_row_looks_and_a_column_is_looked_at():
    ax = attention(CAUSAL, "sea\n").axes[0]
    assert np.array_equal(ax.images[0].get_array(), CAUSAL)
    assert texts(ax.get_yticklabels()) == texts(ax.get_xticklabels()) == ["s", "e", "a", "↵"]
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("looks", "is looked at")
    ax.figure.canvas.draw()


def test_a_space_is_seen():
    figure = attention(CAUSAL[:3, :3], "a b")
    assert texts(figure.axes[0].get_yticklabels()) == ["a", "␣", "b"]
    figure.canvas.draw()


def test_rows_and_columns_may_differ():
    ax = attention(np.full((2, 3), 1 / 3), ["who", "it"], ["the", "old", "whale"]).axes[0]
    assert texts(ax.get_yticklabels()) == ["who", "it"]
    assert texts(ax.get_xticklabels()) == ["the", "old", "whale"]
    assert {label.get_rotation() for label in ax.get_xticklabels()} == {90}


def test_heads_share_one_scale_of_colours():
    figure = attention(np.stack([CAUSAL, 0.1 * CAUSAL, CAUSAL]), "boat")
    drawn = [ax for ax in figure.axes if ax.images]
    assert [ax.get_title() for ax in drawn] == ["head 0", "head 1", "head 2"]
    assert {ax.images[0].get_clim() for ax in drawn} == {(0, 1)}
    assert len(figure.axes) == 5  # a place stays empty, and the scale
    assert not figure.axes[3].axison


def test_titles_may_be_others():
    figure = attention(CAUSAL[None], "boat", titles=["before training"])
    assert figure.axes[0].get_title() == "before training"


def test_all_text_can_be_read():
    figure = attention(np.full((2, 40, 40), 0.025), "whale " * 6 + "boat")
    figure.canvas.draw()
    ax = figure.axes[0]
    labels = [*ax.get_xticklabels(), *ax.get_yticklabels(), ax.title, ax.xaxis.label]
    assert min(label.get_fontsize() for label in labels) >= 9
    boxes = [label.get_window_extent() for label in ax.get_xticklabels()]
    assert not any(a.overlaps(b) for a, b in pairwise(boxes))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((np.ones((1, 2, 4, 4)), "boat"), r"write weights\[0\]"),
        ((np.ones(4), "boat"), r"got \(4,\)"),
        ((np.ones((0, 4, 4)), "boat"), r"got \(0, 4, 4\)"),
        ((np.ones((5, 4, 4)), "boat"), "at most 4 heads of 40 positions"),
        ((np.ones((41, 41)), "a" * 41), "at most 4 heads of 40 positions"),
        ((CAUSAL, "whale"), r"5 rows and 5 columns, as the labels, got \(4, 4\)"),
        ((CAUSAL, "boat", "sea"), "4 rows and 3 columns"),
        ((CAUSAL * 7, "boat"), "scores before the softmax"),
        ((CAUSAL * -1, "boat"), "from 0 to 1"),
        ((CAUSAL * NAN, "boat"), "from nan to nan"),
    ],
)
def test_what_is_no_attention_is_told(given, says):
    with pytest.raises(ValueError, match=says):
        attention(*given)


def test_titles_that_do_not_fit_are_told():
    with pytest.raises(ValueError, match="expected 1 titles, one per head, got 2"):
        attention(CAUSAL, "boat", titles=["a", "b"])


def test_only_mistakes_are_coloured_in_a_confusion_matrix():
    counts = np.diag([90, 80, 70])
    counts[0, 2] = 7
    ax = confusion_matrix(counts).axes[0]
    np.testing.assert_array_equal(ax.images[0].get_array(), np.where(np.eye(3), 0, counts))
    said = {text.get_position(): text.get_text() for text in ax.texts}
    assert said[2, 0] == "7", "column: predicted, row: true"
    assert said[1, 1] == "80"
    with pytest.raises(ValueError, match=r"got \(2, 3\)"):
        confusion_matrix(np.zeros((2, 3)))


def test_numbers_of_a_confusion_matrix_stand_out_on_a_dark_page_too():
    counts = np.diag([90, 80, 70])
    counts[0, 2], counts[1, 2] = 40, 25
    ax = confusion_matrix(counts).axes[0]
    image = ax.images[0]
    for text in ax.texts:
        column, row = text.get_position()
        paper = image.cmap(image.norm(image.get_array()[int(row), int(column)]))[:3]
        inks = np.array([to_rgb(text.get_color()), paper])
        for shown in (inks, np.clip((1 - inks) @ HUE_TURNED, 0, 1)):
            low, high = sorted(np.where(shown > 0.04, shown, 0) ** 2.2 @ LUMINANCE)
            assert (high + 0.05) / (low + 0.05) > 4


def test_a_table_is_bars_with_their_numbers():
    table = {"one": {"examples/s": 12345.6, "loss": 0.51234}, "two": {"examples/s": 3, "loss": 0}}
    figure = comparison(table)
    first, second = figure.axes
    assert [bar.get_width() for bar in first.patches] == [12345.6, 3]
    assert [text.get_text() for text in first.texts] == ["12,346", "3"]
    assert [text.get_text() for text in second.texts] == ["0.512", "0"]
    assert [tick.get_text() for tick in first.get_yticklabels()] == ["one", "two"]
    assert {bar.get_hatch() for bar in first.patches} != {bar.get_hatch() for bar in second.patches}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ({}, r"expected rows of 1 to 3 measures, got \[\]"),
        ({"one": dict.fromkeys("abcd", 1)}, "1 to 3 measures"),
        ({"one": {"loss": 1}, "two": {"ms": 1}}, r"'two': expected \['loss'\] from 0 on"),
        ({"one": {"loss": -1}}, "from 0 on"),
    ],
)
def test_tables_that_are_none_are_told(rows, says):
    with pytest.raises(ValueError, match=says):
        comparison(rows)


def test_a_record_is_drawn_at_its_beginning_and_at_its_end():
    ax = record_bytes(bytes(range(200)), 150).axes[0]
    assert texts(ax.get_yticklabels()) == ["0", "16", "128", "144"]
    assert texts(ax.texts)[:3] == ["00", "01", "02"]
    assert texts(ax.texts)[-1] == f"{159:02x}"
    colours = [patch.get_facecolor() for patch in ax.patches]
    assert len(colours) == 64
    # Length, checksum, data (rows are left out), checksum, and the next record begins.
    places = np.cumsum([0, 8, 4, 38, 4, 10])
    parts = [set(colours[start:end]) for start, end in pairwise(places)]
    assert [len(part) for part in parts] == [1] * 5
    assert len(set.union(*parts)) == 5
    ax.figure.canvas.draw()


def test_a_record_names_its_parts():
    legend = record_bytes(bytes(40), 30).axes[0].get_legend()
    names = ["length", "its checksum", "data", "their checksum", "next record"]
    assert texts(legend.get_texts()) == names


@pytest.mark.parametrize("end", [16, 41])
def test_a_record_ends_within_the_file(end):
    with pytest.raises(ValueError, match="no record ends at"):
        record_bytes(bytes(40), end)
