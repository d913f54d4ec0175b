"""Why pip failed, in one sentence, from what it wrote into its log.

The patterns are those of pip 23 to 26; numbers of errors stand for words that every system says in
its own language.
"""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies

from workshop.messages import say

COURSE = Path(__file__).resolve().parent.parent.parent
FILE = r"Error: \[(?:Errno|WinError) (?:{numbers})\]"
FULL = FILE.format(numbers="28|122|112|69")
REFUSED = FILE.format(numbers="1|13|30|5") + r"[^\n]*"
IN_USE = FILE.format(numbers="32|26")
LONG = FILE.format(numbers="206|36") + "|Long Path"
NO_CERTIFICATES = r"suitable TLS CA certificate bundle, invalid path: ([^\n]+)"
CLOCK = r"certificate is not yet valid|certificate has expired"
CERTIFICATE = r"CERTIFICATE_VERIFY_FAILED|confirming the ssl certificate|SSLVerificationError"
PROXY = (
    r"(?i)(?:cannot|unable to) connect to proxy|Proxy URL had|check proxy URL|Tunnel connection "
    r"failed|ProxyError|InvalidProxyURL|Not supported proxy scheme"
)
PLAIN = r"repository located at (\S+) is not a trusted"
BROKEN = (
    r"Connection broken|IncompleteRead|incomplete-download|Incomplete ?Download|ConnectionReset"
    r"|\[Errno 104\]|WinError 10054|DO NOT MATCH THE HASHES|Wheel '[^\n]* is invalid"
    r"|ReadTimeoutError: |BadZipFile|ProtocolError: |timed out\.\n"
)
NOWHERE = (
    r"NewConnectionError|NameResolutionError|ConnectTimeout|Read timed out|Connection aborted"
    r"|ConnectionFailedError|Network is unreachable|Failed to establish"
)
ANSWER = r"too many (\d+) error|HTTP error (?!404)(\d+)|((?!404)[45]\d\d) (?:Client|Server) Error"


@dataclass(frozen=True)
class Reason:
    """Why pip failed.

    Args:
        words: for a person.
        broken: a connection broke in mid-file: another try may do.
        lacking: pip found no such package, or none for this machine, where it looked.
    """

    words: str
    broken: bool = False
    lacking: bool = False


def reason(log: str, status: int) -> Reason:
    """Say why pip failed.

    Args:
        log: what it wrote.
        status: its exit status.

    Returns:
        The reason; where none is known, the usual ones.

    Example:
        >>> reason("ERROR: Could not install packages due to an OSError: [Errno 28] ...", 1).words
        'A disk is full. ...
    """
    if "Operation cancelled by user" in log:
        return Reason(say("It was stopped."))
    for words in (*_of_the_machine(log, status), *_of_certificates(log), *_of_proxies(log)):
        return Reason(words)
    if re.search(BROKEN, log):
        return Reason(
            say(
                "The connection to {host} breaks: move nearer to the Wi-Fi, take a cable or "
                "another network, or ask for a stick with the course.",
                host=_host(log),
            ),
            broken=True,
        )
    if re.search(NOWHERE, log):
        return Reason(
            say(
                "There is no network, or it does not let you through to {host}: open any page in a "
                "browser (a hotel or a campus may ask you to log in), or ask for a stick with the "
                "course.",
                host=_host(log),
            )
        )
    return _of_the_packages(log, status)


def _of_the_machine(log: str, status: int) -> Iterator[str]:
    if re.search(FULL, log):
        yield say(
            "A disk is full. Free are {rooms}; the first needs 3 GB, the others 1 GB (the "
            "variables TMPDIR and PIP_CACHE_DIR move them).",
            rooms=_rooms(),
        )
    if re.search(LONG, log):
        yield say(
            "The path of this folder is too long: move the course to a short one, such as "
            "C:\\course or your home folder."
        )
    if re.search(IN_USE, log):
        yield say(
            "Another program holds a file of the environment: close JupyterLab and editors, and "
            "where OneDrive or a virus scanner watches this folder, move the course out of it."
        )
    if found := re.search(REFUSED, log):
        yield say(
            "A file could not be written ({why}): you need the right to write to the course's "
            "folder, and no virus scanner or OneDrive that guards it.",
            why=found[0].partition(": ")[2],
        )
    if status in (137, -9) or re.search(r"^\S* *MemoryError", log, re.M):
        yield say("The memory did not do: close other programs; 2 GB should be free.")


def _of_certificates(log: str) -> Iterator[str]:
    if found := re.search(NO_CERTIFICATES, log):
        path = found[1].strip()
        named = [name for name, value in os.environ.items() if value == path]
        yield say(
            "{name} names {path}, which is not there: correct it, or unset it.",
            **{"name": ", ".join(named) or "PIP_CERT", "path": path},
        )
    if re.search(CLOCK, log):
        yield say(
            "The certificate of {host} is too old or too new for this machine's clock: set date "
            "and time right. If they are, a proxy or a virus scanner opens the connection.",
            host=_host(log),
        )
    if re.search(CERTIFICATE, log):
        yield say(
            "The certificate of {host} is refused: a proxy, a virus scanner or a login page opens "
            "the connection. Get its certificate (a .pem file) from the people who run the network "
            "and set REQUESTS_CA_BUNDLE to that file, or take another network.",
            host=_host(log),
        )


def _of_proxies(log: str) -> Iterator[str]:
    if "Missing dependencies for SOCKS" in log:
        yield say(
            "Your proxy ({proxy}) speaks SOCKS, and pip does not: set HTTPS_PROXY to an http:// "
            "address of the proxy (most have one), unset ALL_PROXY where you need no proxy, or ask "
            "for a stick with the course.",
            proxy=_proxy(),
        )
    if "407 Proxy" in log:
        yield say(
            "The proxy {proxy} wants a name and a password: set HTTPS_PROXY to "
            "http://NAME:PASSWORD@HOST:PORT (a special character as %40 and so on).",
            proxy=_proxy(),
        )
    if re.search(PROXY, log):
        yield say(
            "The proxy {proxy} does not answer, or does not let you through to {host}: correct "
            "HTTPS_PROXY, or unset it where you need no proxy.",
            **{"proxy": _proxy(), "host": _host(log)},
        )
    if found := re.search(PLAIN, log):
        yield say(
            "pip does not trust {host}, whose address begins with http: if it is the mirror of "
            "your room, set PIP_TRUSTED_HOST={host}.",
            host=found[1],
        )


def _of_the_packages(log: str, status: int) -> Reason:
    """Say what is wrong though every connection held."""
    if found := re.search(ANSWER, log):
        number = next(filter(None, found.groups()))
        return Reason(
            say(
                "{host} answered with error {number}: wait some minutes.",
                **{"host": _host(log), "number": number},
            )
        )
    if found := re.search(r"Configuration file [^\n]*", log):
        return Reason(say("pip's settings can't be read: {why}.", why=found[0].rstrip(".")))
    if "conflicting dependencies" in log:
        # So pip speaks also of a version of constraints.txt for which it finds no wheel.
        asked = set(re.findall(r"\(constraint\) ([\w.-]+)([=<>!~][^\s;]*)", log))
        names = sorted(name for name, _ in asked)
        if len(names) == len(set(names)):
            return Reason(_lacking(", ".join(names) or "a package", log), lacking=True)
        return Reason(
            say(
                "pip is told other versions than those of constraints.txt ({names}): unset "
                "PIP_CONSTRAINT, and look at what `pip config list` shows.",
                names=", ".join(f"{name}{version}" for name, version in sorted(asked)),
            )
        )
    if found := re.search(r"No matching distribution found for ([^\s(;]+)", log):
        return Reason(_lacking(found[1], log), lacking=True)
    return Reason(
        say(
            "pip ended with status {status}; its last lines say why. Often it is the network, a "
            "full disk (3 GB are needed), or it was stopped.",
            status=status,
        )
    )


def _lacking(name: str, log: str) -> str:
    if os.environ.get("PIP_NO_INDEX"):
        return say(
            "PIP_NO_INDEX is set, so pip does not use the network, and {name} is not here: unset "
            "it.",
            name=name,
        )
    return say(
        "{host} has no {name} for this Python and system: a mirror must have all that "
        "constraints.txt names; and where a hotel or a campus asks you to log in, open any page in "
        "a browser first.",
        **{"host": _host(log), "name": name},
    )


def _host(log: str) -> str:
    """Name the machine that pip asked last."""
    asked = re.findall(r"(?:fetch URL|Getting page|index url|Downloading) (https?://\S+)", log)
    names = [urlsplit(address).hostname for address in asked]
    return next(filter(None, reversed(names)), None) or say("the package index")


def _proxy() -> str:
    """Name the proxy as this machine has it set, without a password."""
    proxies = getproxies()
    chosen = next((proxies[kind] for kind in ("https", "all", "http") if kind in proxies), "")
    return re.sub(r"[^/@]*@", "", chosen) or say("of this machine")


def _rooms() -> str:
    places = dict.fromkeys([str(COURSE), tempfile.gettempdir(), str(Path.home())])
    return ", ".join(
        say("{free:.1f} GB in {folder}", free=shutil.disk_usage(place).free / 1e9, folder=place)
        for place in places
    )
