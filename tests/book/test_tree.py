"""What Sphinx reads: links lead into the book, or to the repository."""

from workshop.book import tree


def test_a_folder_is_its_readme():
    find = tree.finder("docs", {"docs/instructor/README.md"}, "https://code.example")
    assert find("instructor/") == "instructor/README.md"
    assert find("../notebooks/02_x.ipynb#1") == (
        "https://code.example/blob/HEAD/notebooks/02_x.ipynb#1"
    )


def test_lessons_become_pages_beside_the_documents(tmp_path):
    tree.plant(tmp_path, {}, kind="sample", paper=False)
    assert "docs/scaling" in (tmp_path / "index.md").read_text(encoding="utf-8")
    assert (tmp_path / "docs" / "scaling.md").is_file()
