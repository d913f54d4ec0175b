"""A text in its blocks: nothing is lost, and what belongs together stays together."""

import pytest

from workshop.course import lessons
from workshop.slides import blocks


def test_folds_and_fences_keep_their_blank_lines():
    fold = "<details><summary>Hint</summary>\n\n# no heading\n\n</details>"
    fence = "```python\na = 1\n\n# no heading\n```"
    assert blocks.blocks(f"One.\n{fold}\n\n{fence}\ntwo") == ["One.", fold, f"{fence}\ntwo"]


def test_hints_without_a_blank_line_between_them_are_two():
    hint = "<details><summary>Hint</summary>One\nword.</details>"
    assert blocks.blocks(f"{hint}\n{hint}") == [hint, hint]


@pytest.mark.parametrize("path", lessons.paths(), ids=lambda path: path.stem)
def test_no_line_of_a_lesson_is_lost(path):
    for cell in lessons.read(path).cells:
        if cell.cell_type == "markdown":
            kept = "\n".join(blocks.blocks(cell.source)).split()
            assert kept == cell.source.split()
