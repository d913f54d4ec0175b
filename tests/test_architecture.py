"""The rules of the package: who imports whom, how long things are, what an import may do."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parent.parent
PACKAGE = REPO / "workshop"
PARTS = {"course", "machine", "data", "plots", "cluster", "checks"}
PARTS |= {"digits", "widgets", "recognition", "serving", "placement", "search", "update"}
PARTS |= {"classroom"}
MAY_KNOW = {
    "digits": {"data"},
    "widgets": {"digits", "plots"},
    "checks": {"classroom", "course"},
    "classroom": {"course"},
    "cluster": {"machine"},
    "recognition": {"data"},
    "placement": {"cluster", "machine"},
    "search": {"cluster", "machine"},
    "update": {"course"},
    "serving": {"cluster", "data", "machine"},
}
HEAVY = {"tensorflow", "keras", "jax", "torch", "tf_keras"}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
TESTS = sorted((REPO / "tests").rglob("*.py"))

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(REPO)))


def imported(tree):
    """The modules that a syntax tree imports, with dots."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def at_import(tree):
    """The nodes of a tree that run when the module is imported."""
    waiting = list(tree.body)
    while waiting:
        node = waiting.pop()
        guarded = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if guarded or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        yield node
        waiting.extend(ast.iter_child_nodes(node))


@each_module
def test_parts_do_not_know_each_other(path):
    part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = {name.split(".")[1] for name in imported(tree) if name.startswith("workshop.")}
    if part in PARTS:
        assert known & PARTS <= {part} | MAY_KNOW.get(part, set())
        assert "cli" not in known


@each_module
def test_no_private_member_of_another_module_is_imported(path):
    for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
        if name.startswith("workshop."):
            private = [part for part in name.split(".") if re.match(r"_[a-z]", part)]
            assert not private, name


@each_module
def test_each_module_has_a_test(path):
    """`tests/a/test_b.py` for `workshop/a/b.py`; a widget's parts are tested as one."""
    if path.name in {"__init__.py", "__main__.py"} or "sample" in path.parts:
        return
    folder = path.relative_to(PACKAGE).parent
    test = f"test_{path.stem}.py"
    if folder.parts[:1] == ("widgets",) and len(folder.parts) > 1:
        folder, test = folder.parent, f"test_{folder.name}.py"
    assert (REPO / "tests" / folder / test).is_file()


def test_a_folder_is_an_idea_of_at_most_ten_modules():
    for folder in {path.parent for path in MODULES} - {PACKAGE / "checks"}:
        modules = [path.stem for path in folder.glob("*.py") if path.stem != "__init__"]
        assert len(modules) <= 10, f"{folder.name}: {', '.join(sorted(modules))}"


@each_module
def test_no_framework_at_import(path):
    module = ast.Module(list(at_import(ast.parse(path.read_text(encoding="utf-8")))), [])
    found = {name.split(".")[0] for node in module.body for name in imported_here(node)}
    assert not found & HEAVY


def imported_here(node):
    return imported(node) if isinstance(node, ast.Import | ast.ImportFrom) else ()


def test_plots_never_know_tensorflow():
    for path in (PACKAGE / "plots").rglob("*.py"):
        names = {
            name.split(".")[0] for name in imported(ast.parse(path.read_text(encoding="utf-8")))
        }
        assert not names & HEAVY, path


@each_module
def test_modules_and_functions_stay_short(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            assert lines < 40, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", TESTS, ids=lambda p: p.name)
def test_no_assert_has_two_ways_to_be_right(path):
    """One side of an `or` may always hold, and nobody sees it: such a test can't fail."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.BoolOp):
            assert not isinstance(node.test.op, ast.Or), f"line {node.lineno}: {ast.unparse(node)}"


def test_warnings_that_something_of_ours_will_break_are_errors(pytestconfig):
    first, *ignored = pytestconfig.getini("filterwarnings")
    assert first == "error"
    for line in ignored:
        _, _, category, module = [*line.split(":"), ""][:4]
        if category != "ImportWarning":  # Python's own, of its importers
            for ours in ("workshop.plots.images", "test_checks", "conftest", "__main__"):
                assert module, line
                assert not re.match(module, ours), line


def test_importing_everything_brings_no_framework():
    names = [".".join(p.relative_to(REPO).with_suffix("").parts) for p in MODULES]
    names = [n for n in names if not n.endswith(("__main__", "make_sample"))]
    code = f"import importlib, sys\nfor n in {names!r}: importlib.import_module(n)\n"
    code += f"print(sorted(set(sys.modules) & {HEAVY!r}))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_importing_the_package_brings_nothing_else():
    code = (
        "import sys; before = set(sys.modules); import workshop; print(set(sys.modules) - before)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "{'workshop'}"
