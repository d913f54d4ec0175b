"""What a kernel and a server leave out when they start, and that who asks for it gets it."""

import subprocess
import sys

import pytest

from workshop.jupyter import imports


def run(code):
    begin = "from workshop.jupyter import imports; imports.leave_out(); import sys\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_keras_comes_without_jax_and_scipy_and_both_come_when_asked():
    code = "import tensorflow, keras; keras.Sequential\n"
    code += "print('jax' in sys.modules, 'scipy' in sys.modules)\n"
    code += "import jax, scipy.sparse; print(jax.numpy.add(1, 2), scipy.sparse.eye(2).nnz)"
    assert run(code) == ["False", "False", "3", "2"]


def test_a_server_comes_without_the_grammar():
    code = "import jupyter_events.logger; print('rfc3987_syntax' in sys.modules)\n"
    code += "import rfc3987_syntax; print(rfc3987_syntax.is_valid_syntax('iri', 'a:b'))"
    assert run(code) == ["False", "True"]


@pytest.mark.parametrize("library", sorted(imports.DECLINED))
def test_the_files_that_ask_are_still_there(library):
    """Where a newer version asks in another file, its line here does nothing: then change it."""
    from importlib.util import find_spec
    from pathlib import Path

    for file in imports.DECLINED[library]:
        root = Path(find_spec(file.split("/")[0]).origin).parent.parent
        found = [root / file] if file.endswith(".py") else [*(root / file).glob("*.py")]
        texts = [one.read_text(encoding="utf-8") for one in found]
        assert any(f"import {library}" in text or f"from {library}" in text for text in texts)


def test_garbage_is_looked_for_as_usual_once_tensorflow_is_there(monkeypatch):
    import gc

    from IPython.core.interactiveshell import InteractiveShell

    usual, shell = gc.get_threshold(), InteractiveShell()
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    try:
        imports.look_for_garbage_later(shell)
        shell.run_cell("1 + 1", store_history=False)
        assert gc.get_threshold()[0] == 100 * usual[0]
        monkeypatch.setitem(sys.modules, "tensorflow", sys)
        shell.run_cell("1 + 1", store_history=False)
        assert gc.get_threshold() == usual
        assert gc.get_freeze_count() > 1000
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
