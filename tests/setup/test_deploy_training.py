"""deploy/training: manifests against Kubeflow's own types, and the program run as pods run it."""

import contextlib
import doctest
import importlib.util
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from manifests import kept, spoilt, type_named
from processes import until

from workshop.cluster import read_tf_config, start_script
from workshop.cluster.tf_config import free_ports

pytestmark = pytest.mark.usefixtures("nothing_is_left")

FOLDER = Path(__file__).parent.parent.parent / "deploy" / "training"
ABOUT_S = 240  # a worker beside other busy programs


@pytest.fixture(scope="module")
def task_config():
    """The module beside train.py; `python train.py` finds it there."""
    spec = importlib.util.spec_from_file_location("task_config", FOLDER / "task_config.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# The manifests


TYPES = {
    "runtime.yaml": "TrainerV1alpha1TrainingRuntime",
    "trainjob.yaml": "TrainerV1alpha1TrainJob",
    "checkpoints.yaml": "IoK8sApiCoreV1PersistentVolumeClaim",
}


def manifest(name):
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@pytest.fixture
def deploy():
    """What the tests below compare, by name."""
    runtime, job = manifest("runtime.yaml"), manifest("trainjob.yaml")
    (node,) = runtime["spec"]["template"]["spec"]["replicatedJobs"]
    pod = node["template"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    trainer = job["spec"]["trainer"]
    return SimpleNamespace(**locals())


def test_there_is_no_other_manifest():
    assert {path.name for path in FOLDER.glob("*.y*ml")} == set(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_manifests_fit_their_types_to_the_last_field(name):
    content = manifest(name)
    assert kept(TYPES[name], content) == content
    assert content["kind"] == re.sub(r".*(V1alpha1|CoreV1)", "", TYPES[name])


@pytest.mark.parametrize("name", TYPES)
def test_every_misspelt_field_would_be_noticed(name):
    """The test above is as strict as it says: each key, spoilt, makes a difference."""
    copies = list(spoilt(manifest(name)))
    assert len(copies) > 5
    for broken in copies:
        with contextlib.suppress(ValueError):  # the type's error: this field is needed
            assert kept(TYPES[name], broken) != broken


def test_names_are_those_that_kubernetes_allows(deploy):
    names = [deploy.runtime["metadata"]["name"], deploy.job["metadata"]["name"]]
    names += [volume["name"] for volume in deploy.pod["volumes"]]
    for name in names:
        assert re.fullmatch(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", name), name


def test_the_job_finds_its_runtime(deploy):
    reference = deploy.job["spec"]["runtimeRef"]
    assert reference["kind"] == deploy.runtime["kind"]
    assert reference["name"] == deploy.runtime["metadata"]["name"]
    assert deploy.runtime["apiVersion"].split("/")[0] == reference["apiGroup"]


def test_the_job_finds_its_pods(deploy):
    """By labels, whose names no type holds: the text of one says this, README.md the other."""
    said = re.search(r"label: `(\S+): (\S+)`", type_named("TrainerV1alpha1Trainer").__doc__)
    assert said.groups() in deploy.node["template"]["metadata"]["labels"].items()
    (name,) = (one for one in deploy.container["env"] if one["name"] == "JOB_NAME")
    label = re.search(r"labels\['(.+)'\]", name["valueFrom"]["fieldRef"]["fieldPath"])[1]
    logs = f"kubectl logs -f -l {label}={deploy.job['metadata']['name']} "
    assert logs in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_program_is_told_all_that_it_reads(deploy, task_config):
    given = {variable["name"] for variable in deploy.container["env"] + deploy.trainer["env"]}
    if deploy.node["template"]["spec"]["completionMode"] == "Indexed":
        given.add("JOB_COMPLETION_INDEX")  # by Kubernetes
    assert given >= set(task_config.NEEDED)


def test_the_program_looks_for_the_pods_that_the_manifests_make(deploy, task_config):
    name, trainer = deploy.job["metadata"]["name"], deploy.trainer
    (port,) = deploy.container["ports"]
    variables = {variable["name"]: variable["value"] for variable in trainer["env"]}
    variables |= {"JOB_NAME": name, "JOB_COMPLETION_INDEX": "1"}
    config = read_tf_config(task_config.task_config(variables))
    assert config["cluster"]["worker"] == [
        f"{name}-{deploy.node['name']}-{replica}-{index}.{name}:{port['containerPort']}"
        for replica in range(deploy.node["replicas"])
        for index in range(trainer["numNodes"])
    ]
    batch = trainer["args"][trainer["args"].index("--batch-size") + 1]
    assert int(batch) % trainer["numNodes"] == 0


def test_the_job_gives_what_the_program_takes(deploy):
    """The command is the runtime's, the options are the job's."""
    program = (FOLDER / deploy.container["command"][-1]).read_text(encoding="utf-8")
    for option in deploy.trainer["args"]:
        if option.startswith("--"):
            assert f'add_argument("{option}"' in program, option


def test_threads_follow_a_limit_that_is_set(deploy):
    (variable,) = (
        one for one in deploy.container["env"] if one["name"] == "TF_NUM_INTRAOP_THREADS"
    )
    reference, asked = variable["valueFrom"]["resourceFieldRef"], deploy.container["resources"]
    assert reference["containerName"] == deploy.container["name"]
    bound, resource = reference["resource"].split(".")
    assert resource in asked[bound]
    # Memory beyond the request is memory that a pod can lose its life for.
    assert asked["requests"]["memory"] == asked["limits"]["memory"]


def test_checkpoints_outlive_the_pods(deploy):
    mounts = {mount["name"]: mount["mountPath"] for mount in deploy.container["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in deploy.pod["volumes"]}
    assert mounts.keys() == volumes.keys()
    claimed = volumes["checkpoints"]["persistentVolumeClaim"]["claimName"]
    assert claimed == manifest("checkpoints.yaml")["metadata"]["name"]
    assert deploy.trainer["args"][0].startswith(mounts["checkpoints"] + "/")


def test_manifests_and_image_agree(deploy):
    for name in ("README.md", "Dockerfile"):
        found = re.findall(r"workshop-training:[\w.]+", (FOLDER / name).read_text("utf-8"))
        assert set(found) == {deploy.container["image"]}, name
    who = deploy.pod["securityContext"]
    lines = (FOLDER / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert f"USER {who['runAsUser']}:{who['runAsGroup']}" in lines


def test_nobody_is_root_or_can_become_it(deploy):
    """The program works with more rights as well, so that nothing else would notice."""
    assert deploy.pod["securityContext"]["runAsNonRoot"] is True
    assert deploy.pod["securityContext"]["runAsUser"] > 0
    own = deploy.container["securityContext"]
    assert own["allowPrivilegeEscalation"] is False
    assert own["readOnlyRootFilesystem"] is True
    assert own["capabilities"] == {"drop": ["ALL"]}


def test_the_image_has_what_it_copies():
    lines = (FOLDER / "Dockerfile").read_text(encoding="utf-8").splitlines()
    ignored = (FOLDER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("COPY "):
            for source in line.split()[1:-1]:
                assert (FOLDER.parent.parent / source).exists(), source
                assert f"!{source}" in ignored


# TF_CONFIG


def environment(index, workers=2, **changes):
    pod = {"JOB_NAME": "digits", "WORKERS": workers, "JOB_COMPLETION_INDEX": index} | changes
    return {key: str(value) for key, value in pod.items()}


def test_its_examples_are_right(task_config):
    failed, tried = doctest.testmod(task_config)
    assert (failed, tried > 1) == (0, True)


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_each_pod_is_told_its_place(task_config, workers):
    seen = []
    for index in range(workers):
        config = read_tf_config(task_config.task_config(environment(index, workers)))
        assert config["task"] == {"type": "worker", "index": index}
        seen.append(config["cluster"])
    assert all(cluster == seen[0] for cluster in seen)
    assert seen[0]["worker"][-1] == f"digits-node-0-{workers - 1}.digits:2222"


def test_ports_of_this_machine_take_the_names_place(task_config):
    config = json.loads(task_config.task_config(environment(1), local_ports=[5001, 5002]))
    assert config["cluster"]["worker"] == ["127.0.0.1:5001", "127.0.0.1:5002"]


@pytest.mark.parametrize(
    ("pod", "ports", "says"),
    [
        ({}, None, "JOB_NAME, WORKERS, JOB_COMPLETION_INDEX are not set"),
        (environment(0, WORKERS=""), None, "WORKERS are not set"),
        (environment(0, WORKERS="two"), None, "WORKERS: expected a whole number, got 'two'"),
        (environment("-1"), None, "JOB_COMPLETION_INDEX: expected a whole number, got '-1'"),
        (environment(2), None, "pod 2 .from 0., and WORKERS is 2.*numNodes"),
        (environment(0), [5001], "expected 2 ports, one for each worker, got 1"),
        (environment(0), [5001, 5001], "appears twice"),
    ],
)
def test_a_wrong_pod_is_told_why(task_config, pod, ports, says):
    with pytest.raises(ValueError, match=says):
        task_config.task_config(pod, local_ports=ports)


def test_a_pod_that_never_comes_is_named(task_config, monkeypatch):
    known = {"here"}
    monkeypatch.setattr(task_config, "_is_known", known.__contains__)
    task_config.wait_for_names(["here:1"])
    with pytest.raises(TimeoutError, match=r"there is no pod gone.*numNodes"):
        task_config.wait_for_names(["here:1", "gone:1"], seconds=0.05)
    monkeypatch.setattr(task_config.time, "sleep", lambda _: known.add("late"))
    task_config.wait_for_names(["late:1"], seconds=5)


# The program


def start(folder, *options, workers=2):
    """Start train.py as the pods of a job do, all on this machine, and none on its GPU."""
    ports = free_ports(workers)
    own = {"TF_NUM_INTRAOP_THREADS": "1", "CUDA_VISIBLE_DEVICES": "-1"}
    return [
        start_script(
            script_in(folder.parent),
            folder,
            *options,
            "--local-ports",
            *ports,
            environment=environment(index, workers) | own,
        )
        for index in range(workers)
    ]


def script_in(folder):
    """Copy the program, so that its logs don't lie in the repository."""
    for name in ("train.py", "task_config.py"):
        (folder / name).write_bytes((FOLDER / name).read_bytes())
    return folder / "train.py"


def losses(script):
    return {line["step"]: line["loss"] for line in script.results if "step" in line}


def finish(scripts):
    try:
        for script in scripts:
            assert script.wait(ABOUT_S) == 0, script.last_lines()
    finally:
        for script in scripts:
            script.stop()


def test_a_worker_is_killed_and_all_go_on_from_the_checkpoint(tmp_path):
    pytest.importorskip("tensorflow")
    out, small = tmp_path / "out", ("--examples", 1000, "--save-every", 20)
    first, second = start(out, "--steps", 20_000, *small)
    try:
        until(lambda: losses(first).keys() >= {30}, first.last_lines, seconds=ABOUT_S)
        second.kill()
        assert first.wait(60) not in (0, None)  # Kubernetes starts all again for that
    finally:
        first.stop()
    saved = max(int(path.stem.split("-")[1]) for path in out.glob("ckpt-*.index"))
    assert saved >= 20
    again = start(out, "--steps", saved + 20, *small)
    finish(again)
    for script in again:
        assert script.results[0]["resumed_at"] == saved
    # One worker that nobody disturbed comes by the same losses.
    (alone,) = start(tmp_path / "alone", "--steps", saved + 20, *small, workers=1)
    finish([alone])
    after = {step: loss for step, loss in losses(alone).items() if step > saved}
    assert len(after) == 2
    for script in again:
        assert losses(script) == pytest.approx(after, rel=1e-2, abs=1e-3)
    assert (out / "model.keras").exists()
    other_model_is_refused(tmp_path, out)


def other_model_is_refused(tmp_path, out):
    """A checkpoint of another model is told, and left as it is."""
    files = {path: path.stat().st_mtime for path in out.rglob("*")}
    program = script_in(tmp_path)
    program.write_text(program.read_text().replace("Dense(128", "Dense(64"))
    with start_script(
        program, out, "--local-ports", *free_ports(1), environment=environment(0, 1)
    ) as script:
        assert script.wait(ABOUT_S) == 1
    assert "holds another model" in script.output
    assert {path: path.stat().st_mtime for path in out.rglob("*")} == files


@pytest.mark.parametrize(
    ("index", "options", "says"),
    [
        (5, (), "This is pod 5"),
        (0, ("--batch-size", "121"), "121 can't be shared by 2 workers"),
        (0, ("--steps", "many"), "invalid int value: 'many'"),
    ],
)
def test_the_program_says_what_is_wrong(tmp_path, index, options, says):
    path, ports = script_in(tmp_path), ("--local-ports", 5001, 5002)
    own = environment(index)
    with start_script(path, tmp_path / "out", *ports, *options, environment=own) as script:
        assert script.wait(60) != 0
    assert says in script.output
    assert "Traceback" not in script.output


def test_workers_meet_where_a_proxy_is_set(tmp_path):
    """As a cluster of a company sets it in all pods."""
    path = script_in(tmp_path).with_name("without_training.py")
    path.write_text(
        "import os, train\n"
        "train.wait_for_names = lambda _: None\n"
        "names = 'no_proxy', 'NO_PROXY', 'no_grpc_proxy'\n"
        "train.train = lambda _: print({name: os.environ[name] for name in names})\n"
        "train.main()\n"
    )
    proxy = {"http_proxy": "http://127.0.0.1:9", "no_grpc_proxy": ".svc"}
    with start_script(path, tmp_path / "out", environment=environment(0) | proxy) as script:
        assert script.wait(60) == 0, script.output
    pods = "digits-node-0-0.digits,digits-node-0-1.digits"
    assert script.output.count(pods) == 3
    assert f"'no_grpc_proxy': '.svc,127.0.0.1,localhost,::1,{pods}'" in script.output
