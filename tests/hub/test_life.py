"""A hub from its start to its end, entered as a browser enters it."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import requests
from processes import is_alive, until

from workshop.hub import life
from workshop.hub.settings import HubError
from workshop.hub.wake import Api, wake


class Browser(requests.Session):
    """Logs in by the form of the page."""

    def __init__(self, hub):
        super().__init__()
        self.at, self.trust_env = life.address(hub), False

    def log_in(self, **fields):
        page = self.get(f"{self.at}/hub/login", timeout=30)
        (token,) = re.findall(r'name="_xsrf" value="([^"]+)"', page.text)
        return self.post(
            f"{self.at}/hub/login?next=/hub/home", {"_xsrf": token, **fields}, timeout=60
        )


def enters(hub, **fields):
    """Whether somebody gets in; else what the page says."""
    answer = Browser(hub).log_in(**fields)
    if answer.ok and answer.url.endswith("/hub/home"):
        return True
    said = re.search(r'class="login_error[^"]*"[^>]*>(.*?)</p>', answer.text, re.S)
    return said[1].strip() if said else answer.status_code


def test_one_password_for_a_class(started):
    with started() as hub:
        word, teachers_word = hub["password"], hub["teacher_password"]
        assert enters(hub, username="ana", password=word) is True
        assert enters(hub, username="ana", password="wrong") == "Invalid username or password"
        assert enters(hub, username="a" * 300, password=word) is not True
        assert enters(hub, username="ana m", password=word) is not True
        page = Browser(hub).get(f"{life.address(hub)}/hub/login", timeout=30).text
        assert "small letters from a to z and digits, such as ana2" in page
        assert enters(hub, username="teacher", password=word) is not True
        teacher = Browser(hub)
        assert teacher.log_in(username="teacher", password=teachers_word).ok
        assert teacher.get(f"{teacher.at}/hub/admin", timeout=30).status_code == 200
        learner = Browser(hub)
        learner.log_in(username="ben", password=word)
        assert learner.get(f"{learner.at}/hub/admin", timeout=30).status_code == 403
        pids = [one.pid for one in psutil.Process(hub["process"].pid).children(recursive=True)]
        assert pids
    assert hub["process"].poll() is not None
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_own_passwords(started):
    with started(own_passwords=True) as hub:
        ana = {"username": "ana", "password": "my own word"}
        assert enters(hub, **ana) == "This name is new here, and the class password is another."
        assert enters(hub, **ana, class_password=hub["password"]) is True
        assert enters(hub, **ana) is True
        taken = {"username": "ana", "password": "another word"}
        assert enters(hub, **taken, class_password=hub["password"]) is not True
        short = {"username": "ben", "password": "short"}
        assert "too short" in enters(hub, **short, class_password=hub["password"])
        long = {"username": "b" * 300, "password": "long enough"}
        assert "up to 30 small letters" in enters(hub, **long, class_password=hub["password"])
        teacher = {"username": "teacher", "password": "my own word"}
        assert enters(hub, **teacher, class_password=hub["password"]) is not True
        assert enters(hub, **teacher, class_password=hub["teacher_password"]) is True


def test_a_server_that_was_woken_has_the_lessons_and_its_own_folder(started):
    with started() as hub:
        api = Api(life.address(hub), hub["token"])
        assert wake(api, ["ana"])["ana"] > 0
        with pytest.raises(HubError, match="403"):  # it starts servers, and enters none
            api.call("GET", "../../user/ana/api/contents")
        (server,) = [
            one
            for one in psutil.process_iter(["cmdline"])
            if "workshop.jupyter.singleuser" in (one.info["cmdline"] or [])
            and one.environ()["WORKSHOP_COURSE"].startswith(str(hub["folder"]))
        ]
        course = Path(server.environ()["WORKSHOP_COURSE"])
        assert (course / "notebooks" / "02_softmax.ipynb").is_file()
        assert server.environ()["TF_NUM_INTRAOP_THREADS"] == "1"
    assert not server.is_running()


def is_proxy(process):
    try:
        return any("proxy" in word for word in process.cmdline())
    except psutil.Error:  # one that has ended meanwhile
        return False


def test_a_hub_that_is_stopped_while_it_starts_leaves_nothing(started, monkeypatch):
    seen = []

    def stopped(process, *_):
        hub = psutil.Process(process.pid)
        until(lambda: any(map(is_proxy, hub.children())), "the hub started nothing")
        seen.extend(hub.children(recursive=True))
        raise KeyboardInterrupt

    monkeypatch.setattr(life, "_wait", stopped)
    with pytest.raises(KeyboardInterrupt), started():
        pass
    assert seen
    assert not any(is_alive(one) for one in seen)


def test_a_hub_that_cannot_start_shows_its_last_lines(started):
    words = r"(?s)did not start.*hub\.log.*Error"
    with pytest.raises(HubError, match=words), started(teachers=3):
        pass


def test_a_second_hub_in_the_same_folder_leaves_the_first_alone(started):
    with started() as hub:
        before = (hub["folder"] / "settings.json").read_bytes()
        with pytest.raises(HubError, match=r"A hub runs in .* already.*--folder"), started():
            pass
        assert (hub["folder"] / "settings.json").read_bytes() == before
        assert enters(hub, username="ana", password=hub["password"]) is True


def test_a_port_that_somebody_has():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(HubError, match=rf"Port {port} can't be used .*--port"):
            life.check_port("127.0.0.1", port)


def test_the_address_of_a_room_is_one_of_this_machine():
    at = life.address({"scheme": "http", "ip": "0.0.0.0", "port": 8000})
    name = re.fullmatch(r"http://([\d.]+):8000", at)[1]
    addresses = {one.address for these in psutil.net_if_addrs().values() for one in these}
    assert name in addresses


@pytest.mark.skipif(sys.platform == "win32", reason="no hub on Windows")
def test_one_that_takes_no_notice_is_ended(monkeypatch):
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); "
    stubborn += "time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-c", stubborn], start_new_session=True, stdout=subprocess.PIPE
    )
    with process.stdout as said:
        said.readline()
    monkeypatch.setattr(life, "PATIENCE", 0.2)
    life._end(process)
    assert process.poll() == -signal.SIGKILL
