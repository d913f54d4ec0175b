"""TensorBoard's frame, and the sentences that its script may put in its place."""

import html as html_module
import json
import re

import pytest

from workshop.widgets.frame import SCRIPT, TensorBoardPage, no_proxy


def html(source="/user/ada/proxy/6006/", **more):
    return TensorBoardPage("said", source, port=6006, **more)._repr_html_()


def test_a_sentence_alone_is_text():
    page = TensorBoardPage("There is no folder.")
    assert (repr(page), page._repr_html_()) == ("There is no folder.", None)


def test_each_answer_of_the_script_has_a_sentence_that_is_hidden_first():
    found = set(re.findall(r'return "(\w+)"|\? "(\w+)" : "(\w+)"', SCRIPT.read_text()))
    answers = {answer for several in found for answer in several if answer} - {"shown"}
    shown = html()
    assert set(re.findall(r'<p role="alert" data-answer="(\w+)" hidden>', shown)) == answers
    assert no_proxy(6006) in html_module.unescape(shown)
    assert "its server lacks jupyter-server-proxy" in shown


def test_names_are_escaped_in_the_page_and_in_the_script():
    shown = html("/a'b/</script>&/", title='<b>"')
    assert shown.count("</script>") == 1
    assert 'title="&lt;b&gt;&quot;"' in shown
    quoted = re.search(
        r'document.getElementById\(\'[\w-]+\'\), (".*")\); }\)\(\);</script>$', shown
    )
    assert json.loads(quoted[1]) == "/a'b/</script>&/"


def test_two_pages_of_one_notebook_do_not_mix():
    names = [re.search(r'<div id="([\w-]+)"', html())[1] for _ in range(2)]
    assert len(set(names)) == 2
    assert f"getElementById('{names[0]}')" not in html()


def test_vs_code_is_told_the_address(monkeypatch):
    monkeypatch.setenv("VSCODE_PID", "7")
    shown = html("http://127.0.0.1:6006/")
    assert "'Simple Browser: Show' with the address http://127.0.0.1:6006/" in shown.replace(
        "&#x27;", "'"
    )


@pytest.mark.parametrize("height", [300, 640])
def test_the_frame_is_as_high_as_asked(height):
    assert f'height="{height}"' in html(height=height)
