"""JupyterLab starts whatever proxy is set."""

import os
import subprocess
import sys

import pytest

from workshop.jupyter import server

# In a process of its own: JupyterLab looks at the proxies while it is imported.
PROGRAM = """
from workshop.jupyter import server
print(server.main(["--version"]))
"""


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in [*os.environ]:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize(
    "proxies",
    [
        {"ALL_PROXY": "socks5://127.0.0.1:9", "http_proxy": "proxy.example:3128"},
        {"HTTP_PROXY": "socks4://127.0.0.1:9", "HTTPS_PROXY": "rubbish"},
    ],
)
def test_jupyterlab_is_imported_whatever_proxy_is_set(proxies):
    said = subprocess.check_output([sys.executable, "-c", PROGRAM], env=os.environ | proxies)
    assert said.startswith(b"4.")


@pytest.mark.parametrize(
    ("proxy", "options"),
    [
        ("", []),
        ("http://proxy:3128", []),
        ("socks4://proxy:1080", ["--LabApp.extension_manager=readonly"]),
        ("socks://proxy:1080/", ["--LabApp.extension_manager=readonly"]),
    ],
)
def test_its_list_of_extensions_is_off_where_it_would_fail(monkeypatch, proxy, options):
    monkeypatch.setenv("ALL_PROXY", proxy)
    assert server._without_extensions() == options


def test_the_proxies_are_there_again_for_the_kernels(monkeypatch):
    from jupyterlab import labapp

    seen = []
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setenv("all_proxy", "socks://proxy:1080/")
    monkeypatch.setattr(labapp, "main", lambda options: seen.extend([options, dict(os.environ)]))
    server.main(["--no-browser"])
    assert seen[0][-1] == "--no-browser"
    assert seen[1]["all_proxy"] == "socks://proxy:1080/"
