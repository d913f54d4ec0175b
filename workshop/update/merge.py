"""Three versions of a lesson become one, cell by cell.

The base is the edition that the learner's copy came from. What only the course changed since then
comes; what the learner changed stays. Cells are matched by their ids, not by their lines.
"""

import copy
import secrets
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher

Cell = dict
MARK = "workshop"  # in the metadata of a notebook: which base it has


@dataclass(frozen=True)
class Change:
    """A cell that the course corrected.

    Args:
        what: `"corrected"`, `"added"` or `"removed"`, by the course.
        id: of the cell.
        base: the cell in the edition that the learner's copy came from; None where it has none.
        theirs: the corrected cell; None where the course removed it.
        mine: the learner's cell; None where there was none.
    """

    what: str
    id: str
    base: Cell | None
    theirs: Cell | None
    mine: Cell | None


@dataclass
class Merged:
    """What came of three versions.

    Args:
        notebook: the learner's notebook with the corrections.
        base: what the next merge compares with. A correction that did not come is not in it, so
            that it is offered again.
        done: corrections that came.
        kept: corrections that did not come, because the learner changed or deleted the cell.
        moved: ids of the cells that the course moved.
    """

    notebook: dict
    base: dict
    done: list[Change] = field(default_factory=list)
    kept: list[Change] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)


def merge(base: dict | None, theirs: dict, mine: dict) -> Merged:
    """Bring the corrections of the course into a learner's notebook.

    Args:
        base: the notebook that the learner's came from; None where nobody knows it any more. Then
            a cell that differs stays the learner's, and what the course has more is added.
        theirs: the corrected notebook.
        mine: the learner's; it is only read, as the others.

    Returns:
        The merged notebook, and what happened to each correction.

    Example:
        >>> def notebook(*texts):
        ...     cells = [{"id": id, "cell_type": "raw", "source": s} for id, s in zip("ab", texts)]
        ...     return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        >>> merged = merge(notebook("x", "y"), notebook("X", "Y"), notebook("x", "mine"))
        >>> [cell["source"] for cell in merged.notebook["cells"]]
        ['X', 'mine']
        >>> [change.id for change in merged.kept]
        ['b']
    """
    old, new = _by_id(base or {"cells": []}), _by_id(theirs)
    notebook = _with_ids(mine, old, new)
    own = _by_id(notebook)
    result, next_base = Merged(notebook, copy.deepcopy(theirs)), {}
    cells = {}
    for id in [*own, *(id for id in {**new, **old} if id not in own)]:
        change, cell, next_base[id] = _decide(id, old.get(id), new.get(id), own.get(id))
        if cell is not None:
            cells[id] = cell
        if change is not None:
            (result.done if next_base[id] is change.theirs else result.kept).append(change)
    order = _order(list(old) or list(new), list(new), list(own), cells)
    notebook["cells"] = [cells[id] for id in order]
    came = {id: cell for id, cell in next_base.items() if cell is not None}
    left = [id for id in new if id in came]
    result.base["cells"] = [came[id] for id in _woven(left, list(old), came)]
    result.moved = _moved(list(old), list(new), list(own))
    first = base or theirs
    notebook["metadata"] = _merged_metadata(first, theirs, notebook)
    minor = [version.get("nbformat_minor", 5) for version in (theirs, notebook)]
    notebook["nbformat_minor"] = max(5, *minor)  # the first with ids
    place = {id: number for number, id in enumerate([*order, *new])}
    for changes in (result.done, result.kept):
        changes.sort(key=lambda change: place.get(change.id, -1))
    return result


def text(cell: Cell) -> str:
    """Give the text of a cell.

    Args:
        cell: of a notebook, as JSON has it.

    Returns:
        Its source, without Windows' line ends.
    """
    source = cell.get("source", "")
    return (source if isinstance(source, str) else "".join(source)).replace("\r\n", "\n")


def same(one: Cell | None, other: Cell | None) -> bool:
    """Tell whether two cells are the same to a reader; space at the end doesn't count.

    Args:
        one: a cell, or None.
        other: a cell, or None.

    Returns:
        Whether kind, text and pictures are the same.
    """
    if one is None or other is None:
        return one is other
    return _essence(one) == _essence(other)


def _essence(cell: Cell) -> tuple:
    return cell.get("cell_type"), text(cell).rstrip(), cell.get("attachments") or {}


def _tags(cell: Cell) -> list:
    return sorted(cell.get("metadata", {}).get("tags", []))


def _by_id(notebook: dict) -> dict[str, Cell]:
    return {cell["id"]: cell for cell in notebook["cells"] if "id" in cell}


def _with_ids(notebook: dict, old: dict[str, Cell], new: dict[str, Cell]) -> dict:
    """Copy a notebook whose cells have an id each: that of the course's cell, where it is one."""
    notebook = copy.deepcopy(notebook)
    taken: set[str] = set()
    strangers = []
    for cell in notebook["cells"]:
        id = cell.get("id") or cell.get("metadata", {}).get("id")
        if isinstance(id, str) and id in {**old, **new} and id not in taken:
            cell["id"] = id
            taken.add(id)
        else:
            strangers.append(cell)
    # Another program gave new ids, or none: text and tags tell.
    free = [(id, cell) for one in (old, new) for id, cell in one.items()]
    for cell in strangers:
        twins = (id for id, other in free if id not in taken and _twins(cell, other))
        twin = next(twins, None)
        own = cell.get("id")
        id = twin or (own if own and own not in taken else secrets.token_hex(4))
        cell["id"] = id
        taken.add(id)
    return notebook


def _twins(cell: Cell, other: Cell) -> bool:
    """Tell whether a cell is the course's under another id."""
    tags = [tag for tag in _tags(other) if tag.startswith(("exercise-", "check-"))]
    if tags and tags == [tag for tag in _tags(cell) if tag in tags]:
        return True
    return same(cell, other) and bool(text(cell).strip())


def _decide(
    id: str, base: Cell | None, theirs: Cell | None, mine: Cell | None
) -> tuple[Change | None, Cell | None, Cell | None]:
    """Give the correction, the cell that comes of it, and the cell of the next base.

    A correction has come where the cell of the next base is the course's.
    """
    if mine is not None and theirs is not None:
        return _decide_both(Change("corrected", id, base, theirs, mine))
    if mine is not None:
        change = Change("removed", id, base, None, mine)
        if base is not None and same(mine, base):
            return change, None, None
        return change if base is not None else None, mine, base  # or the learner's own
    if base is None:
        return Change("added", id, None, theirs, None), copy.deepcopy(theirs), theirs
    if theirs is not None and not same(theirs, base):
        return Change("corrected", id, base, theirs, None), None, base
    return None, None, theirs


def _decide_both(change: Change) -> tuple[Change | None, Cell | None, Cell | None]:
    base, theirs, mine = change.base, change.theirs or {}, change.mine or {}
    if same(mine, theirs) or same(base, theirs):
        cell = _with_metadata(mine, base, theirs)
        return change if _tags(cell) != _tags(mine) else None, cell, theirs
    if same(mine, base):
        return change, _corrected(mine, base, theirs), theirs
    if _is_taken_over(base, theirs, mine):
        cell = _with_metadata(mine, base, theirs)
        return change if _tags(cell) != _tags(mine) else None, cell, theirs
    return change, mine, base


def _is_taken_over(base: Cell | None, theirs: Cell, mine: Cell) -> bool:
    """Tell whether a learner wrote a correction into the own cell, beside what was there."""
    old, new, own = (Counter(_lines(cell)) for cell in (base or {}, theirs, mine))
    came, went = new - old, old - new
    if base is None or theirs.get("cell_type") != mine.get("cell_type") or not (came or went):
        return False
    is_in = all(own[line] >= new[line] for line in came)
    return is_in and all(own[line] <= new[line] for line in went)


def _lines(cell: Cell) -> list[str]:
    return [line.strip() for line in text(cell).splitlines() if line.strip()]


def _corrected(mine: Cell, base: Cell | None, theirs: Cell) -> Cell:
    """Give the corrected cell. What the old code printed would not belong to the new."""
    cell = copy.deepcopy(theirs)
    cell["metadata"] = _with_metadata(mine, base, theirs)["metadata"]
    cell["metadata"].pop("execution", None)
    return cell


def _with_metadata(mine: Cell, base: Cell | None, theirs: Cell) -> Cell:
    return {**mine, "metadata": _merged_metadata(base or theirs, theirs, mine)}


def _merged_metadata(base: dict, theirs: dict, mine: dict) -> dict:
    """Change what only the course changed."""
    old, new, own = (one.get("metadata", {}) for one in (base, theirs, mine))
    merged = copy.deepcopy(own)
    for key in {**old, **new}:
        if key != MARK and old.get(key) != new.get(key) and own.get(key) == old.get(key):
            merged.pop(key, None)
            if key in new:
                merged[key] = copy.deepcopy(new[key])
    return merged


def _in_order(first: list[str], second: list[str]) -> set[str]:
    """Give those that stand in the same order in both; the others were moved."""
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return {id for block in blocks for id in first[block.a : block.a + block.size]}


def _moved(base: list[str], theirs: list[str], mine: list[str]) -> list[str]:
    common = [id for id in base if id in theirs and id in mine]
    there = [id for id in theirs if id in common]
    moved = set(common) - _in_order(common, there)
    here = [id for id in mine if id in common]
    return [id for id in there if id in moved] if here != there else []


def _order(base: list[str], theirs: list[str], mine: list[str], cells: dict) -> list[str]:
    """Order cells as the course does; the learner's, and those that the learner moved, as there."""
    common = [id for id in base if id in theirs and id in mine]
    settled = _in_order(common, [id for id in mine if id in common])
    order = [id for id in theirs if id in cells and (id not in common or id in settled)]
    return _woven(order, mine, cells)


def _woven(order: list[str], mine: list[str], cells: dict) -> list[str]:
    """Put in what else there is, each behind the cell that it follows in the learner's."""
    after = 0
    for id in mine:
        if id not in cells:
            continue
        if id not in order:
            order.insert(after, id)
        after = order.index(id) + 1
    return order
