"""What a learner's bytes of a weather station hold, against what was to be written."""

import pytest

from workshop.checks import weather_example
from workshop.checks.engine import exercise

tf = pytest.importorskip("tensorflow")

GIVEN = ("Köln", 3, [0.5, -1.0])


@exercise("0-9")
def station(came):
    weather_example.held_by(came, GIVEN, "weather(...)")


def test_bytes_are_held_against_what_was_given():
    feature = {
        "station": tf.train.Feature(bytes_list=tf.train.BytesList(value=["Köln".encode()])),
        "day": tf.train.Feature(int64_list=tf.train.Int64List(value=[3])),
        "temperatures": tf.train.Feature(float_list=tf.train.FloatList(value=[0.5, -1])),
    }
    example = tf.train.Example(features=tf.train.Features(feature=feature))
    assert station(example.SerializeToString()).passed
    feature["day"].int64_list.value[:] = [3, 4]
    example = tf.train.Example(features=tf.train.Features(feature=feature))
    assert "one value in 'day', got 2" in station(example.SerializeToString()).message


def test_other_bytes_are_named():
    assert "of a tf.train.Example, got others (3 in all)" in station(b"abc").message
    assert "got NoneType" not in station(None).message
