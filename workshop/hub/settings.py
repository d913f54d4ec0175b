"""What a hub was told, kept in one file from one start to the next."""

import json
import secrets
import socket
from pathlib import Path

from workshop.messages import say

FILE = "settings.json"
SHORTEST = {"password": 8, "teacher_password": 32}  # JupyterHub refuses shorter ones
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none is taken for another on a projector
DEFAULTS = {
    "own_passwords": False,
    "teachers": ["teacher"],
    "ip": "127.0.0.1",
    "port": 8000,
    "certificate": "",
    "key": "",
    "repository": "",
    "branch": "",
    "memory_gb": 2,
    "idle_minutes": 60,
    "forkserver": True,
    "environment": {},
    "load_test": False,
}


class HubError(Exception):
    """The hub can't do what was asked; its text says why and what to do."""


def read(folder: Path) -> dict:
    """Read the settings of a hub.

    Args:
        folder: of the hub.

    Returns:
        The settings, or an empty dictionary where there are none yet.

    Raises:
        HubError: the file can't be read.
    """
    file = folder / FILE
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise HubError(
            say(
                "{file} can't be read ({why}). Correct it, or move it away: the hub then makes new "
                "passwords.",
                file=file,
                why=error,
            )
        ) from None
    if not isinstance(found, dict):
        raise HubError(say("{file}: expected a JSON object, got {got}.", file=file, got=found))
    return found


def renew(folder: Path, **changes: object) -> dict:
    """Take the settings of the last start, with some changes, and keep them.

    Args:
        folder: of the hub; made where it is missing, for its owner only.
        **changes: by the names of `DEFAULTS`, or a password; None leaves what was there.

    Returns:
        All settings. Passwords that nobody chose are drawn at random once; the ports inside the
        machine are free ones, and others at each start.

    Raises:
        HubError: a value won't do.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> renew(folder, port=8100)["port"], renew(folder)["port"]
        (8100, 8100)
    """
    chosen = {name: value for name, value in changes.items() if value is not None}
    found = DEFAULTS | drawn() | read(folder) | chosen
    for name, least in SHORTEST.items():
        _check_password(name, found[name], least)
    if found["password"] == found["teacher_password"]:
        raise HubError(say("The password of the class and that of the teachers must differ."))
    if not isinstance(found["memory_gb"], int) or found["memory_gb"] < 1:
        raise HubError(
            say(
                "The memory of a learner: expected whole GB, 1 or more, got {got}.",
                got=found["memory_gb"],
            )
        )
    if bool(found["certificate"]) != bool(found["key"]):
        raise HubError(say("HTTPS needs both files: --certificate FILE and --key FILE."))
    if found["certificate"]:
        _check_certificate(str(found["certificate"]), str(found["key"]))
    found["scheme"] = "https" if found["certificate"] else "http"
    names = ("hub_port", "proxy_port", "class_port")
    found |= dict(zip(names, free_ports(len(names)), strict=True))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _write(folder / FILE, json.dumps(found, indent=1, ensure_ascii=False))
    return found


def drawn() -> dict[str, str]:
    """Draw passwords and a token at random.

    Example:
        >>> len(drawn()["password"]), len(drawn()["teacher_password"])
        (9, 34)
    """
    groups = ["".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(9)]
    return {
        "password": "-".join(groups[:2]),
        "teacher_password": "-".join(groups[2:]),
        "token": secrets.token_hex(32),
    }


def free_ports(number: int) -> list[int]:
    """Find ports of this machine that nobody uses."""
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    found = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return found


def _check_password(name: str, value: object, least: int) -> None:
    fits = isinstance(value, str) and value.isascii() and value.isprintable()
    if not fits or len(value) < least or value != value.strip():
        raise HubError(
            say(
                "{name}: expected {least} plain letters, digits and signs or more (no accents, no "
                "space at an end), got {got!r}.",
                name=name,
                least=least,
                got=value,
            )
        )


def _check_certificate(certificate: str, key: str) -> None:
    """Find out before the hub starts whether its proxy can use them."""
    import ssl

    try:
        # A key with a password would otherwise ask for it, here and once more in the proxy.
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, lambda: "")
    except (OSError, ValueError) as error:
        raise HubError(
            say(
                "HTTPS is not possible with the certificate {certificate} and the key {key} "
                "({why}): expected two files in PEM format that belong together, the key without "
                "a password.",
                **{"certificate": certificate, "key": key},
                why=getattr(error, "strerror", None) or error,
            )
        ) from None


def _write(file: Path, text: str) -> None:
    """Write a file that only its owner can read; the old one stays until the new one is whole."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(0o600)
    new.write_text(text, encoding="utf-8")
    new.replace(file)
