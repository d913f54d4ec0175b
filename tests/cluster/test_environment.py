"""What a script's process starts with: past proxies, and in UTF-8."""

import json

import pytest

from workshop.cluster import environment, start_cluster, start_script
from workshop.cluster.environment import past_proxies, script_environment

HERE = "127.0.0.1,localhost,::1"
NOBODY = "http://127.0.0.1:9"
PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in (*PROXIES, "grpc_proxy", "no_proxy", "NO_PROXY", "no_grpc_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", [*PROXIES, "grpc_proxy"])
def test_this_machine_is_reached_past_any_proxy(monkeypatch, name):
    monkeypatch.setenv(name, NOBODY)
    given = script_environment()
    assert given[name] == NOBODY
    assert {given[name] for name in ("no_proxy", "NO_PROXY", "no_grpc_proxy")} == {HERE}


@pytest.mark.parametrize("proxies", [{}, {"http_proxy": ""}, {"no_proxy": "example.org"}])
def test_without_a_proxy_nothing_is_set(proxies):
    """Exceptions alone would hide the proxy that Windows and macOS keep in their settings."""
    assert past_proxies(proxies) == {}


@pytest.mark.parametrize(
    ("set_before", "lower", "upper", "grpc"),
    [
        ({"no_proxy": "a.org"}, "a.org," + HERE, "a.org," + HERE, "a.org," + HERE),
        ({"NO_PROXY": "a.org"}, "a.org," + HERE, "a.org," + HERE, "a.org," + HERE),
        ({"no_proxy": "a", "NO_PROXY": "b"}, "a," + HERE, "b," + HERE, "a," + HERE),
        ({"no_proxy": "", "NO_PROXY": "b"}, "b," + HERE, "b," + HERE, "b," + HERE),
        ({"no_proxy": " a , localhost,"}, *["a,localhost,127.0.0.1,::1"] * 3),
        ({"no_proxy": "*"}, "*", "*", "*," + HERE),  # gRPC does not know it
        ({"no_proxy": "*,a"}, *["*,a," + HERE] * 3),  # nor does Python, in company
        ({"no_grpc_proxy": "g", "no_proxy": "a"}, "a," + HERE, "a," + HERE, "g," + HERE),
    ],
)
def test_what_stood_there_stays(set_before, lower, upper, grpc):
    given = past_proxies({"http_proxy": NOBODY, **set_before})
    assert given == {"no_proxy": lower, "NO_PROXY": upper, "no_grpc_proxy": grpc}


def test_a_variable_for_this_script_alone_counts(monkeypatch):
    given = script_environment({"grpc_proxy": NOBODY, "no_proxy": "a"})
    assert given["no_grpc_proxy"] == "a," + HERE


def test_windows_knows_one_spelling(monkeypatch):
    monkeypatch.setattr(environment.sys, "platform", "win32")
    monkeypatch.setattr(environment.os, "environ", {"HTTP_PROXY": NOBODY, "NO_PROXY": "b"})
    given = script_environment({"no_proxy": "a"})
    assert {name for name in given if "PROXY" in name.upper()} == {
        *("HTTP_PROXY", "NO_PROXY", "NO_GRPC_PROXY")
    }
    assert given["NO_PROXY"] == given["NO_GRPC_PROXY"] == "a," + HERE


WORDS = "Łukasz → 漢字 😀"
MESSY = [
    {"PYTHONIOENCODING": "cp1252"},
    {"PYTHONIOENCODING": "gbk"},
    {"PYTHONIOENCODING": "ascii:strict", "PYTHONUTF8": "0"},
    {"LC_ALL": "C"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONLEGACYWINDOWSSTDIO": "1"},
]


@pytest.mark.parametrize("settings", MESSY, ids=str)
@pytest.mark.parametrize("how", ["everywhere", "for this script"])
def test_words_of_any_language_come_back(write, monkeypatch, settings, how):
    for name, value in settings.items() if how == "everywhere" else ():
        monkeypatch.setenv(name, value)
    (path := write("")).write_text(
        f"import json, sys\nprint({WORDS!r})\nprint(json.dumps(dict(a={WORDS!r}), "
        f"ensure_ascii=False))\nprint({WORDS!r}, file=sys.stderr)\nprint('\\udcff')\n"
        f"raise ValueError({WORDS!r})",
        encoding="utf-8",
    )
    own = settings if how == "for this script" else {}
    with start_script(path, environment=own) as script:
        assert script.wait(60) == 1
        assert script.output.splitlines()[:3] == [
            WORDS,
            json.dumps({"a": WORDS}, ensure_ascii=False),
            WORDS,
        ]
        assert script.results == [{"a": WORDS}]
        assert script.last_lines().endswith(f"ValueError: {WORDS}")
        assert script.wait_for("漢字", 1) == WORDS


def test_a_folder_and_arguments_may_have_any_name(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    (folder := tmp_path / "Łukasz 漢字").mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    path = folder / "skript_ł.py"
    path.write_text(
        "import sys, tempfile\nprint(sys.argv, tempfile.gettempdir())", encoding="utf-8"
    )
    with start_script(path, "ż") as script:
        assert script.wait(60) == 0, script.output
        assert script.output == f"{[str(path), 'ż']} {folder}\n"
    with start_cluster(path, {"worker": 2}, "ż") as cluster:
        cluster.wait(60, show=None)
        assert cluster["worker 1"].output == script.output


def test_files_of_a_script_are_utf_8(write, tmp_path):
    (tmp_path / "words.txt").write_text(WORDS, encoding="utf-8")
    with start_script(
        write("import sys\nprint(open(sys.argv[1]).read())"), tmp_path / "words.txt"
    ) as script:
        script.wait(60)
        assert script.output == WORDS + "\n"


def test_two_workers_of_tensorflow_meet_where_a_proxy_is_set(write, monkeypatch):
    pytest.importorskip("tensorflow")
    path = write(
        "import tensorflow as tf\n"
        "strategy = tf.distribute.MultiWorkerMirroredStrategy()\n"
        "print('met', strategy.num_replicas_in_sync)\n"
    )
    for name, value in {"http_proxy": NOBODY, "grpc_proxy": NOBODY, "no_proxy": "*"}.items():
        monkeypatch.setenv(name, value)
    with start_cluster(path, {"worker": 2}) as cluster:
        assert cluster.wait(120, show=None) == {"worker 0": 0, "worker 1": 0}
        assert cluster["worker 1"].last_lines().endswith("met 2")
