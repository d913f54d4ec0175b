"""What cells put out, made fit for a page: no place of the machine, nothing that needs a kernel."""

import html
import re

from nbformat import NotebookNode

from workshop.messages import say

VIEW = "application/vnd.jupyter.widget-view+json"
STYLE_OR_SCRIPT = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
DATA_LINE = re.compile(r"^(MNIST: the (?:packaged sample|full data), [^(\n]*?) \(.*\)$", re.M)
FRAME = re.compile(
    r'<iframe\b[^>]*\btitle="([^"]*)"[^>]*\bsrc="https?://(?:127\.0\.0\.1|localhost)\b'
)
# A figure of pictures or shapes: workshop.jupyter.words found no axis with numbers in it.
BARE = re.compile(r'alt="(Figure(?:\. (?:a picture|\d+ pictures)[^"]*|[^":]*))"')
MOST_LINES = 3  # of what a cell prints: the last ones
PICTURE = re.compile(r'(src="data:[^"]*")')


def cleaned(notebook: NotebookNode, places: dict[str, str]) -> NotebookNode:
    """Take out, in place, what belongs to the machine and the moment of a run.

    Args:
        notebook: it loses live views of widgets, whose stills stay.
        places: folders of this machine, and the name that stands in the page instead of each.

    Returns:
        The same notebook.
    """
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        shown = [one for one in cell.outputs if VIEW not in one.get("data", {})]
        cell.outputs = [one for one in shown if not _is_noise(one)]
        for output in cell.outputs:
            if "text" in output:
                output.text = without_places(output.text, places)
            data = output.get("data", {})
            if frame := FRAME.search(data.get("text/html", "")):
                data["text/html"] = _without_kernel(frame[1])
            for kind in [kind for kind in data if kind.startswith("text/")]:
                data[kind] = without_places(data[kind], places)
    return notebook


def described(notebook: NotebookNode) -> NotebookNode:
    """Give figures that have no axes the lines that their cell prints, in place.

    Args:
        notebook: a lesson with outputs.

    Returns:
        The same notebook.
    """
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        printed = "".join(one.text for one in outputs if one.output_type == "stream").splitlines()
        lines = [line.strip() for line in printed if line.strip() and not DATA_LINE.match(line)]
        if not lines:
            continue
        said = html.escape("; ".join(lines[-MOST_LINES:]))
        for data in (one.data for one in outputs if "text/html" in one.get("data", {})):
            data["text/html"] = BARE.sub(
                lambda found, said=said: f'alt="{found[1]}. {said}"', data["text/html"]
            )
    return notebook


def without_places(text: str, places: dict[str, str]) -> str:
    """Put names in the place of folders, the longest path first; pictures stay as they are.

    Example:
        >>> without_places("to /home/ada/course/runs", {"/home/ada": "~", "/home/ada/course": "."})
        'to ./runs'
        >>> without_places("MNIST: the full data, 60,000 + 10,000 digits (/srv/mnist)", {})
        'MNIST: the full data, 60,000 + 10,000 digits'
    """
    pieces = PICTURE.split(DATA_LINE.sub(r"\1", text))
    for path in sorted(places, key=len, reverse=True):
        pieces[::2] = [piece.replace(path, places[path]) for piece in pieces[::2]]
    return "".join(pieces)


def shown_html(output: NotebookNode) -> str:
    """Give the HTML of an output without its scripts and style sheets; nothing where it has none.

    Example:
        >>> from nbformat import v4
        >>> html = "<style>b {color: red}</style><b>1</b>"
        >>> shown_html(v4.new_output("display_data", {"text/html": html}))
        '<b>1</b>'
    """
    return STYLE_OR_SCRIPT.sub("", output.get("data", {}).get("text/html", ""))


def _without_kernel(title: str) -> str:
    """Say what stood in the frame of a server that ended with its kernel, such as TensorBoard's."""
    said = say("{title}: a page that a running kernel shows, in the notebook.", title=title)
    return f"<p><em>{said}</em></p>"


def _is_noise(output: NotebookNode) -> bool:
    """Whether it says nothing: an empty stream, or the name of an object beside its picture."""
    return output.output_type == "stream" and not output.text.strip()
