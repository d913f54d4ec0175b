"""What a commit that changes lessons needs: no outputs, and this edition's copies and digests."""

import json
import re
import tomllib
from pathlib import Path

import nbformat

from workshop.course import editions, files, lessons
from workshop.course.folder import course_folder
from workshop.messages import say


def strip_file(path: Path) -> bool:
    """Strip a notebook file in place, as the hook before a commit does.

    Args:
        path: the notebook.

    Returns:
        Whether the file had anything to strip.

    Raises:
        LessonError: the file is not a notebook.
    """
    notebook = lessons.read(path)
    before = nbformat.writes(notebook)
    after = nbformat.writes(lessons.strip(notebook))
    if before == after:
        return False
    files.put(f"{after}\n".encode(), path)
    return True


def deliver() -> list[str]:
    """Make the lessons and solutions on the disk those that this edition delivers.

    Which edition it is, pyproject.toml says. What earlier editions delivered stays written down;
    once CHANGELOG.md has a date for this one, so does what this one did.

    Returns:
        The names of the files that were not up to date, such as `"notebooks/02_softmax.ipynb"`.

    Raises:
        LessonError: a lesson is no notebook, the edition is out already, or the list of editions
            is damaged.
    """
    course, version, digests = course_folder(), _version(), {}
    contents = {file.relative_to(course).as_posix(): _text(file) for file in _files()}
    for name, content in contents.items():
        lessons.read(course / name) if name.endswith(".ipynb") else None
        digests[name] = editions.digest(name, content)
    own = course / "workshop" / "course"
    known = _known(own / "editions.json")
    before = known.get(version, {})
    changed = [name for name in before | digests if before.get(name) != digests.get(name)]
    if changed and _is_out(version):
        raise lessons.LessonError(
            say(
                "Edition {version} is out, by CHANGELOG.md, and delivered other files: {names}. "
                "Raise the version in pyproject.toml and begin its section in CHANGELOG.md.",
                **{"version": version, "names": ", ".join(changed)},
            )
        )
    changed += [name for name in _copy(contents, own / "delivered") if name not in changed]
    if changed or list(known)[-1:] != [version]:
        known.pop(version, None)
        text = json.dumps(known | {version: digests}, indent=1) + "\n"
        files.put(text.encode(), own / "editions.json")
    return changed


def _known(listed: Path) -> dict[str, dict[str, str]]:
    if not listed.is_file():
        return {}
    if known := editions.digests():
        return known
    raise lessons.LessonError(
        say(
            "{path} is damaged. After a merge take one side's (git checkout --ours {path}), then "
            "deliver again.",
            path=listed,
        )
    )


def _version() -> str:
    text = (course_folder() / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]


def _files() -> list[Path]:
    return [*lessons.paths(), *sorted((course_folder() / "solutions").glob("*.py"))]


def _text(file: Path) -> bytes:
    return file.read_bytes().replace(b"\r\n", b"\n")


def _is_out(version: str) -> bool:
    changelog = (course_folder() / "CHANGELOG.md").read_text(encoding="utf-8")
    return bool(re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-", changelog, re.MULTILINE))


def _copy(contents: dict[str, bytes], to: Path) -> list[str]:
    """Bring the copies up to date; give the names of those that were not."""
    wanted = {to / f"{name}.txt": name for name in contents}
    for copy in to.rglob("*.txt"):
        if copy not in wanted:
            copy.unlink()
    stale = {copy: name for copy, name in wanted.items() if _other(copy, contents[name])}
    for copy, name in stale.items():
        files.put(contents[name], copy)
    return list(stale.values())


def _other(copy: Path, content: bytes) -> bool:
    return not copy.is_file() or _text(copy) != content
