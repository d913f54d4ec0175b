"""Why a mirror gave nothing, in words, with what to do about it."""

import errno
import os
import re
import socket
import ssl
from collections.abc import Iterator
from http import HTTPStatus

from workshop.data.mirrors import Way, useless_certificates, without_password
from workshop.messages import say

_TIMES = ("has expired", "not yet valid")
_NOWHERE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)


def reason(error: Exception, way: Way, *, answer_s: float) -> str:
    """Say in a short sentence why a mirror gave nothing.

    Args:
        error: what `requests`, `urllib3` or the system raised.
        way: the mirror, and how it was asked.
        answer_s: seconds that it had to answer.
    """
    causes = list(_causes(error))
    for explain in (_of_status, _of_words, _of_certificates, _of_proxy, _of_network):
        if words := explain(causes, way):
            return words
    if is_late(error) and way.proxy:
        return say(
            "no answer within {limit:g} s through the proxy {proxy} ({variable})",
            **{"limit": answer_s, "proxy": without_password(way.proxy)},
            variable=_variable(way),
        )
    if is_late(error):
        return say("no answer within {limit:g} s", limit=answer_s)
    return say("the connection broke ({kind})", kind=_kind(causes[-1]))


def is_unreachable(error: Exception, way: Way) -> bool:
    """Say whether nobody was met on the way, neither a mirror nor a proxy."""
    return not way.proxy and any(
        isinstance(cause, socket.gaierror | ConnectionRefusedError)
        or _kind(cause) == "ConnectTimeout"
        or (cause is error and type(cause) is TimeoutError)
        or getattr(cause, "errno", None) in _NOWHERE
        for cause in _causes(error)
    )


def is_late(error: Exception) -> bool:
    """Say whether no answer came in time; a second try would take that time again."""
    return any(
        isinstance(cause, TimeoutError) or "Timeout" in _kind(cause) for cause in _causes(error)
    )


def is_of_certificates(error: Exception) -> bool:
    """Say whether other certificates could help: the mirror's was refused, or ours are none."""
    return any(
        isinstance(cause, ssl.SSLCertVerificationError)
        or "NO_CERTIFICATE_OR_CRL_FOUND" in str(cause)
        or "CA certificate bundle" in str(cause)
        for cause in _causes(error)
    )


def _causes(error: BaseException, seen: tuple = ()) -> Iterator[BaseException]:
    """Give an error and those that led to it, the first one last."""
    if any(error is other for other in seen):
        return
    yield error
    inner = (*error.args, getattr(error, "reason", None), error.__cause__, error.__context__)
    for cause in inner:
        if isinstance(cause, BaseException):
            yield from _causes(cause, (*seen, error))


def _kind(error: BaseException) -> str:
    return type(error).__name__


def _of_status(causes: list, way: Way) -> str:
    answered = next((r for cause in causes if (r := _response(cause)) is not None), None)
    tunnel = next((m for c in causes if (m := re.search(r"Tunnel.*: (\d+)", str(c)))), None)
    status = answered.status_code if answered is not None else int(tunnel[1]) if tunnel else 0
    if status < HTTPStatus.BAD_REQUEST:  # none, or sent on once too often
        return ""
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return say(
            "the proxy asks for a name and a password (HTTP 407): write them into {variable}, as "
            "in http://NAME:PASSWORD@{proxy}",
            **{"variable": _variable(way), "proxy": _host(way.proxy) or "proxy:3128"},
        )
    if status == HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:
        return say("this network asks for a log-in (HTTP 511): open any page in a browser")
    meaning = next((known.phrase for known in HTTPStatus if known == status), "?")
    if tunnel:
        return say(
            "the proxy refuses: HTTP {status} ({meaning})",
            **{"status": status, "meaning": meaning},
        )
    return say("HTTP {status} ({meaning})", **{"status": status, "meaning": meaning})


def _response(cause: BaseException):
    return getattr(cause, "response", None)


def _of_words(causes: list, way: Way) -> str:
    """Explain an address that is none, of a mirror or of a proxy."""
    text = " ".join(map(str, causes))
    if "dependencies for SOCKS" in text:
        return say("{proxy} is a SOCKS proxy, which needs: pip install pysocks", proxy=way.proxy)
    kinds = {_kind(cause) for cause in causes}
    wrong = {"InvalidProxyURL", "ProxySchemeUnknown", "ProxySchemeUnsupported"}
    if kinds & wrong or "SOCKS version" in text:
        return _no_proxy_address(way)
    if not kinds & {"InvalidURL", "InvalidSchema", "MissingSchema", "LocationParseError"}:
        return ""
    if re.match(r"[/\\~.]|[A-Za-z]:[/\\]|file:", way.address, re.IGNORECASE):
        return say("this is a folder, not an address: name it in WORKSHOP_DATA instead")
    if way.proxy and _host(way.proxy) in text:
        return _no_proxy_address(way)
    return say("this is no address: expected http://HOST:PORT/, as in http://teacher:8000/")


def _no_proxy_address(way: Way) -> str:
    return say(
        "{variable} is no address of a proxy: expected http://HOST:PORT or socks5h://HOST:PORT",
        variable=_variable(way),
    )


def _of_certificates(causes: list, way: Way) -> str:
    refused = next((c for c in causes if isinstance(c, ssl.SSLCertVerificationError)), None)
    if refused is not None:
        return _refused(getattr(refused, "verify_message", "") or str(refused))
    broken = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if broken is None:
        return ""
    if "WRONG_VERSION" not in str(broken) and "record layer" not in str(broken):
        return say("no encrypted connection ({why})", why=getattr(broken, "reason", broken))
    if way.proxy.lower().startswith("https"):
        return say(
            "the proxy does not speak https: write http:// in {variable}", variable=_variable(way)
        )
    return say("it does not speak https: write http:// in its address")


def _refused(why: str) -> str:
    if any(words in why for words in _TIMES):
        return say("its certificate was refused ({why}): is this machine's date right?", why=why)
    if "match" in why:
        return say(
            "its certificate is another machine's ({why}): if this network asks for a log-in, open "
            "any page in a browser",
            why=why,
        )
    if useless := useless_certificates():
        return say(
            "its certificate was refused ({why}), and {variables} names no certificates: correct "
            "it, or unset it",
            **{"why": why, "variables": ", ".join(f"{k}={v}" for k, v in useless.items())},
        )
    return say(
        "its certificate was refused ({why}): if this network looks into what passes, set "
        "REQUESTS_CA_BUNDLE to the file with its certificate (.pem); its help desk has it",
        why=why,
    )


def _of_proxy(causes: list, way: Way) -> str:
    """Explain a proxy that is not there, or one of SOCKS that refuses."""
    if not way.proxy:
        return ""
    fields = {"variable": _variable(way), "proxy": without_password(way.proxy)}
    kinds = {_kind(cause) for cause in causes}
    if kinds & {"ProxyConnectionError", "ConnectTimeout"} or (
        "ProxyError" in kinds and not kinds & {"SOCKS5Error", "SOCKS4Error"}
    ):
        return say(
            "the proxy {proxy} does not answer: correct {variable}, or unset it where none is "
            "needed",
            **fields,
        )
    if "SOCKS5AuthError" in kinds:
        return say(
            "the proxy asks for a name and a password: write them into {variable}, as in "
            "socks5h://NAME:PASSWORD@{proxy}",
            **{"variable": fields["variable"], "proxy": _host(way.proxy)},
        )
    socks = next((c for c in reversed(causes) if type(c).__module__ == "socks"), None)
    if socks is None:
        return ""
    return say("the proxy {proxy} did not get there: {why}", why=socks, proxy=fields["proxy"])


def _of_network(causes: list, way: Way) -> str:
    host = _host(way.address)
    if _has(causes, socket.gaierror):
        return say("no machine of the name {host} is known here", host=host.partition(":")[0])
    if _has(causes, ConnectionRefusedError):
        if host.startswith(("localhost", "127.", "0.0.0.0", "[:")):
            return say("no server on this port of this machine: name the machine that it runs on")
        return say("no server on this port of that machine, or a firewall refuses")
    if any(getattr(cause, "errno", None) in _NOWHERE for cause in causes):
        return say("no way leads there from this network")
    return _of_protocol(causes, way)


def _of_protocol(causes: list, way: Way) -> str:
    kinds = {_kind(cause) for cause in causes}
    if "TooManyRedirects" in kinds:
        return say("it sends on and on to other addresses")
    if way.address.startswith("http:") and kinds & {"ConnectionResetError", "BadStatusLine"}:
        return say("the connection broke; does it need https:// in its address?")
    return ""


def _has(causes: list, kind: type) -> bool:
    return any(isinstance(cause, kind) for cause in causes)


def _host(address: str) -> str:
    """Give the host and the port of an address, as they stand there."""
    return re.sub(r"^[^:/]*://", "", without_password(address)).partition("/")[0]


def _variable(way: Way) -> str:
    """Name the variable that brought the proxy, or its file of settings."""
    scheme = way.address.partition(":")[0].lower()
    for name in (f"{scheme}_proxy", "all_proxy"):
        for spelled in (name, name.upper()):
            if os.environ.get(spelled):
                return spelled
    return say("the system's settings")
