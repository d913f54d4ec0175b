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
