"""What an update did, and how a lesson stands, in words."""

import difflib
import re
from pathlib import Path

from workshop.course import editions
from workshop.course.lessons import LessonError
from workshop.messages import say
from workshop.update.lesson import Plan, Solution
from workshop.update.lesson import plan as compare
from workshop.update.merge import Change, Merged, text
from workshop.update.sources import Source

SHORT = 60  # letters of a cell's first line


def words(plan: Plan, *, whole: bool) -> str:
    """Tell a learner what an update did to a lesson.

    Args:
        plan: as `lesson.apply` gives it.
        whole: show what was not taken over, line by line.

    Returns:
        Some lines.
    """
    name = plan.file.name
    if plan.is_current():
        return say("{name}: nothing to correct.", name=name)
    lines = []
    if plan.merged is None:
        lines.append(say("{name}: here is the lesson, which was not there.", name=name))
    else:
        lines += _of_cells(name, plan.merged, whole)
    if plan.merged is not None and not plan.knows_base:
        lines.append(
            say(
                "  Nobody knows any more which edition your copy came from, so each cell that "
                "differs counts as yours, and cells that were missing came back."
            )
        )
    for one in plan.solutions:
        lines.append(_of_solution(one))
        if whole and one.what == "kept":
            before = one.base if one.base is not None else one.mine
            both = [(content or b"").decode(errors="replace") for content in (before, one.theirs)]
            lines.append(_difference(*both))
    return "\n".join(lines)


def after(plans: list[Plan], number: str | None) -> list[str]:
    """Say what a learner does next.

    Args:
        plans: as `lesson.apply` gave them.
        number: of the lesson that was asked for; None for all.

    Returns:
        Some paragraphs.
    """
    texts = []
    if not number and all(plan.is_current() for plan in plans):
        texts.append(say("Lessons that are current: {count}.", count=len(plans)))
    if any(_has_kept(plan) for plan in plans):
        texts.append(
            say(
                "What stays yours is offered again by each update. To see it line by line, name "
                "the lesson (workshop update NN): - is what the course had, + what it has now. To "
                "take it over, copy the lines with + into your cell. workshop reset NN gets the "
                "whole lesson as it is delivered, and keeps your copy beside it."
            )
        )
    if any(plan.merged is not None and plan.has_news for plan in plans):
        texts.append(reload())
    return texts


def reload() -> str:
    """Tell a learner what to do with a page that is open.

    Returns:
        Some sentences.

    Example:
        >>> reload().split(":")[0]
        'If the lesson is open in JupyterLab'
    """
    return say(
        "If the lesson is open in JupyterLab: save, then File > Reload Notebook from Disk. Does "
        "JupyterLab say that the file has changed? Overwrite keeps what you typed there and takes "
        "the corrections out again: then type the update again, and reload."
    )


def line(lesson: Path, source: Source) -> tuple[str, str, str]:
    """Say in a line how a lesson stands.

    Args:
        lesson: where it is, or belongs.
        source: of the corrections.

    Returns:
        Its name, whether the learner changed it, and whether it is current.
    """
    nn, name = lesson.name.split("_")[0], lesson.stem
    if not lesson.exists():
        return name, say("not here"), say("to get it: workshop update {nn}", nn=nn)
    try:
        plan = compare(lesson, source)
    except LessonError:
        return name, say("damaged"), say("to get it back: workshop reset {nn}", nn=nn)
    if plan is None or plan.merged is None:
        return name, say("your own"), say("the course has no such lesson")
    changed = say("changed by you") if plan.is_changed else say("unchanged")
    if plan.is_changed is None:
        changed = say("of an unknown edition")
    solutions = [one for one in plan.solutions if one.what != "kept"]
    if waiting := len(plan.merged.done) + len(plan.merged.moved) + len(solutions):
        fields = {"count": waiting, "nn": nn}
        return name, changed, say("corrections: {count}, by workshop update {nn}", **fields)
    if kept := len(plan.merged.kept) + len(plan.solutions):
        fields = {"count": kept, "nn": nn}
        return (
            name,
            changed,
            say("current; yours stayed: {count}, see workshop update {nn}", **fields),
        )
    return name, changed, say("current")


def source_words(source: Source) -> str:
    """Name where the corrections come from; warn where they are not of the package's edition.

    Args:
        source: of the corrections.

    Returns:
        Some lines.
    """
    here, known = editions.current(), source.editions()
    if not known:
        return say("Corrections from {place}", place=source.place)
    fields = {"place": source.place, "edition": known[-1], "here": here}
    if known[-1] == here:
        return say("Corrections from {place}, edition {edition}", **fields)
    return say(
        "Corrections from {place}, edition {edition}. The package here is of edition {here}: where "
        "a cell asks it for a name that it does not have, get the whole course of {edition}.",
        **fields,
    )


def _has_kept(plan: Plan) -> bool:
    solutions = any(one.what == "kept" for one in plan.solutions)
    return solutions or bool(plan.merged and plan.merged.kept)


def _of_cells(name: str, merged: Merged, whole: bool) -> list[str]:
    both = [place for cells in (merged.base, merged.notebook) for place in _places(cells)]
    places = dict(both)
    lines = [_count(name, merged), *(f"  {_done(change, places)}" for change in merged.done)]
    for change in merged.kept:
        lines.append(f"  {_kept(change, places)}")
        if whole and change.theirs is not None:
            before = change.base if change.base is not None else change.mine
            lines.append(_difference(text(before or {}), text(change.theirs)))
    return lines


def _count(name: str, merged: Merged) -> str:
    added = sum(one.what == "added" for one in merged.done)
    removed = sum(one.what == "removed" for one in merged.done)
    fields = {"name": name, "moved": len(merged.moved), "kept": len(merged.kept)}
    if merged.done or merged.moved:
        return say(
            "{name}: cells corrected: {corrected}, added: {added}, removed: {removed}, moved: "
            "{moved}; left yours where both changed: {kept}",
            **{**fields, "added": added, "removed": removed},
            corrected=len(merged.done) - added - removed,
        )
    if merged.kept:
        return say("{name}: nothing new; left yours where both changed: {kept}", **fields)
    return say("{name}: no cell to correct", **fields)


def _done(change: Change, places: dict[str, str]) -> str:
    where = {"cell": _first_line(change, done=True), "section": places.get(change.id, "")}
    if change.what == "added":
        return say("added, {section}: {cell}", **where)
    if change.what == "removed":
        return say("removed: {cell}", **where)
    return say("corrected, {section}: {cell}", **where)


def _kept(change: Change, places: dict[str, str]) -> str:
    where = {"cell": _first_line(change, done=False), "section": places.get(change.id, "")}
    if change.what == "removed":
        return say("stays yours, {section}, though the course removed it: {cell}", **where)
    if change.mine is None:
        return say("stays deleted, {section}, though the course corrected it: {cell}", **where)
    return say("stays yours, {section}, though the course corrected it: {cell}", **where)


def _of_solution(one: Solution) -> str:
    file = {"file": f"solutions/{one.file.name}", "copy": one.copy}
    if one.what == "added":
        return say("  added: {file}", **file)
    if one.copy is not None:
        return say("  removed: {file}; what you wrote is in {copy}", **file)
    if one.what == "removed":
        return say("  removed: {file}", **file)
    if one.what == "kept":
        return say("  stays yours, though the course corrected it: {file}", **file)
    return say("  corrected: {file}", **file)


def _first_line(change: Change, *, done: bool) -> str:
    both = (change.theirs, change.mine) if done else (change.mine, change.theirs)
    cell = next(cell for cell in (*both, change.base) if cell is not None)
    lines = [line.strip() for line in text(cell).splitlines() if line.strip()]
    first = lines[0] if lines else say("(empty)")
    return first if len(first) <= SHORT else f"{first[:SHORT]}..."


def _places(notebook: dict) -> list[tuple[str, str]]:
    """Name the section that each cell stands in."""
    section, found = say("at the top"), []
    for cell in notebook.get("cells", []):
        heading = re.match(r"\s*#+ +(.+)", text(cell))
        if cell["cell_type"] == "markdown" and heading:
            section = say('section "{title}"', title=heading[1].strip())
        found.append((cell["id"], section))
    return found


def _difference(before: str, after: str) -> str:
    """Show a correction by lines: - what the course had, + what it has."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return "\n".join(f"      {line}" for line in lines if not line.startswith("?"))
