"""What the tests of TensorBoard in a cell and of its address share."""

import os

import pytest

FOREIGN = ("TENSORBOARD_PROXY_URL", "JUPYTERHUB_SERVICE_PREFIX", "VSCODE_PID")


@pytest.fixture
def alone(monkeypatch, tmp_path):
    """No hub, no Jupyter server, no VS Code."""
    for name in [*FOREIGN, *(name for name in os.environ if name.startswith("BINDER_"))]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    (tmp_path / "runtime").mkdir()
