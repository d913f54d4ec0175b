"""What the text of a cell needs, binds and changes, so that the others can run without it."""

import ast
import re
import symtable

# Methods that leave the model, layer or list on which they are called another than it was.
CHANGING = {"add", "append", "assign", "compile", "fit", "load_weights", "pop", "set_weights"}
CHANGING |= {"train_on_batch", "update"}


def global_names(node: ast.AST) -> set[str]:
    """List the names that an expression or a definition takes from outside itself."""
    mode = "exec" if isinstance(node, ast.stmt) else "eval"
    tables = [symtable.symtable(ast.unparse(node), "cell", mode)]
    found = {symbol.get_name() for symbol in tables[0].get_symbols() if symbol.is_referenced()}
    # Since Python 3.12 the variable of a comprehension is listed with the names around it.
    comprehensions = [one.target for one in ast.walk(node) if isinstance(one, ast.comprehension)]
    found -= {n.id for one in comprehensions for n in ast.walk(one) if isinstance(n, ast.Name)}
    while tables:
        inner = tables.pop().get_children()
        found |= {s.get_name() for t in inner for s in t.get_symbols() if s.is_global()}
        tables += inner
    return found


def statements(source: str) -> list[ast.stmt]:
    """Read a cell's text, without what only IPython knows and what turns off TensorFlow's log."""
    text = "" if source.startswith("%%") else re.sub(r"(?m)^\s*[%!].*", "pass", source)
    return [s for s in ast.parse(text).body if not ast.unparse(s).startswith("tf.get_logger()")]


class Part:
    """Some statements of a cell that import nothing.

    Args:
        body: the statements.

    Attributes:
        needs: names that they take from elsewhere, also those inside their functions.
        binds: names that they bind, and what each function or class among them needs.
    """

    def __init__(self, body: list[ast.stmt]):
        """Follow the statements in their order."""
        self.body = body
        self.needs: set[str] = set()
        self.binds: dict[str, set[str]] = {}
        later: set[str] = set()  # what functions need when they are called
        for statement in self.body:
            self._visit(statement, later)
        self.needs |= later - self.binds.keys()

    def _read(self, node: ast.AST | None) -> None:
        if node is not None:
            self.needs |= global_names(node) - self.binds.keys()
            for walrus in (n for n in ast.walk(node) if isinstance(n, ast.NamedExpr)):
                self.binds[walrus.target.id] = set()

    def _bind(self, target: ast.AST) -> None:
        if isinstance(target, ast.Name):
            self.binds[target.id] = set()
        elif isinstance(target, ast.Tuple | ast.List):
            for one in target.elts:
                self._bind(one)
        elif isinstance(target, ast.Starred):
            self._bind(target.value)
        else:
            self._read(target)

    def _visit(self, statement: ast.stmt, later: set[str]) -> None:
        """Follow a statement in the order in which it runs."""
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            found = global_names(statement)
            self.binds[statement.name] = found
            later |= found
            return
        if isinstance(statement, ast.AugAssign):
            self._read(ast.parse(ast.unparse(statement.target), mode="eval").body)
        for value in (v for k, v in ast.iter_fields(statement) if k not in ("target", "targets")):
            if isinstance(value, ast.expr):
                self._read(value)
        for item in getattr(statement, "items", []):  # of a with
            self._read(item.context_expr)
            if item.optional_vars:
                self._bind(item.optional_vars)
        for target in [*getattr(statement, "targets", []), getattr(statement, "target", None)]:
            if target is not None:
                self._bind(target)
        handlers = getattr(statement, "handlers", [])
        for handler in handlers:
            self._read(handler.type)
        blocks = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
        for block in [*blocks, *(handler.body for handler in handlers)]:
            for inner in block:
                self._visit(inner, later)

    def changed(self, trainers: set[str]) -> set[str]:
        """Name what they change in place; `trainers` do so to what they are given."""
        found = set()
        for statement in self.body:
            if isinstance(statement, ast.FunctionDef | ast.ClassDef):
                continue
            for node in ast.walk(statement):
                if isinstance(node, ast.Call):
                    by = node.func
                    if isinstance(by, ast.Attribute) and by.attr in CHANGING:
                        found |= global_names(by.value)
                    if isinstance(by, ast.Name) and by.id in trainers:
                        found |= {arg.id for arg in node.args if isinstance(arg, ast.Name)}
                elif isinstance(getattr(node, "ctx", None), ast.Store) and hasattr(node, "value"):
                    found |= global_names(node.value)  # of a[0] = ..., a.b = ...
        return found

    def trainers(self, known: set[str]) -> set[str]:
        """Name the functions among them that change what they are given."""
        found = set()
        for statement in self.body:
            if isinstance(statement, ast.FunctionDef):
                calls = [n.func for n in ast.walk(statement) if isinstance(n, ast.Call)]
                methods = {by.attr for by in calls if isinstance(by, ast.Attribute)}
                functions = {by.id for by in calls if isinstance(by, ast.Name)}
                if methods & CHANGING or functions & (known | found):
                    found.add(statement.name)
        return found
