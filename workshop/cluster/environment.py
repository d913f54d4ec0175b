"""The variables that a script beside the notebook starts with."""

import os
import sys
from collections.abc import Mapping, Sequence

LOOPBACK = ("127.0.0.1", "localhost", "::1")
EXCEPTIONS = {"no_proxy", "no_grpc_proxy"}
# Kernels ask for colours, and Python 3.13 would write them into the file.
PLAIN = {"PYTHONUNBUFFERED": "1", "PYTHON_COLORS": "0"}
# Else Python prints into a file in the code page of a console, or of the learner's settings.
UTF8 = {"PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8:surrogateescape"}


def script_environment(own: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give the variables of a script: this process's, and what its output and its network need.

    Args:
        own: variables for this script, which come before those of this process.

    Returns:
        All variables. Python prints in UTF-8, as `RunningScript.output` reads, whatever is set. If
        there is a proxy for the way outside, processes on this machine talk past it.

    Example:
        >>> script_environment({"http_proxy": "http://proxy.example:3128"})["no_proxy"]
        '127.0.0.1,localhost,::1'
    """
    given = {**os.environ, **PLAIN, **UTF8, **(own or {})}
    variables = {_name(name): value for name, value in given.items()}
    variables["PYTHONIOENCODING"] = UTF8["PYTHONIOENCODING"]  # the file is ours
    return variables | past_proxies(variables)


def past_proxies(variables: Mapping[str, str], hosts: Sequence[str] = LOOPBACK) -> dict[str, str]:
    """Name hosts in all variables that say what is reached without a proxy.

    Programs read the one spelling or the other. gRPC, by which TensorFlow's tasks talk, reads a
    name of its own first, and does not know that `*` means all.

    Args:
        variables: those of a process.
        hosts: names or addresses, without a port; this machine's without them.

    Returns:
        The variables to set in it, with what stood there before; none where no proxy is set.

    Example:
        >>> past_proxies({"https_proxy": "http://proxy.example:3128"}, ["pod-0"])["no_grpc_proxy"]
        'pod-0'
    """
    proxies = {name.lower() for name, value in variables.items() if value} - EXCEPTIONS
    if not any(name.endswith("_proxy") for name in proxies):
        return {}  # with exceptions alone Python would not ask Windows and macOS for their proxy
    names = "no_proxy", "NO_PROXY", "no_grpc_proxy"
    lower, upper, grpc = (variables.get(_name(name), "").strip() for name in names)
    found = {"no_proxy": lower or upper, "NO_PROXY": upper or lower}
    own = {name: text if text == "*" else _with(hosts, text) for name, text in found.items()}
    own["no_grpc_proxy"] = _with(hosts, grpc or lower or upper)
    return {_name(name): text for name, text in own.items()}


def _with(hosts: Sequence[str], text: str) -> str:
    there = [host.strip() for host in text.split(",") if host.strip()]
    return ",".join([*there, *(host for host in hosts if host not in there)])


def _name(name: str) -> str:
    """Give the one spelling of a name where the system makes no difference."""
    return name.upper() if sys.platform == "win32" else name
