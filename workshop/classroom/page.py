"""The page for the instructor: one table, hands first, readable from the back of a room."""

import html
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from workshop.classroom.lessons import Lesson
from workshop.classroom.roster import Entry, Learner, Roster
from workshop.messages import say

RELOAD_S = 10


@dataclass(frozen=True)
class View:
    """What the instructor looks at.

    Args:
        lessons: all of the course.
        lesson: the key of the one that is shown; None for the whole course.
        sort: `"need"`, `"name"` or `"passed"`.
        minutes: after which an exercise counts as one on which somebody is stuck.
        now: the clock.
        xsrf: the field of a form that shows that this page sent it.
        problems: files that could not be read.
        can_hold: whether verdicts can be held back: learners' files in a folder can't wait.
    """

    lessons: Sequence[Lesson]
    lesson: str | None = None
    sort: str = "need"
    minutes: float = 10
    now: float = field(default_factory=time.time)
    xsrf: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)
    can_hold: bool = True

    def link(self, **changes: str | None) -> str:
        """Give the address of this view with something changed."""
        chosen = {"lesson": self.lesson, "sort": self.sort} | changes
        return html.escape("?" + urlencode({key: value for key, value in chosen.items() if value}))


def document(roster: Roster, view: View) -> str:
    """Write the page.

    Args:
        roster: the class.
        view: which part of it.

    Returns:
        A whole HTML document, which takes its style and script from beside it.
    """
    title = say("Who has passed what")
    refresh = f'<noscript><meta http-equiv="refresh" content="{RELOAD_S}"></noscript>'
    parts = [
        f"<div hidden>{view.xsrf}</div><h1>{title}</h1>",
        _count(roster, view),
        _hands(roster, view),
        _lessons(roster, view),
        _switch(roster, view),
        _table(roster, view),
        _legend(view),
        _problems(view),
    ]
    return frame(title, "".join(parts), f'{refresh}<script src="page.js" defer></script>')


def frame(title: str, body: str, head: str = "") -> str:
    """Put a body into a document in the style of the page."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="page.css">{head}</head>'
        f"<body><main>{body}</main></body></html>"
    )


def ordered(roster: Roster, view: View) -> list[Learner]:
    """Sort the learners: as the view says, those with the same need by name."""
    shown = [number for lesson in view.lessons if view.lesson in (None, lesson.key)
             for number in lesson.exercises]  # fmt: skip

    def key(learner: Learner) -> tuple:
        name = learner.name.casefold()
        if view.sort == "name":
            return (name,)
        if view.sort == "passed":
            return (-sum(_passed(learner, number) for number in shown), name)
        stuck = learner.stuck_on(view.now, view.minutes)
        hand = learner.hand.since if learner.hand else float("inf")
        since = learner.exercises[stuck].since if stuck else float("inf")
        return (hand, since, name)

    return sorted(roster.learners.values(), key=key)


def _passed(learner: Learner, number: str) -> bool:
    return number in learner.exercises and learner.exercises[number].passed


def _ago(view: View, since: float) -> int:
    return int(max(0.0, view.now - since) // 60)


def _count(roster: Roster, view: View) -> str:
    people = roster.learners.values()
    fields = {
        "count": len(people),
        "hands": sum(learner.hand is not None for learner in people),
        "stuck": sum(learner.stuck_on(view.now, view.minutes) is not None for learner in people),
        "time": time.strftime("%H:%M", time.localtime(view.now)),
    }
    said = say("{time} · learners: {count} · hands up: {hands} · stuck: {stuck}", **fields)
    return f'<p class="count" id="count">{said}</p>'


def _hands(roster: Roster, view: View) -> str:
    raised = [learner for learner in ordered(roster, View(view.lessons)) if learner.hand]
    items = []
    for learner in raised:
        hand, name = learner.hand, html.escape(learner.name)
        minutes = say("{minutes} min", minutes=_ago(view, hand.since)) if hand else ""
        text = html.escape(hand.text) if hand else ""
        button = _button(
            view, "answer", {"name": learner.name}, say("Hand of {name} down", name=learner.name)
        )
        items.append(
            f'<li><span aria-hidden="true">✋</span> <bdi><b>{name}</b></bdi>, {minutes}'
            f"{': ' if text else ''}<bdi>{text}</bdi> {button if view.can_hold else ''}</li>"
        )
    if not items:
        return ""
    return f'<section><h2>{say("Hands up")}</h2><ul class="hands">{"".join(items)}</ul></section>'


def _lessons(roster: Roster, view: View) -> str:
    links = [(None, say("All lessons"), "")]
    links += [(lesson.key, lesson.number, lesson.title) for lesson in view.lessons]
    items = []
    for key, number, title in links:
        chosen = ' aria-current="page"' if key == view.lesson else ""
        held = "…" if key in roster.held and view.can_hold else ""
        tip = f' title="{html.escape(title)}"' if title else ""
        items.append(f'<a href="{view.link(lesson=key)}"{chosen}{tip}>{number}{held}</a>')
    return f'<nav aria-label="{say("Lessons")}">{"".join(items)}</nav>'


def _switch(roster: Roster, view: View) -> str:
    """Give the lesson's title and the button that holds or opens its verdicts."""
    lesson = next((each for each in view.lessons if each.key == view.lesson), None)
    if lesson is None:
        return ""
    fields = {"number": lesson.number, "title": lesson.title}
    title = f"<h2>{html.escape(say('Lesson {number}: {title}', **fields))}</h2>"
    if not view.can_hold:
        return title
    is_held = lesson.key in roster.held
    if is_held:
        state = say("Learners who joined don't see their verdicts yet.")
        action = say("Open the verdicts of {number}", **fields)
    else:
        state = say("Learners see their verdicts at once.")
        action = say("Hold the verdicts of {number}", **fields)
    button = _button(view, "hold", {"key": lesson.key, "held": "" if is_held else "1"}, action)
    return f'{title}<div class="switch">{state} {button}</div>'


def _button(view: View, action: str, values: Mapping[str, str], label: str) -> str:
    # Where the page is to go on: the same view.
    values = {**values, "lesson": view.lesson or "", "sort": view.sort}
    fields = "".join(
        f'<input type="hidden" name="{key}" value="{html.escape(value)}">'
        for key, value in values.items()
    )
    return (
        f'<form method="post" action="{action}">{view.xsrf}{fields}'
        f"<button>{html.escape(label)}</button></form>"
    )


def _table(roster: Roster, view: View) -> str:
    if not roster.learners:
        return f"<p>{say('Nobody has joined yet. Learners type: workshop class join')}</p>"
    people = ordered(roster, view)
    heads, summaries, rows = [], [], [[] for _ in people]
    for lesson in view.lessons:
        begun = any(number in each.exercises for each in people for number in lesson.exercises)
        if view.lesson != lesson.key and (view.lesson is not None or not begun):
            continue  # all lessons: those that somebody has begun
        groups = [(number, (number,)) for number in lesson.exercises]
        if view.lesson is None:
            groups = [(lesson.number, lesson.exercises)]
        for name, numbers in groups:
            heads.append(f'<th scope="col">{name}</th>')
            summaries.append(f"<td>{_summary(people, numbers, view)}</td>")
            for row, learner in zip(rows, people, strict=True):
                row.append(_cell(learner, numbers, view))
    body = "".join(
        f'<tr><th scope="row">{_name(learner, view)}</th>{"".join(row)}</tr>'
        for learner, row in zip(people, rows, strict=True)
    )
    label = say("Learners and exercises")
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{label}"><table>'
        f'<thead><tr><th scope="col">{_sorting(view)}</th>{"".join(heads)}</tr>'
        f'<tr class="all"><th scope="row">{say("All")}</th>{"".join(summaries)}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _sorting(view: View) -> str:
    ways = {"need": say("need"), "name": say("name"), "passed": say("passed")}
    links = " ".join(
        f'<a href="{view.link(sort=way)}"{" aria-current=true" if way == view.sort else ""}>'
        f"{word}</a>"
        for way, word in ways.items()
    )
    return f'<span class="sort">{say("Sort by")} {links}</span>'


def _name(learner: Learner, view: View) -> str:
    hand = f'<span role="img" aria-label="{say("hand up")}">✋</span> ' if learner.hand else ""
    where = learner.stuck_on(view.now, view.minutes) if view.lesson is None else None
    place = f' <span class="where">{where}</span>' if where else ""
    return f"{hand}<bdi>{html.escape(learner.name)}</bdi>{place}"


def _summary(people: Sequence[Learner], numbers: Sequence[str], view: View) -> str:
    done = sum(all(_passed(learner, number) for number in numbers) for learner in people)
    stuck = sum(learner.stuck_on(view.now, view.minutes) in numbers for learner in people)
    fields = {"done": done, "count": len(people), "stuck": stuck}
    if stuck:
        return say("{done} of {count} passed, {stuck} stuck", **fields)
    return say("{done} of {count} passed", **fields)


def _cell(learner: Learner, numbers: Sequence[str], view: View) -> str:
    """Give the cell of a lesson, or of one exercise where one lesson is shown."""
    if view.lesson is not None:
        return _of_exercise(learner, numbers[0], view)
    done = sum(_passed(learner, number) for number in numbers)
    said = say("{done} of {count}", done=done, count=len(numbers))
    if learner.stuck_on(view.now, view.minutes) in numbers:
        return f'<td class="stuck">! {said}</td>'
    if done == len(numbers):
        return f'<td class="passed">✓ {said}</td>'
    if any(number in learner.exercises for number in numbers):
        return f'<td class="begun">{said}</td>'
    return _cell_of("none", "·", say("not begun"))


def _of_exercise(learner: Learner, number: str, view: View) -> str:
    if (entry := learner.exercises.get(number)) is None:
        return _cell_of("none", "·", say("not begun"))
    if entry.passed:
        return _cell_of("passed", "✓", say("passed"), _tries(entry))
    minutes = say("{minutes} min", minutes=_ago(view, entry.since))
    if number == learner.stuck_on(view.now, view.minutes):
        return _cell_of("stuck", "!", say("stuck"), f" {minutes}{_tries(entry)}")
    here = f" {minutes}" if number == learner.present else ""
    return _cell_of("begun", "✗", say("not yet"), f"{here}{_tries(entry)}")


def _cell_of(kind: str, sign: str, word: str, more: str = "") -> str:
    """Give a cell: a colour, and a sign that a screen reader says as a word."""
    return f'<td class="{kind}"><span role="img" aria-label="{word}">{sign}</span>{more}</td>'


def _tries(entry: Entry) -> str:
    if entry.tries < 2:
        return ""
    return f"<small> {say('{count} tries', count=entry.tries)}</small>"


def _problems(view: View) -> str:
    said = [say("{file} can't be read: {why}", file=f, why=why) for f, why in view.problems.items()]
    return "".join(f'<p class="problem">{html.escape(text)}</p>' for text in said)


def _legend(view: View) -> str:
    minutes = f"{view.minutes:g}"
    said = say(
        "✓ passed · ✗ not yet · ! stuck: not yet for {minutes} minutes or more, and tried last · "
        "· not begun · ✋ hand up",
        minutes=minutes,
    )
    return f'<p class="legend">{said}</p>'
