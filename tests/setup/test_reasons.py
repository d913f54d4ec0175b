"""What pip's log says, in one sentence. The lines are those of pip 23.2.1 and 26.3."""

import pytest

from workshop.setup import reasons

ASKED = (
    "Fetching project page and analyzing links: https://index.example/simple/numpy/\n"
    "Getting page https://index.example/simple/numpy/\n"
)
NOTHING = "ERROR: No matching distribution found for numpy\n"
RETRY = "WARNING: Retrying (Retry(total=0)) after connection broken by "
OLD, NEW = "Could not fetch URL https://index.example/: connection error: ", "Could not fetch URL "
REFUSED = "Failed to establish a new connection: [Errno 111] Connection refused"
NO_NAME = "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution"
OS = "ERROR: Could not install packages due to an OSError: "
WINDOWS = r"C:\course\.venv\Lib\site-packages\numpy"
SSL = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "

CASES = {
    "SOCKS": (f"{OS}Missing dependencies for SOCKS support.", ["SOCKS", "HTTPS_PROXY"]),
    "certificate": (
        f"{RETRY}'SSLError(SSLCertVerificationError(1, '{SSL}self-signed'))'\n{NOTHING}",
        ["certificate of index.example is refused", "REQUESTS_CA_BUNDLE"],
    ),
    "clock": (f"{RETRY}'SSLError({SSL}certificate is not yet valid'\n{NOTHING}", ["clock"]),
    "certificates": (
        f"{OS}Could not find a suitable TLS CA certificate bundle, invalid path: /no/ca.pem\n",
        ["REQUESTS_CA_BUNDLE names /no/ca.pem"],
    ),
    "password": (
        f"{OLD}ProxyError('Cannot connect to proxy.', OSError('Tunnel connection failed: 407 Proxy "
        f"Authentication Required'))\n{NOTHING}",
        ["http://proxy.example:3128 wants a name and a password"],
    ),
    "proxy of old": (
        f"{OLD}ProxyError('Cannot connect to proxy.', NewConnectionError('{REFUSED}'))\n{NOTHING}",
        ["The proxy http://proxy.example:3128 does not answer", "HTTPS_PROXY"],
    ),
    "proxy of new": (
        f"{NEW}https://index.example/: proxy connection error: ('Unable to connect to proxy', "
        f'NewConnectionError("{REFUSED}"))\n{NOTHING}',
        ["The proxy http://proxy.example:3128 does not answer"],
    ),
    "proxy's name": (f"{OS}Proxy URL had unsupported scheme foo, should use", ["The proxy"]),
    "plain": (
        "WARNING: The repository located at room.example is not a trusted or secure host and is "
        f"being ignored.\n{NOTHING}",
        ["PIP_TRUSTED_HOST=room.example"],
    ),
    "no name": (f"{RETRY}'NewConnectionError('{NO_NAME}')'\n{NOTHING}", ["There is no network"]),
    "swallowed": (f"{RETRY}'ConnectTimeoutError(...)'\n{NOTHING}", ["There is no network"]),
    "error": (
        f"{NEW}https://index.example/: (Caused by ResponseError('too many 503 error responses'))\n",
        ["index.example answered with error 503"],
    ),
    "error of a file": (
        "ERROR: HTTP error 403 while getting https://index.example/a.whl\n",
        ["answered with error 403"],
    ),
    "lacking": (NOTHING, ["index.example has no numpy", "log in"]),
    "lacking, constrained": (
        "    The user requested (constraint) numpy==2.1\nERROR: Cannot install course because "
        "these package versions have conflicting dependencies.\n",
        ["has no numpy"],
    ),
    "another constraint": (
        "    The user requested (constraint) numpy==2.1\n    The user requested (constraint) "
        "numpy==1.26\nERROR: these package versions have conflicting dependencies.\n",
        ["PIP_CONSTRAINT", "numpy==1.26"],
    ),
    "settings": (
        "Configuration file contains invalid utf-8 characters in /home/me/pip.conf.",
        ["settings can't be read", "/home/me/pip.conf"],
    ),
    "full": (f"{OS}[Errno 28] No space left on device", ["disk is full", "GB in", "TMPDIR"]),
    "quota": (f"{OS}[Errno 122] Disk quota exceeded", ["disk is full"]),
    "full, in German": (f"{OS}[WinError 112] Es steht nicht gen\xfcgend Speicherplatz", ["full"]),
    "no right": (f"{OS}[Errno 13] Permission denied: '/c/.venv'", ["could not be written"]),
    "guarded": (f"{OS}[WinError 5] Zugriff verweigert: '{WINDOWS}'", [WINDOWS, "virus scanner"]),
    "in use": (f"{OS}[WinError 32] The process cannot access", ["Another program holds a file"]),
    "long": (f"{OS}[Errno 2] No such file\nHINT: ... Windows Long Path support", ["too long"]),
    "stopped": ("ERROR: Operation cancelled by user", ["It was stopped"]),
    "unknown": ("ERROR: something else", ["status 1", "its last lines say why"]),
}
BROKEN = [
    "pip._vendor.urllib3.exceptions.ReadTimeoutError: HTTPSConnectionPool: Read timed out.\n",
    "ERROR: Wheel 'tensorflow' located at /tmp/x.whl is invalid.\n",
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n",
    "ProtocolError: ('Connection broken: IncompleteRead(1 bytes read, 2 more expected)')\n",
    "error: incomplete-download\n",
    "ConnectionResetError: [Errno 104] Connection reset by peer\n",
]


@pytest.fixture(autouse=True)
def variables(monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://me:s3cret@proxy.example:3128")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/no/ca.pem")


@pytest.mark.parametrize("case", CASES)
def test_the_cause_and_what_to_do_are_one_sentence(case):
    log, words = CASES[case]
    found = reasons.reason(ASKED + log, 1)
    for word in words:
        assert word in found.words
    assert "s3cret" not in found.words
    assert not found.broken
    assert found.lacking is case.startswith("lacking")


@pytest.mark.parametrize("log", BROKEN)
def test_a_broken_connection_may_be_tried_again(log):
    found = reasons.reason(ASKED + log, 1)
    assert found.broken
    assert "The connection to index.example breaks" in found.words


def test_memory_that_does_not_do_is_named():
    assert "memory" in reasons.reason("", 137).words
    assert "memory" in reasons.reason("2026-11-27T21:52:36,732 MemoryError\n", 2).words


def test_a_network_that_is_switched_off_is_named(monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert "PIP_NO_INDEX is set" in reasons.reason(NOTHING, 1).words
