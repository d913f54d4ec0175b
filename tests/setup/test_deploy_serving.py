"""deploy/serving: manifests against Kubernetes' types, and against each other."""

import contextlib
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from manifests import kept, spoilt

FOLDER = Path(__file__).parent.parent.parent / "deploy" / "serving"
META = "IoK8sApimachineryPkgApisMetaV1ObjectMeta"
PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
# Of what has no type in the package, the fields that we use: of Deployment as Kubernetes' API
# reference has them, of InferenceService as kserve 0.21.0 does.
DEPLOYMENT = {
    "apiVersion": str,
    "kind": str,
    "metadata": META,
    "spec": {
        "selector": "IoK8sApimachineryPkgApisMetaV1LabelSelector",
        "strategy": {"type": str, "rollingUpdate": {"maxUnavailable": int, "maxSurge": int}},
        "template": "IoK8sApiCoreV1PodTemplateSpec",
    },
}
INFERENCE_SERVICE = {
    "apiVersion": str,
    "kind": str,
    "metadata": META,
    "spec": {
        "predictor": {
            "minReplicas": int,
            "maxReplicas": int,
            "scaleMetric": str,
            "scaleTarget": int,
            "model": {
                "modelFormat": {"name": str, "version": str},
                "protocolVersion": str,
                "runtimeVersion": str,
                "storageUri": str,
                "resources": "IoK8sApiCoreV1ResourceRequirements",
            },
        }
    },
}
TYPES = {
    "autoscaler.yaml": "IoK8sApiAutoscalingV2HorizontalPodAutoscaler",
    "batching.yaml": "IoK8sApiCoreV1ConfigMap",
    "deployment.yaml": DEPLOYMENT,
    "inferenceservice.yaml": INFERENCE_SERVICE,
    "loader.yaml": "IoK8sApiCoreV1Pod",
    "models.yaml": "IoK8sApiCoreV1PersistentVolumeClaim",
    "service.yaml": "IoK8sApiCoreV1Service",
}
PLACES = {
    "autoscaler.yaml": ("autoscaling/v2", "HorizontalPodAutoscaler"),
    "batching.yaml": ("v1", "ConfigMap"),
    "deployment.yaml": ("apps/v1", "Deployment"),
    "inferenceservice.yaml": ("serving.kserve.io/v1beta1", "InferenceService"),
    "loader.yaml": ("v1", "Pod"),
    "models.yaml": ("v1", "PersistentVolumeClaim"),
    "service.yaml": ("v1", "Service"),
}


def manifest(name):
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def text_of(name):
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.fixture
def deploy():
    """What the tests below compare, by name."""
    deployment, service = manifest("deployment.yaml"), manifest("service.yaml")
    autoscaler, by_kserve = manifest("autoscaler.yaml"), manifest("inferenceservice.yaml")
    loader, claim = manifest("loader.yaml"), manifest("models.yaml")["metadata"]["name"]
    pod = deployment["spec"]["template"]["spec"]
    (container,), (copies,) = pod["containers"], loader["spec"]["containers"]
    options = dict(one.removeprefix("--").split("=") for one in container["args"])
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    predictor = by_kserve["spec"]["predictor"]
    return SimpleNamespace(**locals())


def test_there_is_no_other_manifest():
    assert {path.name for path in FOLDER.glob("*.y*ml")} == set(TYPES) == set(PLACES)


@pytest.mark.parametrize("name", TYPES)
def test_manifests_fit_their_types_to_the_last_field(name):
    content = manifest(name)
    assert kept(TYPES[name], content) == content
    assert (content["apiVersion"], content["kind"]) == PLACES[name]


@pytest.mark.parametrize("name", TYPES)
def test_every_misspelt_field_would_be_noticed(name):
    """The test above is as strict as it says: each key, spoilt, makes a difference."""
    copies = list(spoilt(manifest(name)))
    assert len(copies) >= 5
    for broken in copies:
        with contextlib.suppress(ValueError):  # the type's error: this field is needed
            assert kept(TYPES[name], broken) != broken


def test_names_are_those_that_kubernetes_allows(deploy):
    names = [manifest(name)["metadata"]["name"] for name in TYPES]
    names += [volume["name"] for volume in deploy.pod["volumes"]]
    names += [deploy.container["name"], *deploy.ports, deploy.copies["name"]]
    for name in names:
        assert re.fullmatch(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", name), name


def test_the_service_finds_the_pods_and_their_ports(deploy):
    labels = deploy.deployment["spec"]["template"]["metadata"]["labels"]
    assert deploy.deployment["spec"]["selector"]["matchLabels"] == labels
    assert deploy.service["spec"]["selector"] == labels
    for port in deploy.service["spec"]["ports"]:
        assert deploy.ports[port["targetPort"]] == port["port"]


def test_the_server_listens_where_it_is_asked(deploy):
    assert deploy.options["rest_api_port"] == str(deploy.ports["rest"])
    assert deploy.options["port"] == str(deploy.ports["grpc"])
    status = f"/v1/models/{deploy.options['model_name']}"
    for probe in PROBES[:2]:
        assert deploy.container[probe]["httpGet"] == {"path": status, "port": "rest"}
    assert "httpGet" not in deploy.container["livenessProbe"]
    assert f"{status}:predict" in text_of("service.yaml")


def test_a_slow_start_is_not_a_death(deploy):
    """What each probe allows, in seconds: minutes to start, seconds to be left out."""
    start, ready, alive = (deploy.container[probe] for probe in PROBES)
    seconds = [one["periodSeconds"] * one["failureThreshold"] for one in (start, ready, alive)]
    assert seconds[0] >= 300
    assert seconds[1] <= 15 < seconds[2]


def test_the_last_requests_are_answered_before_the_end(deploy):
    _, farewell = deploy.container["lifecycle"]["preStop"]["exec"]["command"]
    longest = int(deploy.options["rest_api_timeout_in_ms"]) / 1000
    assert int(farewell) + longest < deploy.pod["terminationGracePeriodSeconds"]
    ready = deploy.container["readinessProbe"]
    assert int(farewell) >= ready["periodSeconds"] * ready["failureThreshold"]
    assert deploy.deployment["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_the_autoscaler_finds_the_deployment_and_alone_says_how_many(deploy):
    target = deploy.autoscaler["spec"]["scaleTargetRef"]
    assert (target["apiVersion"], target["kind"]) == PLACES["deployment.yaml"]
    assert target["name"] == deploy.deployment["metadata"]["name"]
    assert "replicas" not in deploy.deployment["spec"]
    (metric,) = deploy.autoscaler["spec"]["metrics"]
    # A share of what is asked for: without a request there is nothing to take a share of.
    assert metric["resource"]["name"] in deploy.container["resources"]["requests"]


def test_volumes_are_there_and_only_one_pod_may_write(deploy):
    mounts = {mount["name"]: mount for mount in deploy.container["volumeMounts"]}
    volumes = {volume["name"]: volume for volume in deploy.pod["volumes"]}
    assert mounts.keys() == volumes.keys()
    assert volumes["models"]["persistentVolumeClaim"] == {
        "claimName": deploy.claim,
        "readOnly": True,
    }
    assert mounts["models"]["readOnly"] is True
    (written,) = deploy.loader["spec"]["volumes"]
    assert written["persistentVolumeClaim"] == {"claimName": deploy.claim}
    (mount,) = deploy.copies["volumeMounts"]
    assert mount["mountPath"] == mounts["models"]["mountPath"]
    base = deploy.options["model_base_path"]
    assert base == f"{mount['mountPath']}/{deploy.options['model_name']}"
    assert base in text_of("README.md")


def test_the_batching_file_is_where_the_server_looks(deploy):
    mounts = {mount["name"]: mount["mountPath"] for mount in deploy.container["volumeMounts"]}
    (file,) = manifest("batching.yaml")["data"]
    assert deploy.options["batching_parameters_file"] == f"{mounts['batching']}/{file}"
    assert deploy.options["enable_batching"] == "true"
    volumes = {volume["name"]: volume for volume in deploy.pod["volumes"]}
    assert volumes["batching"]["configMap"]["name"] == manifest("batching.yaml")["metadata"]["name"]


def test_the_batching_file_has_fields_of_tensorflow_serving():
    """BatchingParameters of session_bundle_config.proto; each number stands in a wrapper."""
    text = manifest("batching.yaml")["data"]["batching.txt"]
    lines = [re.fullmatch(r"(\w+) \{ value: (\d+) \}", line) for line in text.splitlines()]
    assert {line[1]: int(line[2]) for line in lines} == {
        "max_batch_size": 32,
        "batch_timeout_micros": 0,
        "num_batch_threads": 2,
        "max_enqueued_batches": 64,
    }


def test_threads_follow_the_limit(deploy):
    cores = deploy.container["resources"]["limits"]["cpu"]
    for kind in ("intra", "inter"):
        assert deploy.options[f"tensorflow_{kind}_op_parallelism"] == cores
    asked = deploy.container["resources"]
    # Memory beyond the request is memory that a pod can lose its life for.
    assert asked["requests"]["memory"] == asked["limits"]["memory"]


def test_nobody_is_root_or_can_become_it(deploy):
    """The servers work with more rights as well, so that nothing else would notice."""
    for pod, container in (
        (deploy.pod, deploy.container),
        (deploy.loader["spec"], deploy.copies),
    ):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] > 0
        assert pod["automountServiceAccountToken"] is False
        own = container["securityContext"]
        assert own["allowPrivilegeEscalation"] is False
        assert own["readOnlyRootFilesystem"] is True
        assert own["capabilities"] == {"drop": ["ALL"]}
    # The same who: what the loader writes the server can read.
    assert deploy.loader["spec"]["securityContext"] == deploy.pod["securityContext"]


def test_kserve_does_the_same(deploy):
    scale, model = deploy.autoscaler["spec"], deploy.predictor["model"]
    (metric,) = scale["metrics"]
    for key in ("minReplicas", "maxReplicas"):
        assert deploy.predictor[key] == scale[key]
    assert deploy.predictor["scaleMetric"] == metric["resource"]["name"]
    assert deploy.predictor["scaleTarget"] == metric["resource"]["target"]["averageUtilization"]
    assert deploy.container["image"] == f"tensorflow/serving:{model['runtimeVersion']}"
    assert model["resources"] == deploy.container["resources"]
    name = deploy.options["model_name"]
    assert model["storageUri"] == f"pvc://{deploy.claim}/{name}"
    assert deploy.by_kserve["metadata"]["name"] == name  # its runtime calls the model so


def test_the_readme_names_what_is_there(deploy):
    said = text_of("README.md")
    for name in TYPES:
        assert f"`{name}`" in said, name
    for name in re.findall(r"deploy/serving/([\w.]+ya?ml)", said):
        assert name in TYPES, name
    assert f"{deploy.ports['rest']}/v1/models/{deploy.options['model_name']}:predict" in said
