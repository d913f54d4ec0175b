"""Mirrors of MNIST and the ways to them: past a proxy or through it, with which certificates."""

import ipaddress
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from workshop.messages import say
from workshop.variables import bare

MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
)
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
_FILE = re.compile(r"[^/]*(\.gz|\.npz|-ubyte|\.html?)(\?[^/]*)?", re.IGNORECASE)
_FOLDER = re.compile(r"[/\\~.]|[A-Za-z]:[/\\]|file:", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Way:
    """A mirror, and how it is reached.

    Args:
        address: of the folder, with a slash at its end.
        proxies: as `requests` takes them; empty to go there directly.
        system: trust what this machine trusts, such as a company's own certificates; if not, what
            `requests` does.
    """

    address: str
    proxies: dict[str, str] = field(default_factory=dict)
    system: bool = False

    @property
    def proxy(self) -> str:
        """The address of the proxy; empty where there is none on this way."""
        import requests

        return requests.utils.select_proxy(self.address, self.proxies) or ""

    @property
    def name(self) -> str:
        """What a person reads: no password; of a public mirror the host will do."""
        if self.address in MIRRORS:
            return urlsplit(self.address).netloc
        address = without_password(self.address)
        if not self.proxy:
            return address
        return say(
            "{address} through {proxy}",
            **{"address": address, "proxy": without_password(self.proxy)},
        )


def are_named() -> bool:
    """Say whether WORKSHOP_MIRRORS names mirrors, so that the public ones are not asked."""
    return bool(_words())


def mirrors() -> list[str]:
    """List the addresses to fetch from: those in WORKSHOP_MIRRORS, or else the public ones.

    A teacher whose class has no network serves a folder with the four `.gz` files
    (`python -m http.server`) and names its address there, or several. What people write is
    understood: `teacher:8000`, a comma between two, quotes, the name of a file at the end.

    Returns:
        Addresses of folders, each with a slash at its end.

    Example:
        >>> all(address.endswith("/") for address in mirrors())
        True
    """
    return list(dict.fromkeys(map(_address, _words() or MIRRORS)))


def ways() -> list[Way]:
    """List the ways to the mirrors: a named one may be on this side of the proxy or beyond it."""
    found = []
    for address in mirrors():
        proxies = _proxies(address)
        near = _nearness(urlsplit(address).hostname or "")
        if not proxies or near == "here":
            found.append(Way(address))
        elif are_named():
            both = [Way(address), Way(address, proxies)]
            found += both if near else reversed(both)
        else:
            found.append(Way(address, proxies))
    return found


def session(way: Way):
    """Open a session for a way; a redirect doesn't leave it.

    Args:
        way: where it will go, how, and with which certificates.

    Returns:
        A `requests.Session`, to be closed.
    """
    import requests

    opened = requests.Session()
    opened.trust_env = False  # the way is chosen already
    opened.proxies = dict(way.proxies)
    bundles = _bundles()
    if not way.system:
        opened.verify = bundles.get("REQUESTS_CA_BUNDLE") or bundles.get("CURL_CA_BUNDLE") or True
    else:
        opened.mount("https://", _system_adapter())
    return opened


def useless_certificates() -> dict[str, str]:
    """Find variables that name certificates where there are none: the path of each variable."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return {name: path for name, path in _bundles().items() if not _is_loaded(context, path)}


def without_password(address: str) -> str:
    """Leave out the name and the password of an address.

    Example:
        >>> without_password("http://me:secret@proxy:3128")
        'http://proxy:3128'
    """
    return re.sub(r"(?<=://)[^/@]*@", "", address)


def _words() -> list[str]:
    words = re.split(r"[\s,;]+", os.environ.get("WORKSHOP_MIRRORS", ""))
    return list(filter(None, (bare(word).strip("<>()") for word in words)))


def _address(word: str) -> str:
    """Make an address of what a person wrote; one that is none of the web stays as it is."""
    web = re.fullmatch(r"(https?):?[/\\]+(.*)", word, re.IGNORECASE)
    if web:
        scheme, rest = web[1].lower(), web[2].replace("\\", "/")
    elif _FOLDER.match(word) or "://" in word:
        return word.rstrip("/") + "/"
    else:
        scheme, rest = "http", word
        if rest.strip(":/").isdigit():  # only a port
            rest = f"localhost:{rest.strip(':/')}"
    *folders, last = rest.rstrip("/").split("/")
    if folders and _FILE.fullmatch(last):
        rest = "/".join(folders)
    return f"{scheme}://{rest.rstrip('/')}/"


def _proxies(address: str) -> dict[str, str]:
    """Read the proxies for an address: of the environment, or of Windows' and macOS' settings."""
    import requests

    try:
        found = requests.utils.get_environ_proxies(address)
    except (ValueError, UnicodeError):  # no address at all; the reason is said when it is asked
        return {}
    # Desktops of Linux write socks://, which no library knows: what is meant is SOCKS 5.
    clean = {
        scheme: re.sub(r"^socks:", "socks5h:", bare(proxy), flags=re.IGNORECASE)
        for scheme, proxy in found.items()
        if scheme in ("http", "https", "all")
    }
    return {scheme: proxy for scheme, proxy in clean.items() if proxy}


def _nearness(host: str) -> str:
    """Say where a host is: "here", "near" (no proxy need be on the way), or "" for far away."""
    if host == "localhost" or host.endswith(".localhost"):
        return "here"
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return "near" if "." not in host or host.endswith((".local", ".lan")) else ""
    if number.is_loopback or number.is_unspecified:
        return "here"
    return "near" if number.is_private or number.is_link_local else ""


def _system_adapter():
    """Trust what the system trusts, and what a variable names.

    Each session has its own: one that is shared lets a single handshake happen at a time, and a
    silent mirror would hold up the others.
    """
    import ssl

    import truststore
    from requests.adapters import HTTPAdapter

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for path in _bundles().values():
        _is_loaded(context, path)

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args, **kwargs):
            return super().init_poolmanager(*args, **kwargs, ssl_context=context)

        def proxy_manager_for(self, *args, **kwargs):
            return super().proxy_manager_for(*args, **kwargs, ssl_context=context)

    return Adapter()


def _bundles() -> dict[str, str]:
    values = {name: bare(os.environ.get(name, "")) for name in BUNDLES}
    return {name: path for name, path in values.items() if path}


def _is_loaded(context, path: str) -> bool:
    try:
        if Path(path).is_dir():
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except OSError:  # also what OpenSSL says of a file without a certificate
        return False
    return True
