"""A copy of a lesson from another edition, whose names the package no longer has."""

import pytest
from jupyter_client.manager import start_new_kernel

from workshop.jupyter import outdated


@pytest.fixture(scope="module")
def client():
    manager, client = start_new_kernel(kernel_name="python3")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def said(client, cell):
    messages = []
    client.execute_interactive(cell, timeout=60, output_hook=messages.append)
    (error,) = (m["content"] for m in messages if m["msg_type"] == "error")
    return error["ename"], "".join(error["traceback"])


@pytest.mark.parametrize(
    ("cell", "kind", "name"),
    [
        (
            "from workshop.checks import tensors as c\nc.halvings(1)",
            "Attribute",
            "tensors.halvings",
        ),
        ("from workshop.plots import draw_curves", "Import", "workshop.plots.draw_curves"),
        ("from workshop.checks import hardware", "Import", "workshop.checks.hardware"),
        ("import workshop.checks.hardware", "ModuleNotFound", "workshop.checks.hardware"),
    ],
)
def test_a_name_that_is_gone_leads_to_the_lesson_of_this_edition(client, cell, kind, name):
    ename, text = said(client, cell)
    assert ename == f"{kind}Error"
    assert (
        f"does not have {'' if name.startswith('workshop') else 'workshop.checks.'}{name}" in text
    )
    assert "workshop reset NN" in text


@pytest.mark.parametrize(
    "cell", ["import numpie", "from math import sine", "''.size", "None.size", "object().size"]
)
def test_a_slip_of_the_learner_s_own_is_left_to_python(client, cell):
    assert "workshop reset" not in said(client, cell)[1]


@pytest.mark.parametrize("error", [AttributeError(), ImportError("?"), ImportError(name="os")])
def test_an_error_without_names_is_no_trouble(error):
    assert outdated.words(error) is None
