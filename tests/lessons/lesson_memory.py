"""What a container would be charged for a lesson's processes, whatever runs beside it.

A page of its own (anonymous) is charged to who has it. A page of a file, such as one of
TensorFlow's libraries, is charged once, however many processes of the lesson map it; and in full,
although a neighbour that maps it too would halve it in the kernel's own "proportional" figures.
"""

import collections
import contextlib
import re
import threading
import time
from pathlib import Path

import psutil

PROC = Path("/proc")
IS_MEASURED = (PROC / "self" / "smaps").exists()  # Linux
# A mapping's first line names the file by device and inode; inode 0 is no file.
MAPPING = re.compile(
    rb"^[0-9a-f]+-[0-9a-f]+ \S+ \S+ (\S+) (\d+).*\n(?:[A-Z].*\n)*?Rss: +(\d+) kB\n"
    rb"(?:[A-Z].*\n)*?Anonymous: +(\d+) kB$",
    re.M,
)
OWN = re.compile(rb"^RssAnon:\s+(\d+) kB$", re.M)
GONE = (OSError, TypeError, psutil.Error)  # a process that ends has no figures


def own_bytes(pid: int) -> int:
    """The resident pages that belong to no file; what a fork still shares counts in both."""
    return 1024 * int(OWN.search((PROC / str(pid) / "status").read_bytes())[1])


def file_bytes(pid: int) -> dict[tuple[bytes, bytes], int]:
    """The resident pages of each mapped file, by device and inode."""
    files = collections.Counter()
    smaps = (PROC / str(pid) / "smaps").read_bytes()
    for device, inode, resident, anonymous in MAPPING.findall(smaps):
        if inode != b"0":
            files[device, inode] += 1024 * (int(resident) - int(anonymous))
    return files


class Watch:
    """Samples what some processes, with all that they started, are charged, from a thread."""

    SAMPLE_EVERY_S = 0.1
    LOOK_EVERY_S = 2.0  # who is there, and their files: these change slowly, and take longer

    def __init__(self):
        """Start with nothing to watch."""
        self.peak = 0
        self._roots = []
        self._files = {}  # of each process
        self._look_due = 0.0
        self._done = threading.Event()

    def add(self, pid: int, *, itself: bool) -> None:
        """Watch what a process starts, and `itself` where it is part of the lesson."""
        self._roots.append((psutil.Process(pid), itself))

    def __enter__(self):
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()

    def now(self) -> int:
        """The bytes that the processes are charged at this moment."""
        if time.monotonic() >= self._look_due:
            self._look_due = time.monotonic() + self.LOOK_EVERY_S
            self._files = dict(self._look())
        own = 0
        for pid in self._files:
            with contextlib.suppress(*GONE):
                own += own_bytes(pid)
        largest = collections.Counter()
        for files in self._files.values():
            largest |= files  # each file once, at its largest
        return own + largest.total()

    def _look(self):
        for root, itself in self._roots:
            with contextlib.suppress(*GONE):
                family = root.children(recursive=True) + ([root] if itself else [])
                for process in family:
                    with contextlib.suppress(*GONE):
                        yield process.pid, file_bytes(process.pid)

    def _sample(self):
        while IS_MEASURED and not self._done.wait(self.SAMPLE_EVERY_S):
            self.peak = max(self.peak, self.now())
