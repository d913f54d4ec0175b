"""What the service knows of a class."""

import datetime

import pytest

from workshop.classroom.roster import EXERCISES, LEARNERS, BadRecord, Learner, Roster

NOW = 1_000_000.0


def record(now="2026-01-01T10:00:00", **exercises):
    """A record as it is sent; `e2_1=("not yet", "09:30", "09:55")`."""
    said = {}
    for name, (status, *times) in exercises.items():
        since, last = (f"2026-01-01T{time}:00" for time in (times * 2)[:2])
        number = name[1:].replace("_", "-")
        said[number] = {"status": status, "time": since, "tries": 3, "last": last}
    return {"now": now, "exercises": said}


@pytest.fixture
def roster():
    return Roster()


def test_times_count_on_the_clock_of_the_service(roster):
    roster.take("ada", record(e2_1=("not yet", "09:30", "09:55")), now=NOW)
    entry = roster.learners["ada"].exercises["2-1"]
    assert (NOW - entry.since, NOW - entry.last, entry.tries) == (1800, 300, 3)


def test_without_a_clock_of_the_learner_that_of_the_machine_counts(roster):
    then = datetime.datetime.fromtimestamp(NOW - 600).isoformat()
    roster.take("ada", {"exercises": {"2-1": {"status": "not yet", "time": then}}}, now=NOW)
    assert roster.learners["ada"].exercises["2-1"].since == pytest.approx(NOW - 600)


def test_stuck_is_who_tries_one_exercise_for_long_and_goes_on_trying(roster):
    cases = {
        "long": record(e2_1=("not yet", "09:40", "09:59")),
        "short": record(e2_1=("not yet", "09:55", "09:59")),
        "went on": record(e2_1=("not yet", "09:00", "09:10"), e2_2=("passed", "09:50")),
        "other": record(e2_1=("not yet", "09:00", "09:10"), e2_2=("not yet", "09:55")),
        "gone": record(e2_1=("not yet", "08:00", "08:50")),
        "new": record(),
    }
    for name, content in cases.items():
        roster.take(name, content, now=NOW)
    stuck = {name: learner.stuck_on(NOW, 10) for name, learner in roster.learners.items()}
    assert {name for name, number in stuck.items() if number} == {"long"}
    assert stuck["long"] == "2-1"


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "text",
        {},
        {"exercises": []},
        {"exercises": {f"{k}-1": {} for k in range(EXERCISES + 1)}},
    ],
)
def test_what_is_no_record_is_refused_in_words(roster, content):
    with pytest.raises(BadRecord, match="Expected"):
        roster.take("ada", content)
    assert not roster.learners


@pytest.mark.parametrize(
    "entry",
    [
        True,
        {"status": "odd"},
        {"status": ["passed"]},
        {},
    ],
)
def test_entries_that_nobody_understands_are_left_out(roster, entry):
    roster.take("ada", {"exercises": {"2-1": entry, "<b>": {"status": "passed"}}})
    assert roster.learners["ada"].exercises == {}


@pytest.mark.parametrize("odd", [None, "soon", -3, 1e300, [], True, "9" * 5000])
def test_odd_times_and_tries_are_survived(roster, odd):
    entry = {"status": "not yet", "time": odd, "last": odd, "tries": odd}
    roster.take("ada", {"now": odd, "exercises": {"2-1": entry}, "hand": {"text": odd}}, now=NOW)
    learner = roster.learners["ada"]
    assert learner.exercises["2-1"].tries == 1
    assert learner.stuck_on(NOW, 10) is None


def test_an_exercise_that_moved_stands_under_its_number_of_today(roster):
    roster.take("ada", {"exercises": {"1-4": {"status": "passed"}, "1b-1": {"status": "not yet"}}})
    assert roster.learners["ada"].exercises["1b-1"].passed


def test_a_class_has_an_end(roster):
    for k in range(LEARNERS):
        roster.learners[str(k)] = Learner(str(k))
    with pytest.raises(BadRecord, match="full"):
        roster.take("one more", record())
    roster.take("3", record())


def test_a_hand_stays_down_after_the_instructor_was_there(roster):
    up = record() | {"hand": {"text": "Why?" * 100, "time": "2026-01-01T09:58:00"}}
    roster.take("ada", up, now=NOW)
    hand = roster.learners["ada"].hand
    assert (len(hand.text), NOW - hand.since) == (200, 120)
    roster.answer("ada")
    roster.answer("nobody")
    roster.take("ada", up, now=NOW)
    assert roster.learners["ada"].hand is None
    again = up | {"hand": {"text": "And now?", "time": "2026-01-01T09:59:00"}}
    roster.take("ada", again, now=NOW)
    assert roster.learners["ada"].hand.text == "And now?"
    roster.take("ada", record(), now=NOW)
    assert roster.learners["ada"].hand is None
