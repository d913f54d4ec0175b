"""Outputs without the machine: views go, stills and pictures stay."""

import pytest
from nbformat import v4

from workshop.book import outputs


def test_a_live_view_goes_and_its_still_stays():
    view = v4.new_output("display_data", {outputs.VIEW: {}, "text/plain": "live"})
    still = v4.new_output("display_data", {"text/html": "<figure>still</figure>"})
    cell = v4.new_code_cell("", outputs=[view, still])
    outputs.cleaned(v4.new_notebook(cells=[cell]), {})
    assert [one.data["text/html"] for one in cell.outputs] == ["<figure>still</figure>"]


def test_the_frame_of_a_server_that_ended_becomes_a_sentence():
    html = '<iframe title="TensorBoard of runs" src="http://127.0.0.1:6006/#x"></iframe>'
    shown = v4.new_output("display_data", {"text/html": f"<p>{html}</p><script>1</script>"})
    outputs.cleaned(v4.new_notebook(cells=[v4.new_code_cell("", outputs=[shown])]), {})
    assert "127.0.0.1" not in shown.data["text/html"]
    assert "TensorBoard of runs: a page" in shown.data["text/html"]


def test_a_figure_without_words_says_what_its_cell_prints():
    shown = v4.new_output("display_data", {"text/html": '<img alt="Figure" src="data:,">'})
    printed = v4.new_output("stream", text="first\n1 < 2: so it falls\n")
    outputs.described(
        v4.new_notebook(cells=[v4.new_code_cell("", outputs=[shown, printed])]),
    )
    assert 'alt="Figure. first; 1 &lt; 2: so it falls"' in shown.data["text/html"]


@pytest.mark.parametrize(
    ("alt", "said"),
    [
        ("Figure. 20 pictures in 2 rows of 10", "Figure. 20 pictures in 2 rows of 10. b; c; d"),
        ("Figure. 2 pictures (conv: 3 x 3)", "Figure. 2 pictures (conv: 3 x 3). b; c; d"),
        ("Figure. inputs, answer", "Figure. inputs, answer. b; c; d"),
        ("Figure. y over x: a from 1 to 2", "Figure. y over x: a from 1 to 2"),
        ("A widget", "A widget"),
    ],
)
def test_a_figure_that_tells_its_numbers_keeps_its_words(alt, said):
    shown = v4.new_output("display_data", {"text/html": f'<img alt="{alt}" src="data:,">'})
    data = "MNIST: the packaged sample, 4,500 + 500 digits (no network)"
    printed = v4.new_output("stream", text=f"a\nb\n\nc\n  d\n{data}\n")
    outputs.described(v4.new_notebook(cells=[v4.new_code_cell("", outputs=[shown, printed])]))
    assert f'alt="{said}"' in shown.data["text/html"]


def test_the_time_that_a_cell_took_is_kept():
    timing = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
    cell = v4.new_code_cell("1", metadata={"execution": timing})
    outputs.cleaned(v4.new_notebook(cells=[cell]), {})
    assert cell.metadata.execution == timing


def test_a_picture_is_not_read_as_text():
    text = '<img src="data:image/png;base64,/tmp/x"> in /tmp/x'
    assert outputs.without_places(text, {"/tmp/x": "."}).endswith('64,/tmp/x"> in .')
