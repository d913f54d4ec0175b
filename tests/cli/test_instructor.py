"""Commands of one who gives the course."""


def test_stick_says_what_to_do_with_it(type_in, monkeypatch, tmp_path):
    from workshop.setup import stick

    asked = []
    monkeypatch.setattr(
        stick, "make", lambda folder, **options: asked.append((folder, options)) or folder / "here"
    )
    status, text = type_in("stick", str(tmp_path), "--for", "windows", "--for", "macos")
    assert status == 0
    assert asked == [(tmp_path, {"systems": ["windows", "macos"], "pythons": ()})]
    assert "Learners copy this folder" in text

    def fail(folder, **_):
        raise stick.StickError("plug the stick in")

    monkeypatch.setattr(stick, "make", fail)
    status, text = type_in("stick", str(tmp_path))
    assert status == 1
    assert "plug the stick in" in text


def test_badge_says_what_it_changed(type_in, monkeypatch):
    from workshop.setup import fork

    monkeypatch.setattr(fork, "adopt", lambda name: (name or "ada/course", ["README.md"]))
    status, text = type_in("badge")
    assert status == 0
    assert "name ada/course now: README.md" in text
    assert "git push" in text
    assert "deliver" not in text
    monkeypatch.setattr(fork, "adopt", lambda name: (name, ["notebooks/00_welcome.ipynb"]))
    assert "workshop deliver" in type_in("badge", "grace/course")[1]
    monkeypatch.setattr(fork, "adopt", lambda name: (name, []))
    assert type_in("badge", "a/b") == (0, "All links name a/b already.\n")

    def fail(name):
        raise fork.ForkError("clone your fork")

    monkeypatch.setattr(fork, "adopt", fail)
    status, text = type_in("badge")
    assert status == 1
    assert "clone your fork" in text
