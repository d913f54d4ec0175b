"""`TF_CONFIG`: which tasks a cluster has, where they listen, and which one this process is."""

import json
import socket
from collections.abc import Mapping, Sequence

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

    TensorFlow itself often says nothing: with a wrong one a worker waits for others without end.

    Args:
        text: the JSON.

    Returns:
        The dict with the keys `cluster` and `task`.

    Raises:
        ValueError: what came, what is needed.

    Example:
        >>> read_tf_config('{"cluster": {"worker": ["127.0.0.1:5000"]}}')
        Traceback (most recent call last):
        ...
        ValueError: TF_CONFIG has the keys ['cluster']; it needs "cluster" and "task".
    """
    try:
        config = json.loads(text)
    except ValueError as error:
        raise ValueError(f"TF_CONFIG is no JSON ({error}); it came as {text[:80]!r}.") from None
    if not isinstance(config, dict) or not {"cluster", "task"} <= config.keys():
        came = f"the keys {sorted(config)}" if isinstance(config, dict) else repr(config)
        raise ValueError(f'TF_CONFIG has {came}; it needs "cluster" and "task".')
    _check_addresses(config["cluster"])
    _check_task(config["task"], config["cluster"])
    return config


def _check_addresses(addresses: object) -> None:
    if not isinstance(addresses, dict) or not addresses:
        raise ValueError(
            f"The cluster of TF_CONFIG is {addresses!r}; it needs a list of addresses for each "
            f"kind of task, of {', '.join(KINDS)}."
        )
    for kind, places in addresses.items():
        check_kind(kind)
        if not isinstance(places, list) or not places:
            raise ValueError(f"{kind!r} has {places!r}; a list of addresses host:port is needed.")
        for place in places:
            _check_address(place)
    every = [place for places in addresses.values() for place in places]
    if twice := [place for place in every if every.count(place) > 1]:
        raise ValueError(f"The address {twice[0]} stands there twice; each task needs its own.")
    if len(addresses.get("chief", [])) > 1:
        raise ValueError(f"There are {len(addresses['chief'])} chiefs; a cluster has one.")


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
        raise ValueError(f"The kind of task {kind!r} is unknown; known are {', '.join(KINDS)}.")


def _check_address(place: object) -> None:
    host, _, port = str(place).rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) <= LAST_PORT:
        raise ValueError(f"{place!r} is no address; needed is host:port, such as {HOST}:5000.")


def _check_task(task: object, addresses: dict) -> None:
    if not isinstance(task, dict) or not {"type", "index"} <= task.keys():
        raise ValueError(f'The task of TF_CONFIG is {task!r}; it needs "type" and "index".')
    kind, index = task["type"], task["index"]
    count = len(addresses.get(kind, []))
    if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < count:
        has = {name: len(places) for name, places in addresses.items()}
        raise ValueError(f"The task {kind!r} {index!r} is not in the cluster; it has {has}.")


def free_ports(count: int) -> list[int]:
    """Find ports on this machine that nobody listens on.

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


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port of this machine.

    Args:
        port: the port.

    Returns:
        True where it can be used.

    Example:
        >>> is_free(free_ports(1)[0])
        True
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
