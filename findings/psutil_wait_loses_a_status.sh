#!/usr/bin/env bash
# `psutil.Popen.wait` of one thread and `poll` of another: the exit status becomes 0.
#
# Expected: whoever asks gets -15 for a process that was ended by SIGTERM, as `subprocess.Popen` gives
# it to any number of threads. Seen: in some of a hundred runs it is 0, a good end, for ever. psutil waits
# for the process by a call of its own; when `poll`, which is subprocess's, has taken the status just
# before, psutil finds no child, gives None, and overwrites the status that was known; the next `poll`
# finds no child either, and makes 0 of that. Asking for `poll()` again and again is safe.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q psutil==7.2.2
"$folder/env/bin/python" - <<'PY'
import collections
import subprocess
import sys
import threading
import time

import psutil


def status(kind):
    """End a process by SIGTERM while a thread asks for its status; give what is said at last."""
    process = kind([sys.executable, "-c", "import time; time.sleep(60)"])
    ended = threading.Event()

    def ask():
        while not ended.wait(0.0005):
            process.poll()

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.05)
    process.terminate()
    process.wait(5)
    ended.set()
    asking.join()
    return process.poll()


found = {kind: collections.Counter(status(kind) for _ in range(100))
         for kind in (subprocess.Popen, psutil.Popen)}
for kind, statuses in found.items():
    print(kind.__module__, {int(status): times for status, times in statuses.items()})
assert set(found[subprocess.Popen]) == {-15}
assert 0 in found[psutil.Popen], "psutil gives the status now: workshop/cluster may wait by it"
PY
