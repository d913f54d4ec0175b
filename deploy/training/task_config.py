"""`TF_CONFIG` from what Kubernetes tells a pod: the job's name, and which of its pods this is.

Kubernetes numbers the pods of an Indexed Job and sets `JOB_COMPLETION_INDEX`; a JobSet gives each a
name that other pods can look up. TensorFlow wants all names, and its own place, in one variable.
"""

import socket
import time
from collections.abc import Mapping, Sequence

from workshop.cluster import tf_config

PORT = 2222
ROLE = "node"  # the name of the replicated job in runtime.yaml
LOCAL = "127.0.0.1"
NEEDED = ("JOB_NAME", "WORKERS", "JOB_COMPLETION_INDEX")


def task_config(environment: Mapping[str, str], *, local_ports: Sequence[int] | None = None) -> str:
    """Write the `TF_CONFIG` of one pod.

    Args:
        environment: with `JOB_NAME` (of the TrainJob), `WORKERS` (how many pods it has) and
            `JOB_COMPLETION_INDEX` (which one this is, from 0), as runtime.yaml sets them.
        local_ports: ports of this machine in place of the pods' names, one a worker, to try the
            program without Kubernetes.

    Returns:
        JSON with all addresses, and the task of this pod.

    Raises:
        ValueError: a variable is missing or no whole number, this pod is not among the workers, or
            the number of ports is not that of the workers.

    Example:
        >>> pod = {"JOB_NAME": "digits", "WORKERS": "2", "JOB_COMPLETION_INDEX": "1"}
        >>> task_config(pod)
        '{"cluster": {"worker": ["digits-node-0-0.digits:2222", "digits-node-0-1.digits:2222"]}, \
"task": {"type": "worker", "index": 1}}'

    Source:
        The names of pods: documentation of JobSet, `network.enableDNSHostnames`.
    """
    if missing := [name for name in NEEDED if not environment.get(name)]:
        raise ValueError(
            f"The variables {', '.join(missing)} are not set; runtime.yaml and trainjob.yaml set "
            "them in a pod, and README.md shows how to set them by hand."
        )
    name = environment["JOB_NAME"]
    workers, index = (_number(environment, key) for key in ("WORKERS", "JOB_COMPLETION_INDEX"))
    if not index < workers:
        raise ValueError(
            f"This is pod {index} (from 0), and WORKERS is {workers}. Give numNodes and WORKERS "
            "the same number in trainjob.yaml."
        )
    places = [f"{name}-{ROLE}-0-{place}.{name}:{PORT}" for place in range(workers)]
    if local_ports is not None:
        if len(local_ports) != workers:
            raise ValueError(
                f"expected {workers} ports, one for each worker, got {len(local_ports)}"
            )
        places = [f"{LOCAL}:{port}" for port in local_ports]
    return tf_config({"worker": places}, "worker", index)


def _number(environment: Mapping[str, str], key: str) -> int:
    text = environment[key]
    if not text.isdigit():
        raise ValueError(f"{key}: expected a whole number, got {text!r}")
    return int(text)


def wait_for_names(addresses: Sequence[str], *, seconds: float = 300) -> None:
    """Wait until all pods have an address; they start when the cluster has room for them.

    Without this a worker whose neighbour never starts waits in silence.

    Args:
        addresses: of all workers, as host:port.
        seconds: to wait at most.

    Raises:
        TimeoutError: with the names that nobody has.

    Example:
        >>> wait_for_names(["127.0.0.1:2222"])
    """
    deadline = time.monotonic() + seconds
    waiting = [address.rpartition(":")[0] for address in addresses]
    while waiting := [name for name in waiting if not _is_known(name)]:
        if time.monotonic() > deadline:
            raise TimeoutError(
                f"After {seconds:g} s there is no pod {', '.join(waiting)}. Is there room for all "
                "(kubectl describe pod)? Is numNodes in trainjob.yaml the same as WORKERS?"
            )
        time.sleep(min(1, seconds))


def _is_known(name: str) -> bool:
    try:
        socket.getaddrinfo(name, PORT)
    except OSError:
        return False
    return True
