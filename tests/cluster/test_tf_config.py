"""Where the tasks of a cluster are, as TensorFlow reads it."""

import json

import pytest

from workshop.cluster import read_tf_config, tf_config

TWO = {"worker": ["127.0.0.1:5000", "127.0.0.1:5001"]}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "expected JSON, got '{'"),
        ("[1]", 'expected the keys "cluster" and "task", got [1]'),
        ('{"cluster": {}, "task": {}}', "list of addresses for each kind"),
        (json.dumps({"cluster": {"slave": ["a:1"]}, "task": {}}), "got 'slave'"),
        (
            json.dumps({"cluster": {"worker": "a:1"}, "task": {}}),
            "expected a list of addresses host:port, got 'a:1'",
        ),
        (json.dumps({"cluster": {"worker": ["a"]}, "task": {}}), "127.0.0.1:5000, got 'a'"),
        (
            json.dumps({"cluster": {"worker": ["a:99999"]}, "task": {}}),
            "127.0.0.1:5000, got 'a:99999'",
        ),
        (json.dumps({"cluster": {"worker": ["a:1", "a:1"]}, "task": {}}), "appears twice"),
        (
            json.dumps({"cluster": TWO, "task": {"type": "worker"}}),
            'expected "type" and "index", got',
        ),
        (
            json.dumps({"cluster": TWO, "task": {"type": "worker", "index": 2}}),
            "not in the cluster",
        ),
        (json.dumps({"cluster": TWO, "task": {"type": "ps", "index": 0}}), "{'worker': 2}"),
        (json.dumps({"cluster": TWO, "task": {"type": "worker", "index": "0"}}), "'0' is not in"),
    ],
)
def test_a_wrong_tf_config_is_told(text, says):
    with pytest.raises(ValueError) as error:
        read_tf_config(text)
    assert says in str(error.value)


def test_a_right_tf_config_is_read():
    config = read_tf_config(tf_config(TWO, "worker", 1))
    assert config == {"cluster": TWO, "task": {"type": "worker", "index": 1}}
