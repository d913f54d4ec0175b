"""The names that the cells of a lesson bind and need, read from their text."""

import ast
import re
import symtable
import sys


def tree_of(cell):
    """The syntax of a cell, without the lines that only IPython reads."""
    return ast.parse("\n".join(re.sub(r"^\s*[%!].*", "pass", li) for li in cell.source.split("\n")))


def tables(statement):
    """The tables of names of a statement: its own, then those of its functions and classes."""
    waiting = [symtable.symtable(ast.unparse(statement), "cell", "exec")]
    for table in waiting:
        yield table
        waiting += table.get_children()


def bound(statement):
    """The names that a statement gives to the lesson; a function's only where it says `global`."""
    return {
        symbol.get_name()
        for table in tables(statement)
        for symbol in table.get_symbols()
        if (table.get_type() == "module" or symbol.is_declared_global())
        and (symbol.is_assigned() or symbol.is_imported())
    }


def own_to_comprehensions(statement):
    """The variables of comprehensions, which Python lists with the names around them since 3.12."""
    found = [one.target for one in ast.walk(statement) if isinstance(one, ast.comprehension)]
    return {node.id for one in found for node in ast.walk(one) if isinstance(node, ast.Name)}


def needed(cell):
    """The names that a cell takes from the cells above it."""
    own = set()
    for statement in tree_of(cell).body:
        changed = {
            node.target.id
            for node in ast.walk(statement)
            if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)
        }
        read = {
            symbol.get_name()
            for table in tables(statement)
            for symbol in table.get_symbols()
            if (table.get_type() == "module" or symbol.is_global()) and symbol.is_referenced()
        }
        if sys.version_info >= (3, 12):
            read -= own_to_comprehensions(statement)
        yield from (read | changed) - own
        own |= bound(statement)


def needed_below(cells, position):
    """The names that the cells below a place need, also through what they call."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    binds = [(bound(tree_of(cell)), {*needed(cell)}) for cell in code]
    names, waiting = set(), list(cells[position:])
    waiting = [name for cell in waiting if cell.cell_type == "code" for name in needed(cell)]
    while waiting:
        if (name := waiting.pop()) not in names:
            names.add(name)
            waiting += [other for gives, takes in binds if name in gives for other in takes]
    return names
