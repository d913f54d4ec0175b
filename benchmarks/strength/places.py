"""The places of a syntax tree: where a node hangs, and how another one gets there for a while."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Place:
    """Where a node hangs in the tree: in a field of its parent, in a list there or alone."""

    parent: "Place | None"
    field: str
    index: int | None
    node: ast.AST

    @contextmanager
    def holding(self, new: list[ast.AST]) -> Iterator[None]:
        """Put other nodes in this place for a while; more or less than one only in a list."""
        siblings = getattr(self.parent.node, self.field)
        if self.index is None:
            changed = new[0] if new else None
        else:
            changed = siblings[: self.index] + new + siblings[self.index + 1 :]
        setattr(self.parent.node, self.field, changed)
        yield
        setattr(self.parent.node, self.field, siblings)

    @property
    def line(self) -> int:
        """The line of the solution that it stands in."""
        return getattr(self.node, "lineno", None) or self.parent.line


def places(tree: ast.Module) -> Iterator[Place]:
    """Go through the nodes of a tree, from top to bottom; what is printed is left out."""
    waiting = [Place(None, "", None, tree)]
    while waiting:
        place = waiting.pop()
        if is_print(place.node):
            continue
        if place.parent:
            yield place
        below = []
        for field, value in ast.iter_fields(place.node):
            if isinstance(value, list):
                below += [Place(place, field, k, one) for k, one in enumerate(value)]
            else:
                below.append(Place(place, field, None, value))
        waiting += [one for one in reversed(below) if isinstance(one.node, ast.AST)]


def is_print(node: ast.AST) -> bool:
    """Whether a node only prints, also in a loop, says how much to print, or is a docstring."""
    match node:
        case ast.keyword("verbose"):
            return True
        case ast.For(body=body):
            return all(map(is_print, body))
        case ast.Expr(ast.Call(ast.Name("print"))) | ast.Expr(ast.Constant(str())):
            return True
    return False
