"""A page to print: what a learner did, for their own folder."""

import datetime
import html

from workshop.checks.course_map import CourseMap
from workshop.course import editions
from workshop.course import progress as record
from workshop.messages import say

STYLE = """
@page { size: A4; margin: 15mm }
:root { color-scheme: light dark }
body { font: 11pt/1.35 Georgia, serif; margin: 2em auto; max-width: 44em; padding: 0 1em }
h1 { font-size: 20pt; margin: 0 }
.name { font-size: 16pt; margin: 0.3em 0; overflow-wrap: anywhere }
table { border-collapse: collapse; font-size: 9pt; margin: 1em 0; width: 100% }
th, td { border-bottom: 1px solid #8a8a8a; padding: 1.5pt 4pt; text-align: left }
th, td { vertical-align: top }
tr { break-inside: avoid }
td span { white-space: nowrap }
@media print { body { margin: 0; max-width: none; padding: 0 } }
"""


def paper(name: str, course: CourseMap) -> str:
    """Write the page: lessons, the exercises that are passed with their dates, the edition.

    Args:
        name: as the learner typed it.
        course: the map of the course.

    Returns:
        An HTML document that needs nothing beside it, and prints on one or two sheets of A4.
    """
    said, today = record.read(), datetime.date.today().isoformat()
    count = sum(len(lesson.exercises) for lesson in course.lessons)
    done = sum(lesson.passed for lesson in course.lessons)
    rows = []
    for lesson in course.lessons:
        passed = [number for number in lesson.exercises if number not in lesson.left]
        if passed:
            dates = ", ".join(
                f"<span>{number}{_date(said.get(number))}</span>" for number in passed
            )
            of = say("{done} of {count}", done=len(passed), count=len(lesson.exercises))
            title = html.escape(f"{lesson.number} {lesson.title}")
            rows.append(f'<tr><th scope="row">{title}</th><td>{of}</td><td>{dates}</td></tr>')
    heads = (say("Lesson"), say("Passed"), say("Exercises"))
    head = "".join(f'<th scope="col">{word}</th>' for word in heads)
    fields = {"done": done, "count": count, "edition": editions.current(), "date": today}
    summary = say("{done} of {count} exercises passed. Edition {edition}. {date}", **fields)
    note = say(
        "This page was written by the learner's own computer, from a file that its owner can "
        "change. It is a record for the learner, and no proof."
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    title = say("The TensorFlow workshop")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><main><h1>{title}</h1>"
        f'<p class="name"><bdi>{html.escape(name)}</bdi></p><p>{html.escape(summary)}</p>'
        f"{table if rows else ''}<p>{html.escape(note)}</p></main></body></html>\n"
    )


def _date(entry: dict | None) -> str:
    """Give the day, in brackets; nothing where the record has no time that can be read."""
    try:
        day = datetime.datetime.fromisoformat(str((entry or {}).get("time"))).date()
    except ValueError:
        return ""
    return f" ({day.isoformat()})"
