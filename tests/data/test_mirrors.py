"""Addresses as people write them, proxies, certificates."""

import os

import pytest

from workshop.data import mirrors


def test_public_mirrors_unless_others_are_named(monkeypatch):
    monkeypatch.delenv("WORKSHOP_MIRRORS", raising=False)
    assert mirrors.mirrors() == list(mirrors.MIRRORS)
    monkeypatch.setenv("WORKSHOP_MIRRORS", "http://teacher:8000 http://other/mnist/")
    assert mirrors.mirrors() == ["http://teacher:8000/", "http://other/mnist/"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("teacher:8000", ["http://teacher:8000/"]),
        ("192.0.2.5:8000/mnist", ["http://192.0.2.5:8000/mnist/"]),
        ("http://a:1,http://b:2", ["http://a:1/", "http://b:2/"]),
        ("a:1; b:2 ,", ["http://a:1/", "http://b:2/"]),
        ("a:1\nb:2\r\n", ["http://a:1/", "http://b:2/"]),
        ('"http://a:1/ http://b:2/"', ["http://a:1/", "http://b:2/"]),
        ("\u2018http://a:1\u2019", ["http://a:1/"]),
        ("<http://a:1/>", ["http://a:1/"]),
        ("a:1 http://a:1/", ["http://a:1/"]),
        ("HTTP://a:1", ["http://a:1/"]),
        ("https://a/b//", ["https://a/b/"]),
        ("http:/a:1", ["http://a:1/"]),
        ("http//a:1", ["http://a:1/"]),
        ("http:\\\\a:1\\mnist", ["http://a:1/mnist/"]),
        ("http://a:1/train-images-idx3-ubyte.gz", ["http://a:1/"]),
        ("http://a:1/data/t10k-labels-idx1-ubyte.gz?raw=1", ["http://a:1/data/"]),
        ("a:1/index.html", ["http://a:1/"]),
        ("mnist.html:80", ["http://mnist.html:80/"]),
        ("8000", ["http://localhost:8000/"]),
        (":8000/", ["http://localhost:8000/"]),
        ("[::1]:8000", ["http://[::1]:8000/"]),
        ("ftp://a/", ["ftp://a/"]),
        ("/mnt/stick/mnist", ["/mnt/stick/mnist/"]),
        (" , ", list(mirrors.MIRRORS)),
    ],
)
def test_what_people_write_is_understood(monkeypatch, written, meant):
    monkeypatch.setenv("WORKSHOP_MIRRORS", written)
    assert mirrors.mirrors() == meant


def names(monkeypatch, **variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return [way.name for way in mirrors.ways()]


def test_public_mirrors_are_asked_through_the_proxy_only(monkeypatch):
    monkeypatch.delenv("WORKSHOP_MIRRORS", raising=False)
    asked = names(monkeypatch, HTTPS_PROXY="proxy:3128", ALL_PROXY="socks5://other:1080")
    assert asked == [address.split("/")[2] for address in mirrors.MIRRORS]
    assert {way.proxy for way in mirrors.ways()} == {"proxy:3128"}
    monkeypatch.setenv("NO_PROXY", "*")
    assert {way.proxy for way in mirrors.ways()} == {""}


@pytest.mark.parametrize(
    "here", ["localhost:1", "127.0.0.1:1", "127.1.2.3:1", "[::1]:1", "0.0.0.0"]
)
def test_no_proxy_is_asked_for_this_machine(monkeypatch, here):
    asked = names(monkeypatch, WORKSHOP_MIRRORS=here, http_proxy="proxy:1", ALL_PROXY="proxy:2")
    assert asked == [f"http://{here}/"]


@pytest.mark.parametrize("near", ["192.0.2.5:8000", "192.0.2.2", "teacher:8000", "teacher.local"])
def test_the_room_is_asked_directly_first(monkeypatch, near):
    asked = names(monkeypatch, WORKSHOP_MIRRORS=near, HTTP_PROXY="http://proxy.example:3128")
    assert asked == [f"http://{near}/", f"http://{near}/ through http://proxy.example:3128"]


def test_a_name_of_the_campus_is_asked_both_ways(monkeypatch):
    asked = names(
        monkeypatch, WORKSHOP_MIRRORS="mirror.example", ALL_PROXY="http://proxy.example:3128"
    )
    assert asked == [
        "http://mirror.example/ through http://proxy.example:3128",
        "http://mirror.example/",
    ]


@pytest.mark.parametrize(
    ("written", "proxy"),
    [
        ("socks://192.0.2.1:1080/", "socks5h://192.0.2.1:1080/"),
        ("SOCKS://192.0.2.1:1080", "socks5h://192.0.2.1:1080"),
        ("socks5://192.0.2.1:1080", "socks5://192.0.2.1:1080"),
        (' "http://192.0.2.1:1080" ', "http://192.0.2.1:1080"),
    ],
)
def test_a_proxy_as_desktops_and_people_write_it(monkeypatch, written, proxy):
    monkeypatch.delenv("WORKSHOP_MIRRORS", raising=False)
    monkeypatch.setenv("all_proxy", written)
    assert {way.proxy for way in mirrors.ways()} == {proxy}


def test_no_password_is_shown(monkeypatch):
    asked = names(monkeypatch, WORKSHOP_MIRRORS="http://me:abc@a.b/", HTTP_PROXY="http://x:abc@p:1")
    assert "http://a.b/ through http://p:1" in asked
    assert "abc" not in "".join(asked)


def test_useless_certificates_are_found(monkeypatch, tmp_path, certificate):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", f'"{certificate[0]}"')
    assert mirrors.useless_certificates() == {}
    (tmp_path / "page.pem").write_text("<html>")
    found = {"CURL_CA_BUNDLE": str(tmp_path / "page.pem"), "SSL_CERT_FILE": str(tmp_path / "none")}
    for name, path in found.items():
        monkeypatch.setenv(name, path)
    assert mirrors.useless_certificates() == found
    assert os.environ["SSL_CERT_FILE"] == str(tmp_path / "none")
