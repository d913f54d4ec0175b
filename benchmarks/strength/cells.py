"""Which cells of a lesson an exercise needs: those that bind or change a name that it reads.

The names are followed back through the cells. A method changes its object if its name says so
(`INPLACE`); one that trains also changes what the object was made from, as a `trainer` that wraps a
`model`. A call of a function of the lesson changes what its body changes.
"""

import ast
import re
import symtable
from dataclasses import dataclass, field

TRAINING = {"fit", "train_on_batch", "load_weights", "set_weights", "restore"}
VARIABLES = {"assign", "assign_add", "assign_sub"}
CONTAINERS = {"add", "append", "clear", "extend", "insert", "pop", "remove", "update"}
INPLACE = TRAINING | VARIABLES | CONTAINERS | {"compile", "mkdir", "reverse", "sort"}
MAGIC = re.compile(r"^\s*[%!].*$", re.M)


@dataclass
class Facts:
    """What a cell does with names.

    Args:
        reads: names that it takes from cells before, also in the functions that it defines.
        later: those of them that a function reads when it is called.
        binds: names that it gives a value.
        surely: those of them that it binds whatever happens, and does not read before.
        changes: names whose objects it changes in place.
        writes_file: whether it is the text of a file.
    """

    reads: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)
    surely: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    writes_file: bool = False


def needed(before: list[str], wanted: set[str]) -> tuple[list[int], set[str]]:
    """Choose the cells that must run before an exercise.

    Args:
        before: the texts of the code cells before it.
        wanted: the names that the exercise, its solution and its check read.

    Returns:
        The places of the cells to run, and all names that they and the exercise need. The first
        cell (the imports) and those that write a file are always among them.

    Example:
        >>> needed(["import math", "a = []", "b = 2", "a.append(3)"], {"a"})
        ([0, 1, 3], {'a'})
    """
    facts = read_facts(before)
    everything = set(wanted)
    while True:
        chosen, live = [], set(everything)
        for place in reversed(range(len(facts))):
            cell = facts[place]
            if place == 0 or cell.writes_file or (cell.binds | cell.changes) & live:
                chosen.append(place)
                live = (live - cell.surely) | cell.reads
        # What a function reads when it is called may be bound after the function is.
        more = everything.union(*(facts[place].later for place in chosen))
        if more == everything:
            return chosen[::-1], everything
        everything = more


def names_read(source: str) -> set[str]:
    """Give the names that a cell reads from outside, also in its functions."""
    return facts_of(source, {}, {}).reads


def read_facts(cells: list[str]) -> list[Facts]:
    """Say of each cell what it does; functions and wrappers are known to all of them."""
    trees = [tree_of(cell) for cell in cells]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
    made_from = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            for name in stored(node):
                made_from.setdefault(name, set()).update(handed_over(node.value))
    return [facts_of(cell, functions, made_from) for cell in cells]


def tree_of(cell: str) -> ast.Module:
    """Parse a cell without the lines that only IPython reads."""
    return ast.parse(MAGIC.sub("pass", cell))


def facts_of(cell: str, functions: dict, made_from: dict) -> Facts:
    """Say what one cell does with names."""
    if cell.startswith("%%"):
        # Its path may hold the name of a folder, `{runs}`.
        reads = set(re.findall(r"{(\w+)}", cell.partition("\n")[0]))
        return Facts(reads, writes_file=cell.startswith("%%writefile"))
    tree, surely = tree_of(cell), set()
    reads = read_by(tree.body, surely)
    binds = {name for node in here(tree) for name in stored(node)}
    later = set().union(*map(globals_of, below(table_of(tree))))
    return Facts(reads, later, binds, surely, changed(tree, functions, made_from))


def read_by(body: list[ast.stmt], bound: set[str]) -> set[str]:
    """Give the names that statements read and don't bind before; adds to `bound` what they bind.

    Loops are taken to run at least once, branches may not.
    """
    reads = set()
    for node in body:
        match node:
            case ast.For(_, iterable, inside, rest):
                reads |= names_in(iterable) - bound
                bound |= stored(node)
                reads |= read_by(inside + rest, bound)
            case ast.With(items, inside):
                for item in items:
                    reads |= names_in(item.context_expr) - bound
                    bound |= stored(item)
                reads |= read_by(inside, bound)
            case ast.While(test, inside, rest):
                reads |= names_in(test) - bound | read_by(inside + rest, bound)
            case ast.If(test, inside, rest):
                reads |= names_in(test) - bound
                reads |= read_by(inside, set(bound)) | read_by(rest, set(bound))
            case _:
                reads |= names_in(node) - bound
                bound |= stored(node)
    return reads


def names_in(node: ast.AST) -> set[str]:
    """Give the names that a node reads, also in the functions that it defines."""
    table = table_of(node)
    here = {one.get_name() for one in table.get_symbols() if one.is_referenced()}
    return here.union(*map(globals_of, below(table)))


def table_of(node: ast.AST) -> symtable.SymbolTable:
    """Make Python's own table of the names in a node."""
    return symtable.symtable(ast.unparse(node), "cell", "exec")


def globals_of(table: symtable.SymbolTable) -> set[str]:
    """Give the names that a function reads from outside of all functions."""
    return {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}


def below(table: symtable.SymbolTable):
    """Go through the tables of all functions, classes and comprehensions in one."""
    for child in table.get_children():
        yield child
        yield from below(child)


def here(tree: ast.AST):
    """Go through the nodes that run where they stand: not through the bodies of functions."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            yield from here(node)


def stored(node: ast.AST) -> set[str]:
    """Give the names that a node itself binds."""
    match node:
        case ast.FunctionDef(name) | ast.ClassDef(name):
            return {name}
        case ast.Import(names) | ast.ImportFrom(_, names):
            return {(alias.asname or alias.name).split(".")[0] for alias in names}
        case ast.Assign(targets):
            inside = [one for target in targets for one in ast.walk(target)]
        case ast.AnnAssign(target) | ast.For(target) | ast.NamedExpr(target):
            inside = list(ast.walk(target))
        case ast.withitem(_, ast.AST() as target):
            inside = list(ast.walk(target))
        case _:
            return set()
    return {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def changed(tree: ast.AST, functions: dict, made_from: dict, above: tuple = ()) -> set[str]:
    """Give the names whose objects are changed in place where this runs."""
    found = set()
    for node in here(tree):
        match node:
            case ast.Attribute(_, _, ast.Store() | ast.Del()):
                found.add(root(node))
            case ast.Subscript(_, _, ast.Store() | ast.Del()):
                found.add(root(node))
            case ast.AugAssign(target):
                found.add(root(target))
            case ast.Call(ast.Attribute(value, method)) if method in TRAINING:
                found |= origins(root(value), made_from)
            case ast.Call(ast.Attribute(value, method)) if method in INPLACE:
                found.add(root(value))
            case ast.Call(ast.Name(name)) if name in functions and name not in above:
                body = functions[name]
                inside = changed(body, functions, made_from, (*above, name))
                parameters = [one.arg for one in ast.walk(body.args) if isinstance(one, ast.arg)]
                given = dict(zip(parameters, map(root, node.args), strict=False))
                given |= {keyword.arg: root(keyword.value) for keyword in node.keywords}
                found |= inside.difference(parameters)
                found |= {given[name] for name in inside.intersection(given)}
    return found - {""}


def root(node: ast.AST) -> str:
    """Give the name that `name.a[0].b` begins with; "" where it begins with none."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def handed_over(call: ast.Call) -> set[str]:
    """Give the names that a call gets whole, also in a list or starred."""
    found, waiting = set(), [*call.args, *(keyword.value for keyword in call.keywords)]
    while waiting:
        match waiting.pop():
            case ast.Name(name):
                found.add(name)
            case ast.List(inside) | ast.Tuple(inside):
                waiting += inside
            case ast.Starred(inside):
                waiting.append(inside)
    return found


def origins(name: str, made_from: dict) -> set[str]:
    """Give a name and all that it was made from."""
    found, waiting = set(), [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += made_from.get(one, ())
    return found
