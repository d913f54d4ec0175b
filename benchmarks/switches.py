"""Versions that change while clients ask: what serving.py counts of lost and wrong answers."""

import http.client
import json
import random
import re
import shutil
import threading
import time
from pathlib import Path

import numpy as np
import psutil

from workshop.serving import serve

CLIENTS, REQUESTS = 8, 10_000
PIECES, REST_S = 5, 2.5


def copy_slowly(source: Path, target: Path) -> None:
    """Copy a version in place, in pieces, and rest at one of them: for long enough to look done."""
    files = [path for path in source.rglob("*") if path.is_file()]
    rest = random.randrange(PIECES * len(files))
    for place, path in enumerate(files):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        whole = path.read_bytes()
        size = 1 + len(whole) // PIECES
        with copy.open("wb", buffering=0) as file:
            for piece in range(PIECES):
                file.write(whole[piece * size : (piece + 1) * size])
                time.sleep(REST_S if PIECES * place + piece == rest else 0.02)


class Clients:
    """Threads that ask one after the other, and look at each answer."""

    def __init__(self, url: str, body: bytes, answers: list):
        """Start them."""
        self._host, self._path = re.fullmatch(r"http://([^/]+)(.*)", url).groups()
        self._body, self._answers = body, np.array(answers)
        self.asked = self.lost = self.wrong = 0
        self._over, self._lock = threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._ask) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()

    def _ask(self) -> None:
        connection, last = http.client.HTTPConnection(self._host, timeout=30), 0
        while not self._over.is_set():
            lost, number = False, None
            try:
                connection.request("POST", f"{self._path}:predict", self._body)
                answer = connection.getresponse()
                told = np.array(json.loads(answer.read())["predictions"][0])
                [number, *_] = np.flatnonzero(np.abs(self._answers - told).max(axis=1) < 1e-4)
            except (OSError, http.client.HTTPException, KeyError):
                lost = True
                connection.close()
            except ValueError:
                pass  # the answer of no version
            forward = number is not None and number in (last, (last + 1) % len(self._answers))
            last = number if forward else last
            with self._lock:
                self.asked += 1
                self.lost += lost
                self.wrong += not lost and not forward

    def end(self) -> None:
        """Let each finish what it asks."""
        self._over.set()
        for thread in self._threads:
            thread.join()


def switch(folder: Path, answers: list, switches: int) -> None:
    """Print what came of requests while versions changed."""
    models = folder / "switched" / "digits"
    shutil.copytree(folder / "0", models / "0")
    with serve(models) as server:
        process = psutil.Process(server.pid)
        first = process.memory_info().rss
        clients = Clients(server.url, (folder / "digit.json").read_bytes(), answers)
        try:
            for number in range(1, switches + 1):
                source, target = folder / str(number % len(answers)), models / str(number)
                if number % 2:
                    copy_slowly(source, target)
                else:
                    shutil.copytree(source, aside := models / "new.tmp")
                    aside.rename(target)
                server.wait_for(f"Version {number}: AVAILABLE", 60)
            while clients.asked < REQUESTS:
                time.sleep(0.1)
        finally:
            clients.end()
        last = process.memory_info().rss
    told = f"{clients.lost} lost, {clients.wrong} answered by no version or a wrong one"
    print(f"{switches} switches, {clients.asked:,} requests: {told}")
    print(f"memory of the server: {first / 1e6:.0f} MB at first, {last / 1e6:.0f} MB at the end")
