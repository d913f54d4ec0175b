"""deploy/jupyterhub: settings against JupyterHub's own classes, and against each other."""

import importlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from traitlets import HasTraits

traitlets = pytest.importorskip("traitlets.config", reason="JupyterHub does not run here")
pytest.importorskip("jupyterhub", reason="needs the extra `hub`", exc_type=ImportError)

FOLDER = Path(__file__).parent.parent.parent / "deploy" / "jupyterhub"
CLASSES = {
    "Authenticator": "jupyterhub.auth:Authenticator",
    "ConfigurableHTTPProxy": "jupyterhub.proxy:ConfigurableHTTPProxy",
    "JupyterHub": "jupyterhub.app:JupyterHub",
    "OwnPasswords": "own_passwords:OwnPasswords",
    "SharedPasswordAuthenticator": "jupyterhub.authenticators.shared:SharedPasswordAuthenticator",
    "SimpleLocalProcessSpawner": "jupyterhub.spawner:SimpleLocalProcessSpawner",
    "Spawner": "jupyterhub.spawner:Spawner",
    "KubeSpawner": "jupyterhub.spawner:Spawner",  # what it inherits; it is not installed here
}
# The chart's values that we set, with the kinds of its schema.
CHART = {
    "hub": {"config": dict},
    "singleuser": {
        "image": {"name": str, "tag": str},
        "startTimeout": int,
        "cmd": list,
        "defaultUrl": str,
        "memory": {"limit": str, "guarantee": str},
        "cpu": {"limit": int, "guarantee": float},
        "extraEnv": dict,
        "lifecycleHooks": {"postStart": {"exec": {"command": list}}},
        "storage": {"capacity": str, "extraVolumes": list, "extraVolumeMounts": list},
    },
    "cull": {"enabled": bool, "timeout": int, "every": int},
}
TLJH = {
    "users": {"admin": list},
    "auth": {"type": str, "SharedPasswordAuthenticator": dict},
    "limits": {"memory": str, "cpu": int},
    "services": {"cull": {"enabled": bool, "timeout": int, "every": int}},
    "user_environment": {"default_app": str},
}
SETTINGS = {
    "python": sys.executable,
    "teachers": ["teacher"],
    "password": "tulip-field",
    "teacher_password": "t" * 32,
    "own_passwords": False,
    "scheme": "http",
    "ip": "127.0.0.1",
    "port": 8000,
    "hub_port": 8001,
    "proxy_port": 8002,
    "class_port": 8003,
    "certificate": "",
    "key": "",
    "proxy": ["node", "proxy"],
    "memory_gb": 2,
    "idle_minutes": 60,
    "forkserver": False,
    "data": "/srv/mnist",
    "repository": "",
    "branch": "",
    "token": "t" * 64,
    "environment": {},
    "load_test": False,
}


def loaded(name, monkeypatch, folder, **changes):
    """Run a configuration as the hub does; `workshop class` is there only if `serves` says so."""
    serves = changes.pop("serves", False)
    (folder / "settings.json").write_text(json.dumps(SETTINGS | changes))
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])
    answer = subprocess.CompletedProcess([], 0 if serves else 2)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: answer)
    return traitlets.PyFileConfigLoader(name, str(FOLDER)).load_config()


def written(name):
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def check_traits(config):
    for section, values in config.items():
        module, name = CLASSES[section].split(":")
        if module == "own_passwords":
            pytest.importorskip("firstuseauthenticator")
        kind = getattr(importlib.import_module(module), name)
        for trait, value in values.items():
            known = kind.class_traits(config=True)
            assert trait in known, f"{section}.{trait}"
            known[trait]._validate(HasTraits(), value)


def check_kinds(values, kinds, where=""):
    """Fail at a key that the chart doesn't know, or a value of another kind."""
    for name, value in values.items():
        assert name in kinds, f"{where}{name}"
        if isinstance(kinds[name], dict):
            check_kinds(value, kinds[name], f"{where}{name}.")
        else:
            assert isinstance(value, kinds[name]), f"{where}{name}"


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("serves", [False, True])
def test_each_setting_is_one_of_jupyterhub(monkeypatch, tmp_path, own, serves):
    config = loaded("jupyterhub_config.py", monkeypatch, tmp_path, own_passwords=own, serves=serves)
    check_traits(config)


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_kernels_are_forked_on_linux(monkeypatch, tmp_path, system):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(tempfile, "mkdtemp", lambda prefix: str(tmp_path))
    variables = {"ANA": "1"}
    config = loaded(
        "jupyterhub_config.py", monkeypatch, tmp_path, forkserver=True, environment=variables
    )
    check_traits(config)
    services = {one["name"]: one for one in config.JupyterHub.services}
    learners = config.Spawner.environment
    assert ("kernels" in services) == ("JUPYTER_PATH" in learners) == (system == "linux")
    if system == "linux":
        *command, address = services["kernels"]["command"]
        assert command == [sys.executable, "-m", "workshop.hub.forkserver"]
        assert address == learners["WORKSHOP_FORKSERVER"]
        same = services["kernels"]["environment"]
        assert same["ANA"] == same["OMP_NUM_THREADS"] == "1"
        assert "JUPYTER_PATH" not in same


def test_a_kernel_is_named_as_jupyter_names_it():
    from jupyter_client.kernelspec import KernelSpec

    spec = KernelSpec.from_resource_dir(str(FOLDER / "kernels" / "python3"))
    assert spec.argv == ["python", "-m", "workshop.hub.forked", "-f", "{connection_file}"]
    own = json.loads(Path(sys.prefix, "share/jupyter/kernels/python3/kernel.json").read_text())
    assert spec.display_name == own["display_name"]
    assert spec.metadata == own["metadata"]


def test_a_misspelt_setting_is_found(monkeypatch, tmp_path):
    config = loaded("jupyterhub_config.py", monkeypatch, tmp_path)
    config["Spawner"]["http_time_out"] = 300
    with pytest.raises(AssertionError, match=r"Spawner\.http_time_out"):
        check_traits(config)


def test_the_service_of_the_class_is_left_out_where_the_command_is_not(monkeypatch, tmp_path):
    without = loaded("jupyterhub_config.py", monkeypatch, tmp_path)
    assert [one["name"] for one in without.JupyterHub.services] == ["idle-culler", "wake"]
    assert "WORKSHOP_CLASS" not in without.Spawner.environment
    config = loaded("jupyterhub_config.py", monkeypatch, tmp_path, serves=True)
    service = config.JupyterHub.services[-1]
    assert service["command"] == [sys.executable, "-m", "workshop", "class", "serve"]
    assert service["url"] == "http://127.0.0.1:8003"
    roles = {role["name"]: role for role in config.JupyterHub.load_roles}
    assert roles["instructor"]["users"] == ["teacher"]
    assert "custom:class:read" not in roles["user"]["scopes"]
    assert set(service["oauth_client_allowed_scopes"]) >= set(roles["instructor"]["scopes"])


def test_no_token_enters_learners_servers_but_for_a_load_test(monkeypatch, tmp_path):
    for load_test in (False, True):
        config = loaded("jupyterhub_config.py", monkeypatch, tmp_path, load_test=load_test)
        (wake,) = [role for role in config.JupyterHub.load_roles if role["name"] == "wake"]
        assert ("access:servers" in wake["scopes"]) == load_test


def test_a_learners_course_is_in_the_learners_folder(monkeypatch, tmp_path):
    config = loaded("jupyterhub_config.py", monkeypatch, tmp_path)

    class Ana:
        class user:  # noqa: N801
            name = "ana"

    course = config.Spawner.environment["WORKSHOP_COURSE"](Ana)
    home = config.SimpleLocalProcessSpawner.home_dir_template.format(username="ana")
    assert course == f"{home}/course"


def test_the_chart_and_tljh_know_what_we_say():
    values, tljh = written("values.yaml"), written("tljh.yaml")
    check_kinds(values, CHART)
    check_traits(values["hub"]["config"])
    check_kinds(tljh, TLJH)
    check_traits({"SharedPasswordAuthenticator": tljh["auth"]["SharedPasswordAuthenticator"]})
    assert re.fullmatch(r"\d+(\.\d+)?[KMGT]", values["singleuser"]["memory"]["limit"])
    assert re.fullmatch(r"\d+[KMGT]", tljh["limits"]["memory"])
    assert re.fullmatch(r"\d+[KMGT]i?", values["singleuser"]["storage"]["capacity"])
    mounts = values["singleuser"]["storage"]
    assert mounts["extraVolumes"][0]["name"] == mounts["extraVolumeMounts"][0]["name"]
    with pytest.raises(AssertionError, match=r"cull\.time"):
        check_kinds({"cull": {"time": 3}}, CHART)


def test_the_three_say_the_same(monkeypatch, tmp_path):
    values, tljh = written("values.yaml"), written("tljh.yaml")
    more = loaded("tljh_config.py", monkeypatch, tmp_path)
    one = loaded("jupyterhub_config.py", monkeypatch, tmp_path)
    check_traits(more)
    chart = values["hub"]["config"]
    single = values["singleuser"]
    culler = one.JupyterHub.services[0]["command"][-1]
    assert culler == "--timeout=3600"
    assert values["cull"]["timeout"] == tljh["services"]["cull"]["timeout"] == 3600
    for config in (one, more):
        assert config.Spawner.http_timeout == config.Spawner.start_timeout == 300
    assert chart["KubeSpawner"]["http_timeout"] == single["startTimeout"] == 300
    threads = {
        name: value
        for name, value in one.Spawner.environment.items()
        if name.startswith(("OMP", "TF_", "MALLOC"))
    }
    assert threads.items() <= more.Spawner.environment.items()
    assert threads.items() <= single["extraEnv"].items()
    assert one.Spawner.mem_limit == single["memory"]["limit"] == tljh["limits"]["memory"] == "2G"
    allowed = tljh["auth"]["SharedPasswordAuthenticator"]["allow_all"]
    assert one.Authenticator.allow_all is chart["Authenticator"]["allow_all"] is allowed is True


@pytest.mark.parametrize("where", ["jupyterhub_config.py", "values.yaml", "tljh.yaml"])
def test_a_name_is_looked_at_to_its_end(monkeypatch, tmp_path, where):
    if where.endswith(".py"):
        pattern = loaded(where, monkeypatch, tmp_path).Authenticator.username_pattern
    elif where == "tljh.yaml":
        pattern = written(where)["auth"]["SharedPasswordAuthenticator"]["username_pattern"]
    else:
        pattern = written(where)["hub"]["config"]["Authenticator"]["username_pattern"]
    assert re.match(pattern, "ana2")  # as JupyterHub compares
    for name in ("a" * 31, "ana m", "ана", "2ana", "ana\n", "../ana"):
        assert not re.match(pattern, name)


def test_what_must_be_changed_is_marked():
    words = [
        written("values.yaml")["hub"]["config"]["SharedPasswordAuthenticator"],
        written("tljh.yaml")["auth"]["SharedPasswordAuthenticator"],
    ]
    for one in words:
        assert one["user_password"].startswith("CHANGE-ME")
        assert len(one["admin_password"]) >= 32


def test_the_readme_names_each_file():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for file in FOLDER.iterdir():
        if file.is_file() and file.name != "README.md":
            assert f"`{file.name}`" in text, file.name
