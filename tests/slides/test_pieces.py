"""Outputs in pieces: pictures keep what they say, long texts are cut, what is cut is counted."""

import base64
import io

from nbformat import v4
from PIL import Image

from workshop.slides.pieces import MOST_LINES, PARTS, pieces


def test_a_picture_keeps_its_description_and_loses_its_size():
    html = '<style>img {}</style><img class="a" alt="Figure. a &lt; b" width="600" src="data:,x">'
    (piece,) = pieces(v4.new_output("display_data", {"text/html": html, "image/png": "x"}))
    assert (piece.kind, piece.html) == ("picture", '<img alt="Figure. a &lt; b" src="data:,x">')


def test_a_picture_without_html_says_what_it_is():
    data = {"image/png": "aa\nbb", "text/plain": "<Image>"}
    (piece,) = pieces(v4.new_output("display_data", data))
    assert piece.html == '<img alt="&lt;Image&gt;" src="data:image/png;base64,aabb">'


def test_a_still_is_the_wide_picture_and_says_its_shape():
    file = io.BytesIO()
    Image.new("RGB", (40, 20)).save(file, format="png")
    wide = base64.b64encode(file.getvalue()).decode()
    html = '<div class="workshop-still"><img alt="a" src="data:image/png;base64,aabb"></div>'
    (piece,) = pieces(v4.new_output("display_data", {"text/html": html, "image/png": wide}))
    assert piece.html == f'<img alt="a" src="data:image/png;base64,{wide}">'
    assert (piece.is_live, piece.shape) == (True, 0.5)


def test_a_table_stays():
    html = "<script>x</script><table><tr><td>1</td></tr></table>"
    (piece,) = pieces(v4.new_output("execute_result", {"text/html": html}, execution_count=1))
    assert (piece.kind, "<script" in piece.html) == ("table", False)


def test_a_long_text_is_cut_and_says_how_much_is_left_out():
    lines = [f"line {k}" for k in range(MOST_LINES + 2)]
    two = pieces(v4.new_output("stream", text="\n".join(lines)))
    assert [piece.lines for piece in two] == [MOST_LINES // 2 + 1] * 2
    many = pieces(v4.new_output("stream", text="a\n" * 100))
    assert sum(piece.lines for piece in many) == MOST_LINES * PARTS
    assert f"{100 - MOST_LINES * PARTS + 1} more lines" in many[-1].html


def test_what_shows_nothing_is_no_piece():
    assert pieces(v4.new_output("stream", text="\n")) == []
    assert pieces(v4.new_output("error", ename="E", evalue="", traceback=[])) == []
