"""The slow way between tasks: what goes in comes out, late; and its ends are closed."""

import asyncio
import contextlib
import hashlib
import random
import socket
import threading
import time

import pytest
from processes import until

from workshop.cluster import SlowLink, start_cluster
from workshop.cluster.link import _Way


@pytest.fixture
def echo():
    """A server that answers with what it gets; gives its address."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer(connection):
        with connection, contextlib.suppress(OSError):
            while data := connection.recv(1 << 16):
                connection.sendall(data)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                threading.Thread(target=answer, args=[connection], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield f"127.0.0.1:{server.getsockname()[1]}"
    server.close()


@pytest.fixture
def through(echo):
    """Open a slow link to the echo server, and connections through it."""
    with contextlib.ExitStack() as opened:

        def connect(link):
            opened.callback(link.close)
            host, port = link.open({"worker": [echo]})["worker"][0].split(":")
            connection = socket.create_connection((host, int(port)), 30)
            connection.settimeout(60)
            opened.callback(connection.close)
            return connection

        yield connect


def ask(connection, data):
    """Send, and read as much as was sent."""
    threading.Thread(target=connection.sendall, args=[data], daemon=True).start()
    answer = b""
    while len(answer) < len(data):
        came = connection.recv(1 << 16)
        assert came, "the connection was cut"
        answer += came
    return answer


def test_bytes_come_through_as_they_were(through):
    data = random.Random(7).randbytes(3_000_000)
    answer = ask(through(SlowLink(megabits_per_s=10_000)), data)
    assert hashlib.sha256(answer).digest() == hashlib.sha256(data).digest()


def test_the_rate_is_never_above_what_was_asked(through):
    link = SlowLink(megabits_per_s=80)  # 10 million bytes a second
    connection = through(link)
    start = time.monotonic()
    ask(connection, bytes(3_000_000))
    taken = time.monotonic() - start
    assert taken >= 0.97 * link.seconds_for(3_000_000)


def test_each_message_is_under_way_for_the_delay_there_and_back(through):
    connection = through(SlowLink(megabits_per_s=1000, delay_ms=60))
    for _ in range(3):
        start = time.monotonic()
        assert ask(connection, b"ping") == b"ping"
        assert time.monotonic() - start >= 0.12


def test_a_delay_does_not_take_rate():
    """Chunks follow one another at the rate; that each is under way for long holds up none."""
    link = SlowLink(megabits_per_s=8, delay_ms=500)  # a million bytes a second

    async def arrivals():
        way = _Way(link)
        return [way.due(10_000) for _ in range(8)]

    first, *others = asyncio.run(arrivals())
    assert [at - first for at in others] == pytest.approx([0.01 * k for k in range(1, 8)])


def test_who_hangs_up_is_heard_and_a_shut_door_stays_shut(through):
    connection = through(SlowLink(megabits_per_s=100))
    assert ask(connection, b"ping") == b"ping"
    with socket.create_server(("127.0.0.1", 0)) as unused:
        nobody = f"127.0.0.1:{unused.getsockname()[1]}"
    link = SlowLink(megabits_per_s=100)
    host, port = link.open({"worker": [nobody]})["worker"][0].split(":")
    with socket.create_connection((host, int(port)), 30) as caller:
        caller.settimeout(30)
        with contextlib.suppress(ConnectionError):
            assert caller.recv(1) == b""
    link.close()


def test_a_closed_link_listens_no_more_and_leaves_no_thread(through):
    threads = threading.active_count()
    link = SlowLink(megabits_per_s=100)
    host, port = link.open({"worker": ["127.0.0.1:9"]})["worker"][0].split(":")
    with pytest.raises(RuntimeError, match="one for each cluster"):
        link.open({"worker": ["127.0.0.1:9"]})
    link.close()
    link.close()
    with pytest.raises(OSError):
        socket.create_connection((host, int(port)), 5)
    until(lambda: threading.active_count() <= threads, "a thread is left")


@pytest.mark.parametrize(
    ("rate", "delay", "says"),
    [
        (0, 0, "expected a rate above 0, got 0"),
        (-5, 0, "expected a rate above 0, got -5"),
        (float("nan"), 0, "expected a rate above 0, got nan"),
        (10, -1, "expected a delay of 0 or more, got -1"),
    ],
)
def test_a_link_that_can_not_be_is_told(rate, delay, says):
    with pytest.raises(ValueError, match=says):
        SlowLink(rate, delay)


def test_tasks_meet_through_the_link_and_keep_their_own_address(write):
    path = write(
        "import json, os\n"
        "config = json.loads(os.environ['TF_CONFIG'])\n"
        "print(*config['cluster']['worker'])\n"
    )
    link = SlowLink(megabits_per_s=100)
    with start_cluster(path, {"worker": 2}, link=link) as cluster:
        cluster.wait(60, show=None)
        (own0, slow1), (slow0, own1) = (
            cluster[name].output.split() for name in ("worker 0", "worker 1")
        )
    assert len({own0, slow0, own1, slow1}) == 4
    with pytest.raises(OSError):  # it was closed with the cluster
        socket.create_connection(("127.0.0.1", int(slow0.split(":")[1])), 5)


def test_an_all_reduce_takes_as_long_as_the_link_says(write):
    pytest.importorskip("tensorflow")
    path = write(
        "import time, tensorflow as tf\n"
        "strategy = tf.distribute.MultiWorkerMirroredStrategy()\n"
        "values = tf.ones(500_000)\n"  # 2 MB
        "@tf.function\n"
        "def add():\n"
        "    here = tf.distribute.get_replica_context()\n"
        "    return tf.reduce_sum(here.all_reduce('SUM', values))\n"
        "for _ in range(3):\n"
        "    start = time.perf_counter()\n"
        "    total = float(strategy.run(add))\n"
        "    print('took', time.perf_counter() - start, total)\n"
    )
    link = SlowLink(megabits_per_s=100)
    with start_cluster(path, {"worker": 2}, link=link) as cluster:
        cluster.wait(240, silence=200, show=None)
        lines = cluster["worker 0"].last_lines().splitlines()[-2:]
    for line in lines:
        _, taken, total = line.split()
        assert float(total) == 1_000_000
        # Two workers exchange half of the bytes twice: 2 MB each way at 12.5 MB/s.
        assert float(taken) > 0.9 * link.seconds_for(2_000_000)
