"""Shuts the network off for a Python process that has this folder on its path; loopback stays.

It also leaves out an import that takes longer than all else of nbval.
"""

import errno
import ipaddress
import socket
import sys

_getaddrinfo, _connect, _connect_ex = (
    socket.getaddrinfo,
    socket.socket.connect,
    socket.socket.connect_ex,
)


def _is_local(host):
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


def _refused(host):
    return OSError(errno.ENETUNREACH, f"no network in this test: {host}")


def _guarded_getaddrinfo(host, *args, **kwargs):
    if not _is_local(host):
        raise socket.gaierror(socket.EAI_NONAME, f"no network in this test: {host}")
    return _getaddrinfo(host, *args, **kwargs)


def _guarded_connect(self, address):
    if isinstance(address, tuple) and not _is_local(address[0]):
        raise _refused(address[0])
    return _connect(self, address)


def _guarded_connect_ex(self, address):
    if isinstance(address, tuple) and not _is_local(address[0]):
        return errno.ENETUNREACH
    return _connect_ex(self, address)


if __name__ == "sitecustomize":  # and not where pytest looks for doctests in here
    socket.getaddrinfo = _guarded_getaddrinfo
    socket.socket.connect = _guarded_connect
    socket.socket.connect_ex = _guarded_connect_ex

    # Whatever imports nbformat imports this, which takes 1.4 s to make its grammar of addresses;
    # without it they are not looked at, and no notebook of ours holds one where they would be.
    sys.modules["rfc3987_syntax"] = None
