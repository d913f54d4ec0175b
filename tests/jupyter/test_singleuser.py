"""A learner's server on a hub; tests/hub starts it for real."""

import sys
from types import SimpleNamespace

from workshop.jupyter import imports, singleuser


def test_jupyterhubs_own_program_runs_with_the_options(monkeypatch):
    seen = []
    played = SimpleNamespace(main=lambda: seen.extend(sys.argv))
    monkeypatch.setitem(sys.modules, "jupyterhub.singleuser", played)
    monkeypatch.setitem(sys.modules, "jupyterhub", SimpleNamespace(singleuser=played))
    monkeypatch.setattr(sys, "argv", ["x"])
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    singleuser.main(["--allow-root"])
    assert seen == [
        "jupyterhub-singleuser",
        "--LabApp.extension_manager=readonly",
        "--allow-root",
    ]
    assert isinstance(sys.meta_path[0], imports._Decliner)
