"""What may stand in a place of a solution instead: one operator a kind of error.

An operator takes a place and yields the nodes that may stand there; None leaves the place empty.
"""

import ast
from collections.abc import Iterator

from strength.places import Place

ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
}
# The other side of the border, then the opposite.
COMPARISON = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
PAIRS = (
    "min max, mean sum, argmax argmin, maximum minimum, floor ceil, zeros ones, all any, std var, "
    "cos sin, exp log, log2 log, assign_add assign_sub, reduce_mean reduce_sum, "
    "reduce_max reduce_min, reduce_std reduce_variance, reduce_all reduce_any"
)
OTHER = {one: two for pair in PAIRS.split(", ") for one, two in (pair.split(), pair.split()[::-1])}
OTHER |= {"assign": "assign_add", "log": "exp"}
SYMMETRIC = {"max", "min", "maximum", "minimum"}
OPTIONS = {"same": "valid", "valid": "same"}
# -1 and 1 are the same axis of a matrix, so they don't stand for each other.
AXES = {0: (1, None), 1: (0, None), -1: (0, None)}


def swapped_operator(place: Place) -> Iterator[ast.AST]:
    """`a + b` becomes `a - b`, also in `a += b`."""
    if new := ARITHMETIC.get(type(place.node)):
        yield new()


def compared(place: Place) -> Iterator[ast.AST]:
    """`a < b` becomes `a <= b` and `a >= b`."""
    for new in COMPARISON.get(type(place.node), ()):
        yield new()


def logic(place: Place) -> Iterator[ast.AST]:
    """`and` becomes `or`, `not a` becomes `a`, True becomes False, a condition its opposite."""
    match place.node:
        case ast.And():
            yield ast.Or()
        case ast.Or():
            yield ast.And()
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
    # A comparison's opposite is made by `compared`.
    if place.field in ("test", "ifs") and not isinstance(place.node, ast.Compare):
        yield ast.UnaryOp(ast.Not(), place.node)


def sign(place: Place) -> Iterator[ast.AST]:
    """`-a` becomes `a`; an axis is not a number with a sign."""
    match place.node:
        case ast.UnaryOp(ast.USub(), operand) if not names_axis(place):
            yield operand


def number(place: Place) -> Iterator[ast.AST]:
    """A number becomes one more, one less, zero, and twice as much."""
    match place.node:
        case ast.Constant(bool()):
            return
        case ast.Constant(int() | float() as value) if not names_axis(place):
            for new in (value + 1, value - 1, 0 * value, 2 * value):
                positive = ast.Constant(abs(new))
                yield ast.UnaryOp(ast.USub(), positive) if new < 0 else positive
        case ast.Constant(str(value)) if value in OPTIONS:
            yield ast.Constant(OPTIONS[value])


def names_axis(place: Place) -> bool:
    """Whether this is the one number of `axis=`, or stands in it behind a sign."""
    holder = place.parent
    if isinstance(holder.node, ast.UnaryOp):
        holder = holder.parent
    return isinstance(holder.node, ast.keyword) and holder.node.arg == "axis"


def axis(place: Place) -> Iterator[ast.AST]:
    """`axis=1` becomes `axis=0` and `axis=None`."""
    match place.node:
        case ast.keyword("axis", ast.Constant(value)):
            others = AXES.get(value, ())
        case ast.keyword("axis", ast.UnaryOp(ast.USub(), ast.Constant(value))):
            others = AXES.get(-value, ())
        case _:
            return
    for new in others:
        yield ast.keyword("axis", ast.Constant(new))


def arguments(place: Place) -> Iterator[ast.AST | None]:
    """An argument is left out, but for the only one, or the first two come the other way round."""
    match place.node:
        case ast.Call(function, [first, second, *rest], keywords) if (
            getattr(function, "attr", getattr(function, "id", "")) not in SYMMETRIC
        ):
            yield ast.Call(function, [second, first, *rest], keywords)
    match place.parent.node:
        case ast.Call(_, args, keywords) if place.node in args and len(args + keywords) > 1:
            yield None
        case ast.Call(_, _, keywords) if place.node in keywords:
            yield None


def called(place: Place) -> Iterator[ast.AST]:
    """`max` becomes `min`, `np.mean` becomes `np.sum`."""
    if place.field != "func":
        return
    match place.node:
        case ast.Name(name) if name in OTHER:
            yield ast.Name(OTHER[name])
        case ast.Attribute(value, name) if name in OTHER:
            yield ast.Attribute(value, OTHER[name])


def bounds(place: Place) -> Iterator[ast.AST | None]:
    """A bound of a slice is left out; one of a slice or a range is one more, one less."""
    match place.parent.node:
        case ast.Slice():
            yield None
        case ast.Call(ast.Name("range")) if place.field == "args":
            pass
        case _:
            return
    if not isinstance(place.node, ast.Constant):  # that is changed by `number`
        yield ast.BinOp(place.node, ast.Add(), ast.Constant(1))
        yield ast.BinOp(place.node, ast.Sub(), ast.Constant(1))


def statement(place: Place) -> Iterator[ast.AST]:
    """A statement or a decorator is left out; not a return at the end, which is `result`'s."""
    if place.field == "decorator_list":
        yield None
    if not isinstance(place.node, ast.stmt) or isinstance(place.node, ast.Pass):
        return
    top = isinstance(place.parent.node, ast.Module)
    if top and isinstance(place.node, ast.FunctionDef | ast.ClassDef):
        return
    siblings = getattr(place.parent.node, place.field)
    if isinstance(place.node, ast.Return) and place.node is siblings[-1]:
        return
    yield None if len(siblings) > 1 or top else ast.Pass()


def result(place: Place) -> Iterator[ast.AST]:
    """What is returned or yielded becomes None; a pair comes the other way round."""
    if place.field == "value" and isinstance(place.parent.node, ast.Return | ast.Yield):
        yield ast.Constant(None)
        match place.node:
            case ast.Tuple([first, second, *rest]):
                yield ast.Tuple([second, first, *rest])


OPERATORS = {
    "comparison": compared,
    "number": number,
    "operator": swapped_operator,
    "axis": axis,
    "argument": arguments,
    "function": called,
    "bound": bounds,
    "logic": logic,
    "sign": sign,
    "statement": statement,
    "result": result,
}
