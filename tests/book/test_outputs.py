"""Outputs without the machine: views go, stills and pictures stay."""

from nbformat import v4

from workshop.book import outputs


def test_a_live_view_goes_and_its_still_stays():
    view = v4.new_output("display_data", {outputs.VIEW: {}, "text/plain": "live"})
    still = v4.new_output("display_data", {"text/html": "<figure>still</figure>"})
    cell = v4.new_code_cell("", outputs=[view, still])
    outputs.cleaned(v4.new_notebook(cells=[cell]), {})
    assert [one.data["text/html"] for one in cell.outputs] == ["<figure>still</figure>"]


def test_a_picture_is_not_read_as_text():
    text = '<img src="data:image/png;base64,/tmp/x"> in /tmp/x'
    assert outputs.without_places(text, {"/tmp/x": "."}).endswith('64,/tmp/x"> in .')
