"""What a learner reads where a lesson asks the package for a name that it does not have.

So it is where the package was renewed and a learner's copy of a lesson was not: an exercise has
moved, a plot has another name. Python's own words for that lead nobody to the cure.
"""

import re
from types import ModuleType

from workshop.course import editions
from workshop.messages import say

OURS = "workshop"


def install(shell) -> None:
    """Have a shell say more of such an error, below what Python says.

    Args:
        shell: an `IPython.core.interactiveshell.InteractiveShell`.
    """

    def show(shell, kind, error, traceback, tb_offset=None):
        if more := words(error):
            error.add_note(more)
        shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)

    shell.set_custom_exc((AttributeError, ImportError), show)


def words(error: BaseException) -> str | None:
    """Say what to do where a module of the course lacks a name.

    Args:
        error: an `AttributeError` or `ImportError`.

    Returns:
        Some sentences; None where the error is of another kind.

    Example:
        >>> import workshop.plots
        >>> try:
        ...     workshop.plots.no_such_plot
        ... except AttributeError as error:
        ...     print(words(error).split(".")[0])
        The course's package does not have workshop
        >>> words(ImportError("No module named 'numpie'", name="numpie")) is None
        True
    """
    if isinstance(error, ImportError):
        # Python 3.11 has the name in its words only.
        lacking = re.match(r"cannot import name '(\w+)'", str(error))
        module, name = error.name, lacking and lacking[1]
    else:
        of, name = getattr(error, "obj", None), getattr(error, "name", None)
        module = of.__name__ if isinstance(of, ModuleType) else None
    if not module or module.split(".")[0] != OURS:
        return None
    return say(
        "The course's package does not have {name} (edition {edition}). Unless you wrote this name "
        "yourself, your copy of the lesson is of another edition. To correct it and keep what "
        "you wrote, run in a terminal: workshop update NN (NN is the lesson's number). If that is "
        "not enough, workshop reset NN gets the lesson that goes with the package, and keeps your "
        "copy beside it.",
        **{"name": f"{module}.{name}" if name else module, "edition": editions.current()},
    )
