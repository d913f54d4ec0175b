"""The solution of an exercise, shown in any program that opens notebooks."""

from dataclasses import dataclass

from workshop.messages import say


@dataclass(frozen=True)
class Solution:
    """The text that fills the cell of an exercise.

    As the last line of a cell it shows itself: as code in a notebook, as plain text in a terminal.

    Args:
        exercise: lesson and number, such as `"2-1"`.
        code: Python.

    Example:
        >>> Solution("0-1", "def add(a, b):\\n    return a + b")
        def add(a, b):
            return a + b
        <BLANKLINE>
        Copy this into the cell of exercise 0-1 and run that cell, then its check.
    """

    exercise: str
    code: str

    def __repr__(self) -> str:
        return f"{self.code}\n\n{self._what_next()}"

    def _repr_markdown_(self) -> str:
        # Markdown follows the theme and highlights Python in JupyterLab, Notebook, VS Code, Colab.
        return f"```python\n{self.code}\n```\n\n{self._what_next()}"

    def _what_next(self) -> str:
        return say(
            "Copy this into the cell of exercise {number} and run that cell, then its check.",
            number=self.exercise,
        )


def solution_of(exercise: str) -> Solution:
    """Find the solution of an exercise, wherever the kernel was started.

    Args:
        exercise: lesson and number, such as `"2-1"`.

    Returns:
        What shows itself.

    Raises:
        LessonError: there is no solution, or more than one.

    Example:
        >>> print(solution_of("0-1").code)
        def add(a, b):
            return a + b
    """
    from workshop.course import solutions

    return Solution(exercise, solutions.text(exercise))
