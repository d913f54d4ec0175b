"""Why a mirror gives nothing: each kind of broken network, served on this machine."""

import pytest

from workshop.data import download, load_mnist, mirrors, reasons

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


def status(line):
    return f"HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.fixture(autouse=True)
def own_home(home, monkeypatch):
    monkeypatch.setattr(download, "PAUSE_S", 0.01)


@pytest.fixture
def told(capsys, monkeypatch):
    """Give a function that loads what can be had from mirrors, and gives the reasons it names."""

    def told(*addresses, public=False, **variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        if public:
            monkeypatch.setattr(mirrors, "MIRRORS", addresses)
        else:
            monkeypatch.setenv("WORKSHOP_MIRRORS", " ".join(addresses))
        capsys.readouterr()
        (x_train, _), _ = load_mnist()
        assert len(x_train) == 4500
        said = capsys.readouterr().out
        assert said.count("\n") == 2  # which data, with the reason, and what to expect of it
        return said

    return told


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (status("401 Unauthorized"), "HTTP 401 (Unauthorized)"),
        (status("403 Forbidden"), "HTTP 403 (Forbidden)"),
        (status("404 Not Found"), "HTTP 404 (Not Found)"),
        (status("500 Internal Server Error"), "HTTP 500 (Internal Server Error)"),
        (status("503 Busy"), "HTTP 503 (Service Unavailable)"),
        (status("599 Own"), "HTTP 599 (?)"),
        (status("511 Log in"), "HTTP 511): open any page in a browser"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n<html>Log in</html>   ", "is a web page"),
        (
            b"HTTP/1.1 302 Found\r\nLocation: /\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
            "sends on and on",
        ),
        (b"", "the connection broke"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "does it need https:// in its address?"),
        (OK, "is cut short"),
    ],
)
def test_what_a_mirror_answers_is_told(told, serve, reply, words):
    assert words in told(f"http://127.0.0.1:{serve(reply)}/")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://no-such-machine.invalid/", "no machine of the name no-such-machine.invalid"),
        ("http://0.0.0.0:9/", "no server on this port of this machine"),
        ("http://teacher:abc/", "this is no address: expected http://HOST:PORT/"),
        ("http://teacher:80000/", "this is no address: expected http://HOST:PORT/"),
        ("http://a..b/", "this is no address: expected http://HOST:PORT/"),
        ("ftp://teacher/", "this is no address: expected http://HOST:PORT/"),
        ("/mnt/stick/mnist", "this is a folder, not an address: name it in WORKSHOP_DATA"),
        ("file:///C:/mnist", "this is a folder, not an address: name it in WORKSHOP_DATA"),
        ("C:\\mnist", "this is a folder, not an address: name it in WORKSHOP_DATA"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(told, address, words):
    assert words in told(address)


def test_the_reasons_of_several_are_told_with_the_same_ones_together(told, serve):
    one, two = serve(status("404 Not Found")), serve(status("403 Forbidden"))
    said = told(f"127.0.0.1:{one}", f"127.0.0.1:{two}", "127.0.0.1:10", "127.0.0.1:11")
    assert "HTTP 404" in said
    assert "HTTP 403" in said
    assert "http://127.0.0.1:10/, http://127.0.0.1:11/: no server" in said


def test_a_certificate_that_is_refused_is_told_with_what_to_set(told, serve, encrypted):
    hosts = [f"127.0.0.1:{serve(OK, context=encrypted)}" for _ in range(2)]
    said = told(*(f"https://{host}/mnist/" for host in hosts), public=True)
    assert "no network" not in said
    assert said.count("its certificate was refused (self-signed certificate)") == 1
    assert f"({', '.join(hosts)}: its" in said
    assert "set REQUESTS_CA_BUNDLE to the file with its certificate" in said


@pytest.mark.parametrize("variable", mirrors.BUNDLES)
def test_a_certificate_that_is_named_is_trusted(told, serve, encrypted, certificate, variable):
    address = f"https://127.0.0.1:{serve(OK, context=encrypted)}/"
    assert "is cut short" in told(address, **{variable: str(certificate[0])})


def test_a_variable_without_certificates_is_told(told, serve, encrypted, tmp_path):
    address = f"https://127.0.0.1:{serve(OK, context=encrypted)}/"
    said = told(address, REQUESTS_CA_BUNDLE=str(tmp_path / "gone.pem"))
    assert f"and REQUESTS_CA_BUNDLE={tmp_path / 'gone.pem'} names no certificates" in said


def test_a_useless_variable_does_no_harm(told, serve, encrypted, certificate, tmp_path):
    """The certificate is right by another way."""
    (tmp_path / "page.pem").write_text("<html>")
    address = f"https://127.0.0.1:{serve(OK, context=encrypted)}/"
    wrong, right = str(tmp_path / "page.pem"), str(certificate[0])
    assert "is cut short" in told(address, REQUESTS_CA_BUNDLE=wrong, SSL_CERT_FILE=right)


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("certificate has expired", "is this machine's date right?"),
        ("certificate is not yet valid", "is this machine's date right?"),
        ("Hostname mismatch, certificate is not valid for 'a'", "is another machine's (Hostname"),
    ],
)
def test_other_reasons_for_which_a_certificate_is_refused(why, words):
    error = reasons.ssl.SSLCertVerificationError(1, why)
    error.verify_message = why
    assert words in reasons.reason(error, mirrors.Way("https://a/"), answer_s=1)


def test_https_where_http_is_spoken_and_the_other_way_round(told, serve, encrypted):
    said = told(f"https://127.0.0.1:{serve(OK)}/")
    assert "it does not speak https: write http:// in its address" in said
    said = told(f"http://127.0.0.1:{serve(OK, context=encrypted)}/")
    assert "does it need https:// in its address?" in said


HTTPS, HTTP = "https://mnist.invalid/", "http://mnist.invalid/"


@pytest.mark.parametrize("address", [HTTPS, HTTP])
@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("http://127.0.0.1:9", "the proxy http://127.0.0.1:9 does not answer: correct ALL_PROXY"),
        ("127.0.0.1:9", "the proxy 127.0.0.1:9 does not answer: correct ALL_PROXY"),
        ("http://me:abc@127.0.0.1:9", "the proxy http://127.0.0.1:9 does not answer"),
        ("http://no-proxy.invalid:1", "the proxy http://no-proxy.invalid:1 does not answer"),
        ("socks5://127.0.0.1:9", "the proxy socks5://127.0.0.1:9 does not answer"),
        ("socks5h://127.0.0.1:9", "the proxy socks5h://127.0.0.1:9 does not answer"),
        ("socks4://127.0.0.1:9", "the proxy socks4://127.0.0.1:9 does not answer"),
        ("socks://127.0.0.1:9/", "the proxy socks5h://127.0.0.1:9/ does not answer"),
        ("socks9://127.0.0.1:9", "ALL_PROXY is no address of a proxy: expected http://HOST:PORT"),
        ("http://", "ALL_PROXY is no address of a proxy: expected http://HOST:PORT"),
        ("http://proxy:abc", "ALL_PROXY is no address of a proxy: expected http://HOST:PORT"),
    ],
)
def test_a_proxy_that_is_not_there_is_told(told, address, proxy, words):
    said = told(address, public=True, ALL_PROXY=proxy)
    assert words in said
    assert "no network" not in said and "abc@" not in said


@pytest.mark.parametrize("address", [HTTPS, HTTP])
@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (
            status("407 Proxy Authentication Required"),
            "http",
            "into https_proxy, as in http://NAME",
        ),
        (status("403 Forbidden"), "http", "HTTP 403 (Forbidden)"),
        (status("502 Bad Gateway"), "http", "HTTP 502 (Bad Gateway)"),
        (OK, "https", "the proxy does not speak https: write http:// in https_proxy"),
        (status("400 Bad Request"), "socks5h", "sent invalid data"),
        (b"\x05\xff", "socks5h", "write them into https_proxy, as in socks5h://NAME:PASSWORD@"),
    ],
)
def test_a_proxy_that_refuses_is_told(told, serve, address, reply, kind, words):
    proxy = f"{kind}://127.0.0.1:{serve(reply)}"
    said = told(address, public=True, https_proxy=proxy, http_proxy=proxy)
    variable = address.partition(":")[0] + "_proxy"
    assert words.replace("https_proxy", variable) in said
    assert "no network" not in said


def test_a_silent_proxy_is_told(told, serve, monkeypatch):
    monkeypatch.setattr(download, "ANSWER_S", 0.5)
    port = serve(None)
    said = told(HTTP, public=True, http_proxy=f"http://127.0.0.1:{port}")
    proxy = f"the proxy http://127.0.0.1:{port} (http_proxy)"
    assert f"(mnist.invalid: no answer within 0.5 s through {proxy})" in said


def test_without_pysocks_it_is_named(monkeypatch):
    from requests.exceptions import InvalidSchema

    way = mirrors.Way(HTTPS, {"all": "socks5://a:1"})
    said = reasons.reason(InvalidSchema("Missing dependencies for SOCKS support."), way, answer_s=1)
    assert said == "socks5://a:1 is a SOCKS proxy, which needs: pip install pysocks"
