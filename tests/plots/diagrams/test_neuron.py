"""The picture of a neuron."""

import pytest

from workshop.plots import neuron


def texts(ax):
    return {text.get_text(): text for text in ax.texts}


def test_neuron_shows_each_number_on_its_way():
    shown = texts(neuron({"mm off": 0.3, "g off": 1.0}, [-4.0, -1.0], bias=2.0))
    assert {"mm off\n0.3", "· (-4)", "g off\n1", "· (-1)", "+ 2", "sum\n-0.20", "0.450"} <= set(
        shown
    )
    order = [shown[text].get_position()[0] for text in ("mm off\n0.3", "sum\n-0.20", "sigmoid")]
    assert order == sorted(order)


def test_lines_of_a_neuron_are_as_wide_as_their_weights():
    ax = neuron({"a": 1.0, "b": 1.0}, [3.0, -0.5], bias=0.0)
    b, a, *_ = [text.arrow_patch.get_linewidth() for text in ax.texts if text.get_text() == ""]
    assert a > b


@pytest.mark.parametrize(("inputs", "weights"), [({}, []), ({"a": 1.0}, [1.0, 2.0])])
def test_neuron_needs_a_weight_for_each_input(inputs, weights):
    with pytest.raises(ValueError, match="a weight for each input"):
        neuron(inputs, weights, bias=0.0)
