"""What a hub was told, from one start to the next."""

import json
import shutil
import socket
import stat
import subprocess
import sys

import pytest

from workshop.hub.settings import FILE, HubError, free_ports, read, renew


def test_passwords_stay_from_one_start_to_the_next(tmp_path):
    first = renew(tmp_path / "hub", port=8100)
    second = renew(tmp_path / "hub", own_passwords=True)
    for name in ("password", "teacher_password", "token", "port"):
        assert first[name] == second[name]
    assert second["own_passwords"]
    assert read(tmp_path / "hub") == second


def test_two_hubs_have_two_passwords(tmp_path):
    assert renew(tmp_path / "a")["password"] != renew(tmp_path / "b")["password"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_nobody_else_reads_the_passwords(tmp_path):
    renew(tmp_path / "hub")
    assert stat.S_IMODE((tmp_path / "hub" / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "hub").stat().st_mode) == 0o700


@pytest.mark.parametrize("password", ["short", "pässwörter", " eight letters", 12345678])
def test_a_password_that_the_hub_would_refuse(tmp_path, password):
    with pytest.raises(HubError, match="password: expected 8 plain letters"):
        renew(tmp_path, password=password)
    assert not (tmp_path / FILE).exists()


def test_other_values_that_will_not_do(tmp_path):
    with pytest.raises(HubError, match="must differ"):
        renew(tmp_path, password="x" * 32, teacher_password="x" * 32)
    with pytest.raises(HubError, match="whole GB, 1 or more, got 0"):
        renew(tmp_path, memory_gb=0)
    with pytest.raises(HubError, match="needs both files"):
        renew(tmp_path, certificate="/cert.pem")


def test_a_certificate_that_will_not_do(tmp_path):
    certificate, key = tmp_path / "class.pem", tmp_path / "class.key"
    files = {"certificate": str(certificate), "key": str(key)}
    with pytest.raises(HubError, match=r"class\.pem.*No such file"):
        renew(tmp_path / "hub", **files)
    certificate.write_text("no certificate")
    key.write_text("no key")
    with pytest.raises(HubError, match=r"class\.key \(.+\): expected two files in PEM format"):
        renew(tmp_path / "hub", **files)
    assert not (tmp_path / "hub" / FILE).exists()


def test_a_certificate_of_ones_own_is_taken_and_a_key_with_a_password_is_not(tmp_path):
    if not (openssl := shutil.which("openssl")):
        pytest.skip("openssl is not installed")
    certificate, key = tmp_path / "class.pem", tmp_path / "class.key"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-subj", "/CN=class.example"]
    command += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, "-nodes"], check=True, capture_output=True)
    files = {"certificate": str(certificate), "key": str(key)}
    assert renew(tmp_path / "hub", **files)["scheme"] == "https"
    subprocess.run([*command, "-passout", "pass:tulip"], check=True, capture_output=True)
    with pytest.raises(HubError, match="without a password"):
        renew(tmp_path / "hub", **files)


@pytest.mark.parametrize("text", ["{", "[]", "\xff"])
def test_a_broken_file_is_kept_and_named(tmp_path, text):
    (tmp_path / FILE).write_text(text, encoding="latin-1")
    with pytest.raises(HubError, match=FILE):
        renew(tmp_path)
    assert (tmp_path / FILE).read_text(encoding="latin-1") == text


def test_a_hand_edited_value_is_taken(tmp_path):
    renew(tmp_path)
    edited = json.loads((tmp_path / FILE).read_text()) | {"idle_minutes": 15}
    (tmp_path / FILE).write_text(json.dumps(edited))
    assert renew(tmp_path)["idle_minutes"] == 15


def test_free_ports_are_free_and_different():
    ports = free_ports(3)
    assert len(set(ports)) == 3
    for port in ports:
        with socket.socket() as one:
            one.bind(("127.0.0.1", port))
