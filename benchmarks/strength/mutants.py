"""Mutants of a solution: texts that differ from it in one place, in a way that people err.

Texts are left alone, but for options such as "same", and so is what is printed: no check reads
them.
"""

import ast
import random
from dataclasses import dataclass
from itertools import zip_longest

from strength.operators import OPERATORS
from strength.places import places


@dataclass(frozen=True)
class Mutant:
    """A text that differs from the solution in one place.

    Args:
        kind: the name of the operator.
        source: the whole text.
        line: the line of the solution that is changed.
        before: what stands there, one statement a line and without comments.
        after: what stands there in the mutant; "" where it is deleted.
    """

    kind: str
    source: str
    line: int
    before: str
    after: str

    @property
    def change(self) -> tuple[str, str]:
        """What stood there, and what stands there."""
        return self.before, self.after


def mutants(source: str) -> list[Mutant]:
    """Make all mutants of a solution.

    Args:
        source: the text of a cell; a first line such as `%%writefile name` stays.

    Returns:
        The mutants, each text once, in an order that is always the same: the first few of each
        kind come first, so that any number of them is spread over the kinds.

    Example:
        >>> [mutant.after for mutant in mutants("x = a < 1")][:3]
        ['x = a <= 1', 'x = a < 2', '']
    """
    magic, body = split_magic(source)
    tree = ast.parse(body)
    original = ast.unparse(tree)
    seen, kinds = {original}, {kind: [] for kind in OPERATORS}
    for place in places(tree):
        for kind, operator in OPERATORS.items():
            for new in operator(place):
                with place.holding([] if new is None else [new]):
                    text = ast.unparse(tree)
                if text not in seen and compiles(text):
                    seen.add(text)
                    before, after = difference(original, text)
                    line = place.line + magic.count("\n")
                    kinds[kind].append(Mutant(kind, magic + text, line, before, after))
    for group in kinds.values():
        random.Random(0).shuffle(group)
    return [mutant for row in zip_longest(*kinds.values()) for mutant in row if mutant]


def split_magic(source: str) -> tuple[str, str]:
    """Part a cell's first line from the rest, if it is IPython's, such as `%%writefile name`."""
    if not source.startswith("%%"):
        return "", source
    first, _, rest = source.partition("\n")
    return f"{first}\n", rest


def compiles(text: str) -> bool:
    """Whether this is Python: not every place may hold what an operator puts there."""
    try:
        compile(text, "<mutant>", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def difference(original: str, text: str) -> tuple[str, str]:
    """Give the lines in which two texts differ, of each, without what is equal around them."""
    one, two = original.splitlines(), text.splitlines()
    while one and two and one[0] == two[0]:
        del one[0], two[0]
    while one and two and one[-1] == two[-1]:
        del one[-1], two[-1]
    return tuple("\n".join(line.strip() for line in lines if line) for lines in (one, two))
