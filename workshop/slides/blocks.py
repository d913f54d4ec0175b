"""A Markdown text in its blocks: headings, paragraphs, lists, tables, fences, folds."""

GUESS = "**Your guess**"
FOLD, FENCE = "<details", "```"


def blocks(text: str) -> list[str]:
    """Cut a text at its blank lines; what a fence or a fold holds stays together.

    Args:
        text: Markdown, as a lesson's cells have it.

    Returns:
        The blocks in their order, without blank lines around them.

    Example:
        >>> blocks("## A\\nOne.\\n\\n- two\\n- three\\n")
        ['## A', 'One.', '- two\\n- three']
    """
    found: list[list[str]] = [[]]
    fenced = folded = False
    for line in text.splitlines():
        is_heading = not (fenced or folded) and depth(line) > 0
        if not (fenced or folded) and (not line.strip() or is_heading or line.startswith(FOLD)):
            found.append([])
        if not line.strip() and not found[-1]:
            continue
        found[-1].append(line)
        fenced ^= line.startswith(FENCE)
        folded = not fenced and (folded or line.startswith(FOLD)) and "</details>" not in line
        if is_heading:
            found.append([])
    return ["\n".join(lines) for lines in found if lines]


def depth(block: str) -> int:
    """Count the marks of a heading; 0 for any other block.

    Example:
        >>> depth("### Exercise 2-1"), depth("#hash"), depth("text")
        (3, 0, 0)
    """
    marks, space, _ = block.partition(" ")
    return len(marks) if space and marks and not marks.strip("#") else 0


def is_list(block: str) -> bool:
    """Tell whether a block is a list.

    Example:
        >>> is_list("- one"), is_list("1. one"), is_list("**one**")
        (True, True, False)
    """
    first = block.split(" ", 1)[0]
    return first in {"-", "*"} or (first.endswith(".") and first[:-1].isdigit())


def is_picture(block: str) -> bool:
    """Tell whether a block shows what words don't: a table, a formula that stands alone, a picture.

    Example:
        >>> is_picture("| a | b |"), is_picture("$$x$$"), is_picture("x")
        (True, True, False)
    """
    return block.startswith(("|", "$$", "![", "\\begin{", FENCE))
