"""Fetching MNIST from the network into the cache."""

import queue
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from workshop.data import cache, idx, mirrors, reasons
from workshop.messages import say

ANSWER_S = 4  # in a lesson a mirror has this time to answer
SILENCE_S = 6  # and a mirror that sends nothing for this long is given up
WHOLE_S = 180  # and so is one that would need longer than this for a file
PATIENCE_S = 30  # who asks for the data waits this long for an answer, and on for all of it
ROUNDS = 2  # times that each mirror is asked for a file
PAUSE_S = 0.5  # before the second time
PACE_S = 4  # after this time the pace is known


class NoNetworkError(idx.DataError):
    """No mirror can be reached."""


class TooSlowError(Exception):
    """A mirror sends, but a lesson would wait too long for the whole file."""


@dataclass(frozen=True)
class Limits:
    """How long to wait for a mirror, in seconds.

    Args:
        answer: until it answers at all.
        silence: while it sends nothing.
        whole: for a whole file, as its pace tells.
    """

    answer: float
    silence: float
    whole: float


def limits(*, patient: bool) -> Limits:
    """Give the limits for who asked for the data, or for a lesson, which has a sample to go on."""
    if patient:
        return Limits(PATIENCE_S, PATIENCE_S, float("inf"))
    return Limits(ANSWER_S, SILENCE_S, WHOLE_S)


def download(folder: Path, *, progress: bool = True, patient: bool = False) -> None:
    """Fetch those of the four files that are not yet in the folder, and verify each.

    A file gets its name only after its last byte was verified and written, so an interrupted
    download leaves no half file, and the next call carries on with what is missing. Of two
    processes the second waits, then finds the work done.

    Args:
        folder: the cache; made if it is not there.
        progress: show a bar for each file.
        patient: wait long for a slow network, as who asked for the data does.

    Raises:
        NoNetworkError: no mirror could be reached.
        DataError: the folder cannot be written, or no mirror had the right bytes; the text has the
            reason of each.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with cache.one_at_a_time(folder):
            missing = [part for part in idx.PARTS if not _is_good(part, folder)]
            if not missing:
                return
            asked = _Asked(limits(patient=patient))
            with cache.scratch_in(folder) as scratch:
                for part in missing:
                    array = _fetch(part, asked, scratch, progress=progress)
                    cache.put(part, array, folder, scratch)
    except OSError as error:
        raise cache.cannot_write(folder, error) from error


def obstacle() -> str:
    """Look for what stands between here and the mirrors, by fetching the smallest of the files.

    Returns:
        Why no mirror gives it, in words; empty where one does. Nothing is kept.
    """
    part = min(idx.PARTS, key=lambda part: part.size)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            _fetch(part, _Asked(limits(patient=False)), Path(scratch), progress=False)
        except idx.DataError as error:
            return str(error)
    return ""


def _is_good(part: idx.Part, folder: Path) -> bool:
    try:
        idx.read_part(part, folder / part.name)
    except idx.DamagedDataError:
        return False
    return True


class _Asked:
    """The ways to the mirrors, all asked at once.

    In threads, because looking a name up can hang for half a minute and knows no time-out.

    Args:
        limits: how long to wait for them.
    """

    def __init__(self, limits: Limits):
        self.limits = limits
        self.failures: dict[str, str] = {}  # by their names: those not asked again, and why
        self.nobody = True  # whether nobody was met, neither a mirror nor a proxy
        self._there: list[mirrors.Way] = []
        self._waiting = mirrors.ways()
        self.names = [way.name for way in self._waiting]
        self._answers = queue.Queue()
        self._end = time.monotonic() + limits.answer
        for way in self._waiting:
            threading.Thread(target=self._ask, args=(way,), daemon=True).start()

    def in_turn(self) -> Iterator[mirrors.Way]:
        """Give the ways that answer, the first first, then once more those not given up."""
        position = 0
        while position < len(self._there) or self._wait():
            if self._there[position].name not in self.failures:
                yield self._there[position]
            position += 1
        for _ in range(ROUNDS - 1):
            again = [way for way in self._there if way.name not in self.failures]
            time.sleep(PAUSE_S if again else 0)  # each has failed once: a moment may help
            yield from again

    def prefer(self, way: mirrors.Way) -> None:
        """Ask this one first from now on."""
        self._there.remove(way)
        self._there.insert(0, way)

    def _wait(self) -> bool:
        """Wait for the next that answers; False if none does in time."""
        while self._waiting:
            try:
                left = max(self._end - time.monotonic(), 0)
                way, answered, error = self._answers.get(timeout=left)
            except queue.Empty:
                self._give_up_waiting()
                break
            self._waiting.remove(way)
            if answered:
                self.nobody = False
                self._there.append(answered)
                return True
            self.failures[way.name] = reasons.reason(error, way, answer_s=self.limits.answer)
            self.nobody = self.nobody and reasons.is_unreachable(error, way)
        return False

    def _give_up_waiting(self) -> None:
        for way in self._waiting:
            late = TimeoutError()
            self.failures[way.name] = reasons.reason(late, way, answer_s=self.limits.answer)
            self.nobody = self.nobody and reasons.is_unreachable(late, way)
        self._waiting.clear()

    def _ask(self, way: mirrors.Way) -> None:
        # any answer will do, also "not found": there is a network; the bytes are judged later
        try:
            self._answers.put((way, self._head(way), None))
        except Exception as error:  # noqa: BLE001 - the next mirror may do
            self._answers.put((way, None, error))

    def _head(self, way: mirrors.Way) -> mirrors.Way:
        """Ask for a file's size; where a certificate is refused, with the system's own as well."""
        file = f"{way.address}{idx.PARTS[1].name}.gz"
        try:
            with mirrors.session(way) as session:
                # a bit less than we wait, so that the reason comes in time
                session.head(file, timeout=0.9 * self.limits.answer).close()
        except Exception as error:
            if way.system or not reasons.is_of_certificates(error):
                raise
            return self._head(replace(way, system=True))
        return way


def _fetch(part: idx.Part, asked: _Asked, scratch: Path, *, progress: bool):
    """Return the verified table from the first mirror that has it right."""
    import requests
    import urllib3

    failures: dict[str, str] = {}
    for way in asked.in_turn():
        file = f"{mirrors.without_password(way.address)}{part.name}.gz"
        path = scratch / f"{part.name}.gz"
        try:
            _retrieve(part, way, path, asked.limits, progress=progress)
            table = idx.read_part(part, path)
        except idx.DamagedDataError as error:
            failures[file] = str(error).replace(str(path), file)
        except TooSlowError as error:
            asked.failures[way.name] = str(error)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            why = reasons.reason(error, way, answer_s=asked.limits.silence)
            failures[file] = say("{file}: {why}", file=file, why=why)
            if reasons.is_late(error):
                asked.failures[way.name] = why
        else:
            asked.prefer(way)
            return table
        finally:
            path.unlink(missing_ok=True)
    raise _nothing(part, asked, failures)


def _nothing(part: idx.Part, asked: _Asked, failures: dict[str, str]) -> idx.DataError:
    """Say why no mirror gave a part; those with the same reason together."""
    names: dict[str, list[str]] = {}
    for name in asked.names:
        if why := asked.failures.get(name):
            names.setdefault(why, []).append(name)
    alike = [
        say("{names}: {why}", **{"names": ", ".join(those), "why": why})
        for why, those in names.items()
    ]
    tried = "; ".join([*failures.values(), *alike])
    if not asked.nobody:
        return idx.DataError(
            say("no mirror gave a right {name}.gz ({tried})", name=part.name, tried=tried)
        )
    if mirrors.are_named():
        return NoNetworkError(say("no network: {tried}", tried=tried))
    return NoNetworkError(say("no network"))


def _retrieve(part: idx.Part, way: mirrors.Way, path: Path, limits: Limits, *, progress: bool):
    """Write what a mirror sends to a file, as long as it comes fast enough."""
    from tqdm.auto import tqdm

    # no digest here: that of the packed file differs between mirrors, we verify the content
    times = (limits.answer, limits.silence)
    with (
        mirrors.session(way) as session,
        session.get(way.address + path.name, stream=True, timeout=times) as response,
        path.open("wb") as file,
    ):
        response.raise_for_status()
        size = response.raw.length_remaining
        shown = {"desc": path.name, "leave": False, "disable": not progress}
        with tqdm(total=size, unit="B", unit_scale=True, **shown) as bar:
            start = time.monotonic()
            while piece := response.raw.read1(1 << 16, decode_content=True):
                bar.update(file.write(piece))
                if file.tell() > 2 * part.size:
                    return  # whatever this is, it is too long
                _stop_if_slow(file.tell(), size or part.size, time.monotonic() - start, limits)


def _stop_if_slow(done: int, size: int, seconds: float, limits: Limits) -> None:
    if seconds > PACE_S and seconds * size > limits.whole * done:
        rate = done / seconds / 1000
        raise TooSlowError(
            say("too slow ({rate:.1f} kB/s); `workshop data` waits for it", rate=rate)
        )
