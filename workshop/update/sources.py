"""Where a corrected lesson comes from: a clone's upstream, a folder, a zip, a newer package."""

import contextlib
import json
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workshop.course import editions
from workshop.course.folder import course_folder
from workshop.course.lessons import LESSON, LessonError
from workshop.messages import say
from workshop.update import git

COURSE = "workshop/course/"
LISTED = f"{COURSE}editions.json"
MANY = 50_000  # names in a folder that is no course


@dataclass(frozen=True)
class Source:
    """The files of a course as somebody delivered them.

    Args:
        place: where it is, for people.
        read: gives a file of it by its name, or None.
        listing: lists the files below a folder by their names.
    """

    place: str
    read: Callable[[str], bytes | None]
    listing: Callable[[str], list[str]]

    def editions(self) -> list[str]:
        """List its editions, from old to new; none where it doesn't say."""
        return list(self._listed())

    def names(self, prefix: str = "notebooks/") -> list[str]:
        """List what it delivers.

        Args:
            prefix: how the names begin.

        Returns:
            The names, such as `"notebooks/02_softmax.ipynb"`.
        """
        listed = list(self._listed().values())
        known = list(listed[-1]) if listed else [*self.listing("notebooks"), *self._solutions()]
        return sorted(name for name in known if name.startswith(prefix) and _is_ours(name))

    def content(self, name: str) -> bytes | None:
        """Give a file as it was delivered.

        Args:
            name: such as `"notebooks/02_softmax.ipynb"`.

        Returns:
            All of it; None where the source does not deliver it.

        Raises:
            LessonError: the copy is not what the source says that it delivers.
        """
        listed = list(self._listed().values())
        if not listed:
            return self.read(name)
        wanted = listed[-1].get(name)
        if wanted is None:
            return None
        for place in (f"{COURSE}delivered/{name}.txt", name):
            content = self.read(place)
            if content is not None and editions.digest(name, content) == wanted:
                return content
        raise LessonError(
            say(
                "{place} has a damaged copy of {name}: it is not the one that its editions.json "
                "lists. Get that copy of the course again, or whoever made it types: python -m "
                "workshop deliver. Your files are untouched.",
                **{"place": self.place, "name": name},
            )
        )

    def _solutions(self) -> list[str]:
        return self.listing("solutions")

    def _listed(self) -> dict[str, dict[str, str]]:
        with contextlib.suppress(ValueError, AttributeError):
            known = json.loads(self.read(LISTED) or b"{}")
            if all(isinstance(one, dict) for one in known.values()):
                return known
        return {}


def find(named: str | None = None, *, fetch: bool = True) -> tuple[Source, str]:
    """Find the newest course that this folder can be corrected from.

    Args:
        named: a folder, a zip or a notebook; the upstream of a clone, this folder and the
            installed package are looked at where it is left out.
        fetch: ask the upstream what is new, or take what it had the last time.

    Returns:
        The source, and a sentence where the upstream did not answer, else "".

    Raises:
        LessonError: what is named is no course.

    Example:
        >>> find(fetch=False)[1]
        ''
    """
    if named is not None:
        return _named(Path(named).expanduser()), ""
    found, problem = [], ""
    commit = git.upstream()
    if commit and git.show(commit, LISTED):
        if fetch and not git.fetch(commit):
            problem = say(
                "{upstream} did not answer, so this is what it had when it was asked the last "
                "time. Is there a network?",
                upstream=commit,
            )
        if not git.has(commit):
            found.append(_of_git(commit))
    found.append(_of_folder(editions.home().parent.parent, course_folder()))
    if editions.home() != editions.PACKAGE:
        package = editions.PACKAGE.parent.parent
        found.append(_of_folder(package, package))
    newest = found[0]
    for other in found[1:]:
        if _is_newer(other, newest):
            newest = other
    return newest, problem


def _is_newer(one: Source, other: Source) -> bool:
    """Tell whether a course knows the other's edition as an earlier one."""
    return bool(other.editions()) and other.editions()[-1] in one.editions()[:-1]


def _is_ours(name: str) -> bool:
    folder, _, rest = name.partition("/")
    return bool(LESSON.fullmatch(rest)) if folder == "notebooks" else rest.endswith(".py")


def _of_git(commit: str) -> Source:
    return Source(
        commit,
        lambda name: git.show(commit, name),
        lambda folder: git.listing(commit, f"{folder}/"),
    )


def _of_folder(root: Path, place: Path) -> Source:
    def read(name: str) -> bytes | None:
        path = root / name
        return path.read_bytes() if path.is_file() else None

    def listing(folder: str) -> list[str]:
        return [f"{folder}/{path.name}" for path in (root / folder).glob("*") if path.is_file()]

    return Source(str(place), read, listing)


def _of_files(place: Path, files: dict[str, Callable[[], bytes]]) -> Source:
    return Source(
        str(place),
        lambda name: files[name]() if name in files else None,
        lambda folder: [name for name in files if name.rpartition("/")[0] == folder],
    )


def _named(path: Path) -> Source:
    if not path.exists():
        raise LessonError(
            say("{path} is not there, so nothing was updated.", path=path) + "\n" + _wanted()
        )
    if path.is_dir():
        places = [path.parent] if path.name == "notebooks" else [path, *_folders(path)]
        for root in places:
            if (root / "notebooks").is_dir() or (root / LISTED).is_file():
                return _of_folder(root, root)
        if loose := [file for file in path.glob("*.ipynb") if LESSON.fullmatch(file.name)]:
            return _of_files(path, {f"notebooks/{file.name}": file.read_bytes for file in loose})
    elif LESSON.fullmatch(path.name):
        return _of_files(path, {f"notebooks/{path.name}": path.read_bytes})
    elif zipfile.is_zipfile(path) and (source := _of_zip(path)) is not None:
        return source
    raise LessonError(
        say("{path} has no lessons, so nothing was updated.", path=path) + "\n" + _wanted()
    )


def _wanted() -> str:
    return say(
        "Name the folder of a newer course (a stick will do), a zip of it, or a corrected lesson "
        "such as 02_softmax.ipynb."
    )


def _folders(path: Path) -> list[Path]:
    with contextlib.suppress(OSError):
        return sorted(child for child in path.iterdir() if child.is_dir())
    return []


def _of_zip(path: Path) -> Source | None:
    """Read a zip, also one that has the course in a folder of its own, as GitHub makes them."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()[:MANY]
    inside = [name for name in names if name.endswith(LISTED)]
    inside = inside or [name for name in names if LESSON.fullmatch(name.rpartition("/")[2])]
    if not inside:
        return None
    shortest = min(inside, key=len)
    ends = LISTED if shortest.endswith(LISTED) else shortest.rpartition("/")[2]
    root = shortest.removesuffix(ends).removesuffix("notebooks/")

    def reader(name: str) -> Callable[[], bytes]:
        def read() -> bytes:
            try:
                with zipfile.ZipFile(path) as archive:
                    return archive.read(name)
            except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
                raise LessonError(
                    say(
                        "{path} is damaged, or has a password: {why}. Get it again, or unpack it "
                        "and name its folder.",
                        **{"path": path, "why": error},
                    )
                ) from error

        return read

    files = {name.removeprefix(root): reader(name) for name in names if name.startswith(root)}
    loose = {f"notebooks/{name}": read for name, read in files.items() if LESSON.fullmatch(name)}
    return _of_files(path, {**files, **loose})
