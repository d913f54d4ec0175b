"""A lesson that ran becomes a page: hints and solutions folded, checks left out."""

import html
import re
from collections.abc import Callable

from nbformat import NotebookNode, v4

from workshop.book import terms
from workshop.book.executed import FULL
from workshop.course import lessons, solutions
from workshop.messages import say

HINT = re.compile(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>\n?", re.DOTALL)
CODE = re.compile(r"<code>(.*?)</code>", re.DOTALL)
HOW_TO_SEE = re.compile(r"^Solution: .*?(?:\n\n|\Z)", re.DOTALL | re.MULTILINE)
CHECK_TAG = re.compile(r"check-\d+[a-z]?-\d+")
# A fence, a line of code, or a link's or picture's target: only the last is asked for.
TARGET = re.compile(r"(```.*?```|`[^`\n]+`)|(\]\()([^)\s]+)(\))", re.DOTALL)
HREF = re.compile(r'(href=")([^"#:]+\.ipynb)(#[^"]*)?(")')


def page(notebook: NotebookNode, *, name: str, kind: str, paper: bool, find: Callable) -> None:
    """Make a lesson a page of the book, in place.

    Args:
        notebook: the lesson, with outputs.
        name: its file's name without `.ipynb`.
        kind: of the data that it ran on, `"full"` or `"sample"`.
        paper: whether there is a PDF of it.
        find: gives, for the target of a link as the lesson has it, the one that the book needs.
    """
    about = _about(kind if _reads_mnist(notebook) else None)
    cells = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if any(CHECK_TAG.fullmatch(tag) for tag in tags):
            continue
        if cell.cell_type == "markdown":
            cell.source = with_links(folded(HOW_TO_SEE.sub("", cell.source)).rstrip(), find)
        else:
            cell.outputs = [_as_page(output, find) for output in cell.outputs]
        cells.append(cell)
        if number := lessons.exercise_number(cell):
            cells.append(v4.new_markdown_cell(solution(number)))
    terms.link_first_uses(cells, name)
    head = "\n\n".join([about, _paper(name)] if paper else [about])
    cells.insert(1, v4.new_markdown_cell(head))
    notebook.cells = cells


def folded(text: str) -> str:
    """Write hints as folds whose text is Markdown: its code, and its formulas, are set as such.

    Example:
        >>> print(folded("<details><summary>Hint</summary>Use <code>a &lt; b</code>.</details>"))
        <details class="hint"><summary>Hint</summary>
        <BLANKLINE>
        Use `a < b`.
        <BLANKLINE>
        </details>
        <BLANKLINE>
    """

    def written(match) -> str:
        head, body = match.groups()
        body = CODE.sub(lambda code: _in_backticks(html.unescape(code[1])), body).strip()
        return f'<details class="hint"><summary>{head}</summary>\n\n{body}\n\n</details>\n'

    return HINT.sub(written, text)


def solution(number: str) -> str:
    """Write the solution of an exercise as a fold.

    Args:
        number: such as `"2-1"`.
    """
    head = say("Solution of {number}", number=number)
    code = solutions.text(number)
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", code)), 3)
    # Python's highlighter knows no line that writes a cell to a file.
    language = "text" if code.startswith("%%") else "python"
    return (
        f'<details class="solution"><summary>{head}</summary>\n\n'
        f"{fence}{language}\n{code}\n{fence}\n\n</details>"
    )


def with_links(text: str, find: Callable[[str], str]) -> str:
    """Give the links of a Markdown text other targets; code stays as it is.

    Args:
        text: Markdown.
        find: gives the new target for one that is a path.

    Example:
        >>> with_links("[a](b.md), `[a](b.md)`, [c](#d)", str.upper)
        '[a](B.MD), `[a](b.md)`, [c](#d)'
    """

    def written(match) -> str:
        code, before, target, after = match.groups()
        if code or re.match(r"#|[a-z]+:", target):
            return match.group()
        return f"{before}{find(target)}{after}"

    return TARGET.sub(written, text)


def _in_backticks(code: str) -> str:
    return f"`` {code} ``" if "`" in code else f"`{code}`"


def _as_page(output: NotebookNode, find: Callable[[str], str]) -> NotebookNode:
    """Have what a cell shows as HTML link to pages, as the map of the course does."""

    def written(match) -> str:
        before, target, fragment, after = match.groups()
        found = re.sub(r"\.ipynb$", ".html", find(target))
        return f"{before}{found}{fragment or ''}{after}"

    data = output.get("data", {})
    if "text/html" in data:
        data["text/html"] = HREF.sub(written, data["text/html"])
    return output


def _reads_mnist(notebook: NotebookNode) -> bool:
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return "mnist" in "\n".join(code).lower()


def _about(kind: str | None) -> str:
    if kind is None:
        return say("*This page is a run of the notebook, on a processor.*")
    if kind == FULL:
        return say("*This page is a run of the notebook on the full MNIST, on a processor.*")
    return say(
        "*This page is a run of the notebook on the packaged sample of MNIST, on a processor: "
        "accuracies are lower than on the full data.*"
    )


def _paper(name: str) -> str:
    said = say("This lesson as a PDF")
    return f'<a class="paper" href="../pdf/{name}.pdf">{said}</a>'
