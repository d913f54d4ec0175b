"""ImageNet's names and history."""

from workshop.data import imagenet_history, imagenet_names
from workshop.data.pictures.imagenet import PERSON


def test_a_name_for_each_output():
    names = imagenet_names()
    assert len(names) == 1000
    assert all(name == name.strip() != "" for name in names)
    assert (names[0], names[967], names[999]) == ("tench", "espresso", "toilet paper")


def test_the_error_falls_each_year_and_below_a_persons():
    history = imagenet_history()
    errors = [winner.error for winner in history]
    assert errors == sorted(errors, reverse=True)
    assert [winner.year for winner in history] == list(range(2010, 2018))
    assert next(winner.year for winner in history if winner.learned) == 2012
    assert next(winner.name for winner in history if winner.error < PERSON) == "ResNet"
