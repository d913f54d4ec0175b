"""What the service knows of a class, in memory only: who has passed what, who is stuck, hands."""

import contextlib
import datetime
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from workshop.course import progress
from workshop.messages import say

NUMBER = re.compile(r"\d{1,2}[a-z]?-\d{1,2}")
AWAY_S = 3600  # who has tried nothing for that long is not stuck but gone
LEARNERS = 500
EXERCISES = 500
LETTERS = 200


class BadRecord(ValueError):
    """What was sent is no record."""


@dataclass(frozen=True)
class Entry:
    """An exercise of a learner; times are of the service's clock, in seconds."""

    passed: bool
    since: float
    last: float
    tries: int


@dataclass(frozen=True)
class Hand:
    """A raised hand; `key` tells it from the one before."""

    text: str
    since: float
    key: str


@dataclass
class Learner:
    """A learner who joined."""

    name: str
    exercises: dict[str, Entry] = field(default_factory=dict)
    hand: Hand | None = None
    answered: str = ""

    @property
    def present(self) -> str | None:
        """The exercise that was tried last, unless it is passed."""
        last = max(self.exercises, key=lambda number: self.exercises[number].last, default=None)
        return None if last is None or self.exercises[last].passed else last

    def stuck_on(self, now: float, minutes: float) -> str | None:
        """Name the exercise on which this learner is stuck.

        Args:
            now: the service's clock.
            minutes: how long an exercise may take.

        Returns:
            The one that was tried last, if it has been "not yet" for that long; None for a learner
            who has gone on to another one, or has tried nothing for an hour.
        """
        if (number := self.present) is None:
            return None
        entry = self.exercises[number]
        is_here = now - entry.last < AWAY_S
        return number if is_here and now - entry.since >= 60 * minutes else None


class Roster:
    """The class.

    Args:
        held: the lessons whose verdicts wait until the instructor opens them, such as `"2"`.

    Example:
        >>> roster = Roster()
        >>> roster.take("ada", {"exercises": {"2-1": {"status": "passed", "time": ""}}}, now=0.0)
        >>> roster.learners["ada"].exercises["2-1"].passed
        True
    """

    def __init__(self, held: Iterable[str] = ()):
        self.learners: dict[str, Learner] = {}
        self.held = set(held)

    def take(self, name: str, content: object, *, now: float | None = None) -> None:
        """Put what a learner sent in the place of what was known.

        Args:
            name: who it is; the caller knows that, not the content.
            content: as `membership.message` gives it, or the content of a progress.json.
            now: the service's clock; left out, the time now.

        Raises:
            BadRecord: it is something else, or too much.
        """
        now = time.time() if now is None else now
        if not isinstance(content, dict) or not isinstance(content.get("exercises"), dict):
            raise BadRecord(
                say("Expected a record, {expected}, got something else.", expected=EXPECTED)
            )
        if len(content["exercises"]) > EXERCISES:
            raise BadRecord(say("Expected at most {count} exercises.", count=EXERCISES))
        if name not in self.learners and len(self.learners) >= LEARNERS:
            raise BadRecord(say("The class is full: {count} learners.", count=LEARNERS))
        clock = _Clock(content.get("now"), now)
        exercises, hand = _exercises(content["exercises"], clock), _hand(content, clock)
        learner = self.learners.setdefault(name, Learner(name))
        learner.exercises = exercises
        learner.hand = hand if hand and hand.key != learner.answered else None

    def drop(self, name: str) -> None:
        """Forget a learner who leaves."""
        self.learners.pop(name, None)

    def answer(self, name: str) -> None:
        """Take down a hand: the instructor has been there."""
        if (learner := self.learners.get(name)) and learner.hand:
            learner.answered, learner.hand = learner.hand.key, None

    def hold(self, lesson: str, *, held: bool) -> None:
        """Hold the verdicts of a lesson back, or open them."""
        (self.held.add if held else self.held.discard)(lesson)


EXPECTED = '{"exercises": {"2-1": {"status": "passed", "time": "2026-01-31T09:00:00"}}}'


class _Clock:
    """Turns times of a learner's clock, which may be wrong, into times of the service's."""

    def __init__(self, now: object, here: float):
        self._here = here
        self._now = _parsed(now) or datetime.datetime.fromtimestamp(here)

    def time(self, said: object) -> float | None:
        """Give the service's time; None for what is no time."""
        if (then := _parsed(said)) is None:
            return None
        return self._here - max(0.0, (self._now - then).total_seconds())


def _parsed(said: object) -> datetime.datetime | None:
    with contextlib.suppress(ValueError):
        return datetime.datetime.fromisoformat(str(said)).replace(tzinfo=None)
    return None


def _exercises(said: dict, clock: _Clock) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for written, entry in said.items():
        number = progress.MOVED.get(written, written)
        status = entry.get("status") if isinstance(entry, dict) else None
        if status not in ("passed", "not yet") or not NUMBER.fullmatch(number):
            continue
        if number in found and found[number].passed:
            continue
        since = clock.time(entry.get("time")) or 0.0
        last = clock.time(entry.get("last")) or since
        tries = entry.get("tries")
        is_count = isinstance(tries, int) and 0 < tries < 1e6
        found[number] = Entry(status == "passed", since, last, tries if is_count else 1)
    return found


def _hand(content: dict, clock: _Clock) -> Hand | None:
    hand = content.get("hand")
    if not isinstance(hand, dict):
        return None
    text, key = str(hand.get("text", ""))[:LETTERS], str(hand.get("time", ""))[:40]
    since = clock.time(key)
    return Hand(text, clock.time(content.get("now")) or 0.0 if since is None else since, key)
