"""Three versions of a lesson become one: by cases, and by hundreds of random pairs of edits."""

import copy
import json
import random
import subprocess
from collections import Counter

import nbformat
import pytest
from nbformat import v4

from workshop.course import editions, lessons
from workshop.update.merge import MARK, merge, same, text

PAIRS = 300
LESSON = "notebooks/02_softmax.ipynb"


def notebook(*cells):
    made = []
    for cell in cells:
        id, source = cell.split(":")
        made.append(v4.new_code_cell(source, id=id, metadata={"tags": []}))
    return v4.new_notebook(cells=made)


def shown(merged):
    return [f"{cell['id']}:{text(cell)}" for cell in merged.notebook["cells"]]


def named(changes):
    return [f"{change.what} {change.id}" for change in changes]


BASE = ("a:1", "b:2", "c:3", "d:4")


@pytest.mark.parametrize(
    ("theirs", "mine", "result", "done", "kept"),
    [
        # the course's corrections alone, and the learner's alone
        (("a:1", "b:20", "c:3", "d:4"), BASE, ("a:1", "b:20", "c:3", "d:4"), ["corrected b"], []),
        (BASE, ("a:1", "b:mine", "c:3"), ("a:1", "b:mine", "c:3"), [], []),
        # in cells side by side, and in the same one
        (("a:10", "b:2", "c:3", "d:4"), ("a:1", "b:m", "c:3", "d:4"),
         ("a:10", "b:m", "c:3", "d:4"), ["corrected a"], []),
        (("a:10", "b:2", "c:3", "d:4"), ("a:m", "b:2", "c:3", "d:4"),
         ("a:m", "b:2", "c:3", "d:4"), [], ["corrected a"]),
        (("a:10", "b:2", "c:3", "d:4"), ("a:10", "b:2", "c:3", "d:4"),
         ("a:10", "b:2", "c:3", "d:4"), [], []),
        # inserted beside each other, at the end and at the top
        (("a:1", "n:5", "b:2", "c:3", "d:4"), ("a:1", "m:6", "b:2", "c:3", "d:4"),
         ("a:1", "m:6", "n:5", "b:2", "c:3", "d:4"), ["added n"], []),
        ((*BASE, "n:5"), (*BASE, "m:6"), (*BASE, "m:6", "n:5"), ["added n"], []),
        (("n:5", *BASE), ("m:6", *BASE), ("m:6", "n:5", *BASE), ["added n"], []),
        # deleted by the learner, by the course, and by both
        (("a:1", "b:20", "c:3", "d:4"), ("a:1", "c:3", "d:4"), ("a:1", "c:3", "d:4"),
         [], ["corrected b"]),
        (("a:1", "c:3", "d:4"), BASE, ("a:1", "c:3", "d:4"), ["removed b"], []),
        (("a:1", "c:3", "d:4"), ("a:1", "b:m", "c:3", "d:4"), ("a:1", "b:m", "c:3", "d:4"),
         [], ["removed b"]),
        (("a:1", "c:3", "d:4"), ("a:1", "c:3", "d:4"), ("a:1", "c:3", "d:4"), [], []),
        # moved by the course, with the learner's own cell behind it; moved by the learner
        (("b:2", "c:3", "a:1", "d:4"), ("a:1", "m:6", "b:2", "c:3", "d:4"),
         ("b:2", "c:3", "a:1", "m:6", "d:4"), [], []),
        (("a:1", "b:2", "c:30", "d:4"), ("d:4", "a:1", "b:2", "c:3"),
         ("d:4", "a:1", "b:2", "c:30"), ["corrected c"], []),
    ],
)  # fmt: skip
def test_what_the_course_changed_comes_and_what_the_learner_changed_stays(
    theirs, mine, result, done, kept
):
    merged = merge(notebook(*BASE), notebook(*theirs), notebook(*mine))
    assert shown(merged) == list(result)
    assert named(merged.done) == done
    assert named(merged.kept) == kept


def test_a_moved_cell_is_named_and_moves_once():
    base, theirs = notebook(*BASE), notebook("b:2", "c:3", "d:4", "a:1")
    merged = merge(base, theirs, base)
    assert merged.moved == ["a"]
    assert merge(merged.base, theirs, merged.notebook).moved == []


def test_what_was_kept_is_offered_again_until_it_is_there():
    base, theirs = notebook("a:1", "b:2"), notebook("a:10", "b:20")
    mine = notebook("a:1", "b:m")
    first = merge(base, theirs, mine)
    again = merge(first.base, theirs, first.notebook)
    assert (named(again.done), named(again.kept)) == ([], ["corrected b"])
    taken = notebook("a:10", "b:20")
    assert named(merge(first.base, theirs, taken).kept) == []
    settled = merge(first.base, theirs, taken).base
    after = merge(settled, theirs, notebook("a:10", "b:later"))
    assert named(after.kept) == []


@pytest.mark.parametrize(
    ("mine", "kept"),
    [
        ("x = 2\nprint(x)\n# mine", []),
        ("if True:\n    x = 2\n    print(x)", []),
        ("x = 1\nx = 2\nprint(x)", ["corrected a"]),  # what the course took out is still there
        ("x = 3\nprint(x)", ["corrected a"]),
        ("print(x)", ["corrected a"]),
    ],
)
def test_a_correction_that_the_learner_wrote_beside_the_own_lines_is_not_offered_again(mine, kept):
    base, theirs = v4.new_notebook(), v4.new_notebook()
    base.cells, theirs.cells = (
        [v4.new_code_cell(source, id="a")] for source in ("x = 1\nprint(x)", "x = 2\nprint(x)")
    )
    own = v4.new_notebook(cells=[v4.new_code_cell(mine, id="a")])
    merged = merge(base, theirs, own)
    assert (named(merged.done), named(merged.kept)) == ([], kept)
    assert shown(merged) == [f"a:{mine}"]


def test_an_older_file_saved_over_the_update_gets_it_again():
    base, theirs = notebook("a:1", "b:2"), notebook("a:10", "b:2")
    mine = notebook("a:1", "b:m")
    merge(base, theirs, mine)
    assert shown(merge(base, theirs, mine)) == ["a:10", "b:m"]


def test_outputs_stay_where_the_code_did():
    base = notebook("a:1", "b:2")
    mine = copy.deepcopy(base)
    for cell in mine.cells:
        cell.outputs, cell.execution_count = [v4.new_output("stream", text="ran")], 7
    merged = merge(base, notebook("a:10", "b:2"), mine)
    corrected, untouched = merged.notebook["cells"]
    assert corrected["outputs"] == []
    assert corrected["execution_count"] is None
    assert untouched["outputs"][0]["text"] == "ran"
    assert untouched["execution_count"] == 7


def test_a_tag_reaches_a_cell_that_the_learner_filled():
    base, theirs, mine = notebook("a:..."), notebook("a:..."), notebook("a:answer")
    theirs.cells[0].metadata.tags = ["exercise-2-1"]
    mine.cells[0].metadata.collapsed = True
    merged = merge(base, theirs, mine)
    (cell,) = merged.notebook["cells"]
    assert text(cell) == "answer"
    assert cell["metadata"] == {"tags": ["exercise-2-1"], "collapsed": True}
    assert named(merged.done) == ["corrected a"]


def test_windows_line_ends_and_space_at_the_end_are_no_change():
    base, theirs = notebook("a:x = 1\ny = 2"), notebook("a:x = 1\ny = 3")
    mine = notebook("a:x = 1\r\ny = 2\r\n\r\n")
    assert shown(merge(base, theirs, mine)) == ["a:x = 1\ny = 3"]


@pytest.mark.parametrize("how", ["none", "other", "of Colab", "twice"])
def test_cells_without_their_ids_are_known_by_text_and_tag(how):
    base, theirs = notebook("a:1", "b:...", "c:3"), notebook("a:10", "b:...", "c:30")
    for one in (base, theirs):
        one.cells[1].metadata.tags = ["exercise-2-1"]
    mine = copy.deepcopy(base)
    mine.cells[1].source = "answer"
    for number, cell in enumerate(mine.cells):
        if how == "of Colab":
            cell.metadata.id = cell.id
        del cell["id"]
        if how == "other":
            cell["id"] = f"other-{number}"
    if how == "twice":
        mine.cells.append(copy.deepcopy(mine.cells[0]))
    merged = merge(base, theirs, mine)
    assert shown(merged)[:3] == ["a:10", "b:answer", "c:30"]
    assert len({cell["id"] for cell in merged.notebook["cells"]}) == len(mine.cells)
    nbformat.validate(nbformat.from_dict(merged.notebook))


def test_without_a_base_nothing_of_the_learner_s_goes():
    merged = merge(None, notebook("a:10", "b:2", "n:5"), notebook("a:1", "m:6", "b:2"))
    assert shown(merged) == ["a:1", "m:6", "b:2", "n:5"]
    assert named(merged.kept) == ["corrected a"]


def test_the_notebook_s_own_metadata_stay_the_learner_s():
    base, theirs, mine = notebook("a:1"), notebook("a:1"), notebook("a:1")
    theirs.metadata.kernelspec = {"name": "new"}
    theirs.metadata.title = "new"
    mine.metadata.kernelspec = {"name": "mine"}
    mine.metadata[MARK] = {"base": "0"}
    merged = merge(base, theirs, mine).notebook["metadata"]
    assert merged == {"kernelspec": {"name": "mine"}, "title": "new", MARK: {"base": "0"}}


def test_nothing_that_is_handed_in_changes():
    versions = notebook("a:1", "b:2"), notebook("b:20", "a:1"), notebook("a:m", "b:2", "c:3")
    before = copy.deepcopy(versions)
    merge(*versions)
    assert versions == before


# Random edits of a real lesson.


def edited(original, who, random_):
    """Edit some cells, each line with a name of its own."""
    new = copy.deepcopy(original)
    cells = new.cells
    for number in range(random_.randint(1, 6)):
        place = random_.randrange(len(cells))
        line = f"# {who} {number} {random_.random()}"
        what = random_.choice(["line", "line", "append", "replace", "insert", "delete", "move"])
        cell = cells[place]
        if what == "line":
            lines = cell.source.split("\n")
            lines.insert(random_.randint(0, len(lines)), line)
            cell.source = "\n".join(lines)
        elif what == "append":
            cell.source += f"\n{line}"
        elif what == "replace":
            cell.source = line
        elif what == "insert":
            id = f"{who}-{random_.randrange(10**8)}"
            cells.insert(place, v4.new_code_cell(line, id=id))
        elif what == "delete":
            del cells[place]
        else:
            cells.insert(random_.randrange(len(cells)), cells.pop(place))
    return new


def lines_of(one):
    return Counter(line for cell in one["cells"] for line in text(cell).split("\n"))


def written_by(who, one):
    return {line for line in lines_of(one) if line.startswith(f"# {who} ")}


@pytest.fixture(scope="module")
def pairs():
    """Versions of a lesson: the original, the course's and the learner's."""
    original = lessons.parse(editions.delivered(LESSON), LESSON)
    made = []
    for seed in range(PAIRS):
        random_ = random.Random(seed)
        theirs, mine = edited(original, "course", random_), edited(original, "learner", random_)
        made.append((original, theirs, mine))
    return made


def test_random_edits_lose_no_line_of_the_learner_and_name_each_correction_that_stays_out(pairs):
    lost = 0
    for base, theirs, mine in pairs:
        merged = merge(base, theirs, mine)
        result = nbformat.from_dict(merged.notebook)
        nbformat.validate(result)
        ids = [cell.id for cell in result.cells]
        assert len(set(ids)) == len(ids)
        assert written_by("learner", mine) <= written_by("learner", result)
        own = {cell.id: cell for cell in mine.cells}
        old = {cell.id: cell for cell in base.cells}
        assert not set(ids) & (set(old) - set(own))  # what the learner deleted
        # A correction that did not come is named, and the learner changed that cell, too.
        missing = written_by("course", theirs) - written_by("course", result)
        offered = {
            line for one in merged.kept if one.theirs for line in text(one.theirs).split("\n")
        }
        assert missing <= offered
        assert all(not same(own.get(one.id), old.get(one.id)) for one in merged.kept)
        lost += bool(merged.kept)
    assert 0 < lost < PAIRS / 2


def test_random_edits_come_once_and_keep_the_learner_s_order(pairs):
    for base, theirs, mine in pairs:
        merged = merge(base, theirs, mine)
        again = merge(merged.base, theirs, merged.notebook)
        assert again.notebook["cells"] == merged.notebook["cells"]
        assert not (again.done or again.moved)
        assert named(again.kept) == named(merged.kept)
        # Whose cells the course did not move stand as the learner has them.
        alone = merge(base, base, mine)
        assert alone.notebook["cells"] == mine.cells
        assert merge(base, theirs, base).notebook["cells"] == theirs.cells


def test_a_merge_by_lines_gives_ids_twice_where_one_by_cells_does_not(pairs, tmp_path):
    """Why cells, and not git's lines: the same pairs, as nbgitpuller merges them."""
    twice = 0
    for pair in pairs[:100]:
        files = []
        for name, one in zip(("base", "theirs", "mine"), pair, strict=True):
            files.append(tmp_path / name)
            files[-1].write_text(nbformat.writes(one), encoding="utf-8")
        base, theirs, mine = files
        command = ["git", "merge-file", "-p", "--ours", mine, base, theirs]
        done = subprocess.run(command, capture_output=True, check=True)
        ids = [cell.get("id") for cell in json.loads(done.stdout)["cells"]]
        twice += len(set(ids)) < len(ids)
    assert twice
