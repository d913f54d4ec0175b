"""A lesson that ran becomes a deck: title, guess, code, picture; the rest is for who speaks."""

import ast
import dataclasses
import re

from nbformat import NotebookNode

from workshop.course import lessons, solutions
from workshop.messages import say
from workshop.slides import blocks, room
from workshop.slides.blocks import GUESS
from workshop.slides.pieces import Piece, pieces

CHECK_TAG = re.compile(r"check-\d+[a-z]?-\d+")
HOW_TO_SEE = re.compile(r"^Solution: `")
WRITES = "%%writefile"  # it says no more than that the file is written
MAGIC = re.compile(r"^%.*$", re.MULTILINE)
OBJECTIVES = "**After this lesson you can**"
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?![a-z]+:)[^)]*\)")  # to a file of the course


@dataclasses.dataclass
class Slide:
    """One slide.

    Args:
        heading: Markdown without its marks.
        kind: `"title"`, `"question"`, `"code"`, `"result"`, `"exercise"` or `"end"`.
        shown: blocks of Markdown.
        code: what the slide shows of a cell.
        pieces: what the cell put out.
        notes: blocks of Markdown for whoever speaks.
        begins: whether a section of the lesson begins here.
    """

    heading: str
    kind: str
    shown: list[str] = dataclasses.field(default_factory=list)
    code: str = ""
    pieces: list[Piece] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)
    begins: bool = False


def deck(notebook: NotebookNode) -> list[Slide]:
    """Make the slides of a lesson.

    Args:
        notebook: the lesson, with outputs.

    Returns:
        The slides in their order. A slide shows headings, guesses, tables, formulas, code and what
        it put out, and the text of exercises; all other text is in the notes: what explains a
        result with the result, what leads to a question with the question.
    """
    writer = _Writer()
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            writer.text(LINK.sub(r"\1", cell.source))
        elif cell.cell_type == "code" and not any(CHECK_TAG.fullmatch(tag) for tag in tags):
            writer.code(cell)
    writer.flush()
    return writer.slides


def is_import(source: str) -> bool:
    """Tell whether a cell is there to import, and is not for a room.

    Args:
        source: the cell's code; a call or two beside its imports make no difference.

    Example:
        >>> is_import("import keras\\nfrom workshop import plots"), is_import("import os; os.name")
        (True, False)
    """
    try:
        body = ast.parse(MAGIC.sub("", source)).body
    except SyntaxError:  # a magic in the middle of a line, or a shell's command
        return False
    imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    return len(imports) > len(body) / 2


class _Writer:
    """Goes through the cells, and keeps what waits for the next slide."""

    def __init__(self):
        self.slides: list[Slide] = []
        self._section = ""
        self._next: Slide | None = None

    def text(self, text: str) -> None:
        """Take a text cell."""
        for place, block in enumerate(blocks.blocks(text)):
            depth = blocks.depth(block)
            if depth:
                self.flush()
                self._head(block.lstrip("# "), depth)
            elif self._next is None and place == 0 and self.slides:
                self.slides[-1].notes.append(block)  # it explains what was shown
            else:
                self._put(block)

    def code(self, cell: NotebookNode) -> None:
        """Take a code cell."""
        if is_import(cell.source):
            self._waiting().notes.append(_fenced(cell.source))
            return
        slide = self._waiting()
        if number := lessons.exercise_number(cell):
            slide.notes += [say("Solution of {number}", number=number)]
            slide.notes += [_fenced(solutions.text(number))]
        self._next = None
        self._write(dataclasses.replace(slide, code=cell.source))
        if not number and not cell.source.startswith(WRITES):
            self._show([piece for output in cell.outputs for piece in pieces(output)])

    def flush(self) -> None:
        """Write the slide that waits, if there is one: a section that has no code."""
        slide, self._next = self._next, None
        if slide is None:
            return
        if not slide.shown:  # a heading alone says little: then its lists are shown
            slide.shown = [block for block in slide.notes if blocks.is_list(block)]
            slide.notes = [block for block in slide.notes if block not in slide.shown]
        if self.slides and slide.kind == "code" and not slide.shown:  # it explains the last one
            self.slides[-1].notes += slide.notes
            return
        self._write(slide)

    def _write(self, slide: Slide) -> None:
        """Add a slide, or several where one has no room for its text and code."""
        sizes = [room.height(block) for block in slide.shown]
        if sum(sizes) + room.of_code(slide.code) <= room.ROOM:
            self.slides.append(slide)
            return
        texts = room.filled(slide.shown, sizes)
        parts = [dataclasses.replace(slide, shown=some, code="") for some in texts]
        if slide.code:
            codes = room.in_parts(slide.code)
            parts += [dataclasses.replace(slide, shown=[], code=code) for code in codes]
        for later in parts[1:]:
            later.begins = False
            # Who speaks needs the hints of an exercise on each of its slides.
            later.notes = slide.notes if slide.kind == "exercise" else []
        self.slides += parts

    def _show(self, shown: list[Piece]) -> None:
        """Add what a cell put out: printed lines below their code, a picture on its own slide."""
        last = self.slides[-1]
        sizes = [room.of_piece(piece) for piece in shown]
        taken = sum(map(room.height, last.shown)) + room.of_code(last.code)
        is_drawn = any(piece.kind == "picture" for piece in shown)
        if not is_drawn and sum(sizes) + taken <= room.ROOM:
            last.pieces = shown
            return
        for some in room.filled(shown, sizes):
            is_live = any(piece.is_live for piece in some)
            notes = [say("This picture is live in the notebook: show it there.")] if is_live else []
            self.slides.append(Slide(self._section, "result", pieces=some, notes=notes))

    def _head(self, heading: str, depth: int) -> None:
        kind = {1: "title", 2: "question"}.get(depth, "exercise")
        if depth <= 2:
            self._section = heading
        self._next = Slide(heading, kind, begins=depth <= 2)

    def _waiting(self) -> Slide:
        if self._next is None:
            self._next = Slide(self._section, "code")
        return self._next

    def _put(self, block: str) -> None:
        """Show a block, or put it into the notes."""
        slide = self._waiting()
        if HOW_TO_SEE.match(block):
            return
        if slide.kind == "title":
            is_for_all = not slide.shown or blocks.is_list(block) or block.startswith(OBJECTIVES)
        elif slide.kind == "exercise":
            is_for_all = not block.startswith(blocks.FOLD)
        else:
            is_for_all = block.startswith(GUESS) or blocks.is_picture(block)
        (slide.shown if is_for_all else slide.notes).append(block)


def _fenced(code: str) -> str:
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", code)), 3)
    return f"{fence}python\n{code}\n{fence}"
