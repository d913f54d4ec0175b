"""A slow way between the tasks of a cluster, on one machine and without rights of root."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Mapping, Sequence

from workshop.cluster.network import OwnNetwork
from workshop.cluster.tf_config import HOST
from workshop.messages import say

CHUNK = 64 * 1024  # bytes
CHUNKS_UNDER_WAY = 64
START_S = 10.0
BITS_PER_MEGABIT = 1e6


class SlowLink:
    """Stands between tasks and lets a number of bits per second through, each after a delay.

    What goes to a task takes one way, and what it answers another; both have this rate, as with a
    network card. The tasks believe that the others listen here. What a task sends to itself is not
    slowed. Give it to `start_cluster(..., link=SlowLink(...))`, which opens and closes it.

    Args:
        megabits_per_s: rate of each way, in million bits per second; a gigabit network has 1,000.
        delay_ms: milliseconds that each byte travels, in one direction.

    Raises:
        ValueError: a rate that is not positive, or a negative delay.

    Example:
        >>> link = SlowLink(megabits_per_s=100, delay_ms=5)
        >>> link.seconds_for(12_500_000)
        1.005

    Source:
        A bucket that fills at a constant rate, as in the token bucket filter of Linux (tc-tbf).
    """

    def __init__(self, megabits_per_s: float, delay_ms: float = 0.0):
        """Keep rate and delay; nothing listens yet."""
        if not megabits_per_s > 0:
            raise ValueError(
                say("megabits_per_s: expected a rate above 0, got {got}.", got=megabits_per_s)
            )
        if not delay_ms >= 0:
            raise ValueError(
                say("delay_ms: expected a delay of 0 or more, got {got}.", got=delay_ms)
            )
        self.megabits_per_s, self.delay_ms = megabits_per_s, delay_ms
        self._thread: threading.Thread | None = None

    def seconds_for(self, size: int) -> float:
        """Give the time that a message needs for one way that is free.

        Args:
            size: bytes.

        Returns:
            Seconds.
        """
        return size * 8 / BITS_PER_MEGABIT / self.megabits_per_s + self.delay_ms / 1000

    def open(
        self, addresses: Mapping[str, Sequence[str]], network: OwnNetwork | None = None
    ) -> dict[str, list[str]]:
        """Begin to listen, once for each address, and pass on what comes.

        Args:
            addresses: where the tasks of each kind listen, as "host:port".
            network: the one that the tasks are on; without it that of this machine.

        Returns:
            For each of them, in the same order, the slow address in its place.

        Raises:
            RuntimeError: it is open already.
        """
        if self._thread is not None:
            raise RuntimeError(say("This link is in use by a cluster; make one for each cluster."))
        self._socket = network.socket if network else socket.socket
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        listening = asyncio.run_coroutine_threadsafe(self._listen(addresses), self._loop)
        return listening.result(START_S)

    def close(self) -> None:
        """Stop listening and cut all connections; a second time does nothing."""
        if self._thread is None:
            return
        with contextlib.suppress(Exception):
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(START_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(START_S)
        self._loop.close()
        self._thread = None

    async def _listen(self, addresses: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
        self._servers, slow = [], {}
        for kind, places in addresses.items():
            slow[kind] = []
            for place in places:
                (door := self._socket()).bind((HOST, 0))
                server = await asyncio.start_server(self._passing_to(place), sock=door)
                self._servers.append(server)
                slow[kind].append(f"{HOST}:{server.sockets[0].getsockname()[1]}")
        return slow

    def _passing_to(self, place: str):
        """Make what handles a connection to a task."""
        host, _, port = place.rpartition(":")
        there, back = _Way(self), _Way(self)

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                task_reader, task_writer = await self._reach(host, int(port))
            except OSError:  # the task is not up yet: the one who asked finds the door shut
                writer.transport.abort()
                return
            await asyncio.gather(there.carry(reader, task_writer), back.carry(task_reader, writer))

        return handle

    async def _reach(self, *place: str | int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        ours = self._socket()
        try:
            ours.setblocking(False)
            await asyncio.get_running_loop().sock_connect(ours, place)
        except BaseException:
            ours.close()
            raise
        return await asyncio.open_connection(sock=ours)

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class _Way:
    """One direction, shared by all connections that go there."""

    def __init__(self, link: SlowLink):
        self._link, self._free_at = link, 0.0

    def due(self, size: int) -> float:
        """Take the way for so many bytes; gives when the last of them arrives."""
        begin = max(self._free_at, asyncio.get_running_loop().time())
        delay = self._link.delay_ms / 1000
        self._free_at = begin + self._link.seconds_for(size) - delay
        return self._free_at + delay

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what comes, late, until it ends; then hang up at the other side."""
        under_way: asyncio.Queue = asyncio.Queue(CHUNKS_UNDER_WAY)
        sender = asyncio.create_task(self._send(under_way, writer))
        try:
            with contextlib.suppress(OSError):
                while chunk := await reader.read(CHUNK):
                    await under_way.put((self.due(len(chunk)), chunk))
            await under_way.put(None)
            await sender
        finally:
            sender.cancel()
            writer.close()

    @staticmethod
    async def _send(under_way: asyncio.Queue, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while (item := await under_way.get()) is not None:
            due, chunk = item
            await asyncio.sleep(due - loop.time())
            with contextlib.suppress(OSError):  # who has hung up needs no more; the rest is dropped
                writer.write(chunk)
                await writer.drain()
