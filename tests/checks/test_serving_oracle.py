"""Of lesson 11: is the trap a trap, the server strict, the watch close?"""

import json
import shutil

import numpy as np
import pytest
import tensorflow as tf

from workshop.checks.engine import _NotYet as NotYet
from workshop.checks.serving_oracle import StrictServer, WatchedFolder, contents, models_with_a_trap


@pytest.mark.parametrize("number", [0, 1])
def test_a_plain_export_of_each_model_is_wrong_and_its_predict_does_not_depend_on_the_batch(
    number, tmp_path
):
    model, inputs = list(models_with_a_trap())[number]
    right = model.predict(inputs, verbose=0)
    alone = np.concatenate([model.predict(one[None], verbose=0) for one in inputs])
    np.testing.assert_allclose(alone, right, rtol=1e-5)
    model.export(tmp_path / "1", verbose=False)
    opened = tf.saved_model.load(str(tmp_path / "1"))
    assert np.abs(opened.serve(tf.constant(inputs)) - right).max() > 0.1


IMAGES = np.zeros((2, 28, 28), np.uint8)
PROBABILITIES = np.eye(10)[[3, 7]]


def test_the_server_answers_what_it_expects():
    server = StrictServer(IMAGES, PROBABILITIES)
    status, text = server.ask(json.dumps({"instances": IMAGES.tolist()}))
    assert (status, json.loads(text)) == (200, {"predictions": PROBABILITIES.tolist()})
    server.tell_fault()
    assert server.asked


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (None, "as text, got NoneType"),
        ("{", "no JSON"),
        ("[]", "got list"),
        ('{"instances": [], "inputs": []}', "got ['inputs', 'instances']"),
        ('{"instances": [[1, 2], [3]]}', "of equal length"),
        ('{"instances": "a"}', "of equal length"),
        ('{"instances": [1, 2]}', "expected shape (2, 28, 28), got (2,)"),
        (json.dumps({"instances": (IMAGES + 1).tolist()}), "grey values as they are"),
    ],
)
def test_the_server_says_what_is_wrong_and_remembers_it(body, says):
    server = StrictServer(IMAGES, PROBABILITIES)
    status, text = server.ask(body)
    assert status == 400
    assert says in json.loads(text)["error"]
    with pytest.raises(NotYet) as told:
        server.tell_fault()
    assert says in str(told.value)


def in_place(export, base):
    shutil.copytree(export, base / "3")


def aside(export, base):
    shutil.copytree(export, base / "3.tmp").rename(base / "3")
    return 3


def test_the_folder_is_seen_after_each_step(tmp_path):
    for name, answer, is_seen in (("place", in_place, True), ("aside", aside, False)):
        folder = WatchedFolder(tmp_path / name, ["1", "2", "2.tmp", "notes.txt"])
        folder.call(answer)
        assert folder.versions() == folder.expected
        assert folder.is_untouched()
        assert bool(folder.between) == is_seen


def test_what_is_done_to_the_export_is_noticed(tmp_path):
    folder = WatchedFolder(tmp_path, [])
    (folder.export / "saved_model.pb").unlink()
    assert not folder.is_untouched()
    assert contents(folder.export).keys() == {
        "variables/variables.index",
        "variables/variables.data",
    }
