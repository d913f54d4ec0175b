"""`TF_CONFIG`: which tasks a cluster has, where they listen, and which one this process is."""

import json
import socket
from collections.abc import Mapping, Sequence

from workshop.messages import say

KINDS = ("chief", "worker", "ps", "evaluator")
HOST = "127.0.0.1"
LAST_PORT = 65_535


def tf_config(addresses: Mapping[str, Sequence[str]], kind: str, index: int) -> str:
    """Write the text that TensorFlow's strategies read from the variable `TF_CONFIG`.

    All tasks of a cluster get the same addresses, and each its own kind and index.

    Args:
        addresses: for each kind of task ("chief", "worker", "ps" for a parameter server), where
            its tasks listen, as "host:port", in the order of their indices.
        kind: which kind the process is.
        index: which of its kind, from 0.

    Returns:
        JSON with the keys `cluster` and `task`.

    Raises:
        ValueError: a kind that TensorFlow does not know, an address without a port, the same
            address twice, or a task that the addresses don't have.

    Example:
        >>> tf_config({"worker": ["127.0.0.1:5000", "127.0.0.1:5001"]}, "worker", 1)
        '{"cluster": {"worker": ["127.0.0.1:5000", "127.0.0.1:5001"]}, "task": {"type": "worker", \
"index": 1}}'

    Source:
        The documentation of `tf.distribute.cluster_resolver.TFConfigClusterResolver`.
    """
    cluster = {name: list(places) for name, places in addresses.items()}
    text = json.dumps({"cluster": cluster, "task": {"type": kind, "index": index}})
    read_tf_config(text)
    return text


def read_tf_config(text: str) -> dict:
    """Read a `TF_CONFIG` and hold it against what TensorFlow needs.

    TensorFlow itself often says nothing: with a wrong one, a worker waits for the others forever.

    Args:
        text: the JSON.

    Returns:
        The dict with the keys `cluster` and `task`.

    Raises:
        ValueError: what TensorFlow needs, and what it got instead.

    Example:
        >>> read_tf_config('{"cluster": {"worker": ["127.0.0.1:5000"]}}')
        Traceback (most recent call last):
        ...
        ValueError: TF_CONFIG: expected the keys "cluster" and "task", got ['cluster'].
    """
    try:
        config = json.loads(text)
    except ValueError as error:
        message = say("TF_CONFIG: expected JSON, got {got!r:.80} ({why}).", got=text, why=error)
        raise ValueError(message) from None
    if not isinstance(config, dict) or not {"cluster", "task"} <= config.keys():
        got = sorted(config) if isinstance(config, dict) else config
        raise ValueError(
            say('TF_CONFIG: expected the keys "cluster" and "task", got {got!r}.', got=got)
        )
    _check_addresses(config["cluster"])
    _check_task(config["task"], config["cluster"])
    return config


def _check_addresses(addresses: object) -> None:
    if not isinstance(addresses, dict) or not addresses:
        raise ValueError(
            say(
                "The cluster of TF_CONFIG: expected a list of addresses for each kind of task, of "
                "{kinds}, got {got!r}.",
                **{"kinds": ", ".join(KINDS), "got": addresses},
            )
        )
    for kind, places in addresses.items():
        check_kind(kind)
        if not isinstance(places, list) or not places:
            raise ValueError(
                say(
                    "{kind!r}: expected a list of addresses host:port, got {got!r}.",
                    **{"kind": kind, "got": places},
                )
            )
        for place in places:
            _check_address(place)
    every = [place for places in addresses.values() for place in places]
    if twice := [place for place in every if every.count(place) > 1]:
        raise ValueError(
            say(
                "The address {address} appears twice; each task needs its own.",
                address=twice[0],
            )
        )
    if (chiefs := len(addresses.get("chief", []))) > 1:
        raise ValueError(say("chief: expected one per cluster, got {got}.", got=chiefs))


def check_kind(kind: object) -> None:
    """Refuse a kind of task that TensorFlow does not know.

    Args:
        kind: such as "worker".

    Raises:
        ValueError: with the kinds that are known.

    Example:
        >>> check_kind("worker")
    """
    if kind not in KINDS:
        kinds = ", ".join(KINDS)
        raise ValueError(
            say("The kind of a task: expected one of {kinds}, got {got!r}.", kinds=kinds, got=kind)
        )


def name_tasks(tasks: Mapping[str, int]) -> dict[str, tuple[str, int]]:
    """Name each task of a cluster.

    Args:
        tasks: how many of each kind.

    Returns:
        For each name its kind and index, in the order of `tasks`.

    Raises:
        ValueError: a kind that TensorFlow does not know, a number that is not from 1, or no tasks.

    Example:
        >>> name_tasks({"chief": 1, "worker": 2})
        {'chief 0': ('chief', 0), 'worker 0': ('worker', 0), 'worker 1': ('worker', 1)}
    """
    for kind, count in tasks.items():
        check_kind(kind)
        if not isinstance(count, int) or count < 1:
            raise ValueError(
                say("{kind!r}: expected a whole number from 1, got {got!r}.", kind=kind, got=count)
            )
    if not tasks:
        raise ValueError(
            say('tasks: expected the number of each kind, such as {{"worker": 2}}, got none.')
        )
    return {f"{kind} {index}": (kind, index) for kind in tasks for index in range(tasks[kind])}


def _check_address(place: object) -> None:
    host, _, port = str(place).rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) <= LAST_PORT:
        raise ValueError(
            say(
                "Expected an address host:port, such as {host}:5000, got {got!r}.",
                host=HOST,
                got=place,
            )
        )


def _check_task(task: object, addresses: dict) -> None:
    if not isinstance(task, dict) or not {"type", "index"} <= task.keys():
        raise ValueError(
            say('The task of TF_CONFIG: expected "type" and "index", got {got!r}.', got=task)
        )
    kind, index = task["type"], task["index"]
    count = len(addresses.get(kind, []))
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < count:
        has = {name: len(places) for name, places in addresses.items()}
        raise ValueError(
            say(
                "The task {kind!r} {index!r} is not in the cluster; it has {tasks}.",
                **{"kind": kind, "index": index, "tasks": has},
            )
        )


def free_ports(count: int) -> list[int]:
    """Find ports on this machine that are not in use.

    Args:
        count: how many.

    Returns:
        Different ports. Another program could take one before it is used; that is rare.

    Example:
        >>> len(set(free_ports(3)))
        3
    """
    waiting = [socket.socket() for _ in range(count)]
    try:
        for one in waiting:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in waiting]
    finally:
        for one in waiting:
            one.close()
