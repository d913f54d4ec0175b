"""The model server of lesson 11 under load, beside LitServe and beside itself without batches.

    python benchmarks/serving.py [--rounds 5] [--seconds 3] [--switches 30]

One digit a request, 2.7 kB of JSON, for the network of lesson 04b; all servers run the model in
one thread and by the same call, all share two cores with `hey`, which loads them:

- *batching*: the course's server as `serve(folder)` starts it; *one by one*: `batching=False`;
- *LitServe 0.2.19* with batches of up to 32, in an environment of its own, made for this run.

First table: 1 and 32 clients, servers in turns; while one is asked, the others are suspended (to
wait for a request, LitServe takes a whole core). Medians of the rounds, and of the ratios of each
round. Then 30 versions come while eight clients ask, at least 10,000 times in all; every second
version is copied in place, piece by piece, with a rest somewhere that is longer than two looks of
the server. What no whole version answers, or one that a later one has replaced, counts as wrong.
Last, one digit through the SavedModel's call, and through LiteRT with floats and with int8, one
thread each: the least of 1,000 calls, medians of the rounds. `mobile.py` looks closer at that.

About six minutes on two quiet cores. Needs `hey` (`apt-get install hey`), and the network for
LitServe, which is left out without it.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterable
from functools import partial
from importlib import metadata
from pathlib import Path
from urllib.request import Request, urlopen

import psutil
from measure import REPO, best, child, command, in_turns, machine, median, spread
from switches import switch

from workshop.cluster.tf_config import HOST, free_ports
from workshop.serving import serve

CLIENTS, MODELS, CALLS = (1, 32), 3, 1000
GOAL = 2.2
LITSERVE = "litserve==0.2.19"
LIT = """
import sys
from pathlib import Path
import litserve, numpy as np
from workshop.serving.model import load

class Digits(litserve.LitAPI):
    def setup(self, device):
        self.call = load(Path(sys.argv[1]))["serving_default"].call
    def decode_request(self, request):
        return np.array(request["instances"], np.float32)
    def batch(self, inputs):
        return np.concatenate(inputs)
    def predict(self, batch):
        return self.call(batch)[0]
    def unbatch(self, outputs):
        return list(outputs[:, None])
    def encode_response(self, output):
        return {"predictions": output.tolist()}

if __name__ == "__main__":
    server = litserve.LitServer(Digits(max_batch_size=32), accelerator="cpu")
    server.run(host="127.0.0.1", port=int(sys.argv[2]), num_api_servers=1, log_level="warning",
               generate_client_file=False)
"""


def make_models(folder: str) -> list:
    """Write three models that differ, as 0/, 1/ and 2/; give their answers to one digit."""
    import keras

    from workshop.course.cells import run_cells
    from workshop.data import load_mnist

    (x_train, _), _ = load_mnist("sample")
    names = {"keras": keras, "layers": keras.layers, "x_train": x_train}
    build, answers = run_cells("04b", ["recipe"], names)["build_model"], []
    for number in range(MODELS):
        keras.utils.set_random_seed(number)
        model = build()
        model.export(Path(folder) / str(number), verbose=False)
        answers.append(model.predict(x_train[:1], verbose=0)[0].tolist())
        model.save(Path(folder) / f"{number}.keras")
    body = json.dumps({"instances": x_train[:1].tolist()})
    (Path(folder) / "digit.json").write_text(body, encoding="utf-8")
    return answers


@contextlib.contextmanager
def litserve(model: Path, folder: Path):
    """Start LitServe with a model; gives the URL and the process, and ends all of its processes."""
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    [packages] = (folder / "env" / "lib").glob("python*/site-packages")
    ours = [path for path in sys.path if path.endswith("site-packages")]
    lines = [f"import site; site.addsitedir({path!r})" for path in ours]
    (packages / "course.pth").write_text("\n".join([str(REPO), *lines]))
    pinned = ["-c", str(REPO / "constraints.txt")]
    subprocess.run([python, "-m", "pip", "install", "-q", *pinned, LITSERVE], check=True)
    (folder / "lit.py").write_text(LIT)
    [port] = free_ports(1)
    process = subprocess.Popen(
        [python, folder / "lit.py", model, str(port)],
        start_new_session=True,  # its workers outlive it otherwise
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://{HOST}:{port}/predict", process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def suspended(numbers: Iterable[int]):
    """Suspend processes, and those that they have started, so that they take no time."""
    tops = [psutil.Process(number) for number in numbers]
    all_of_them = [one for top in tops for one in (top, *top.children(recursive=True))]
    try:
        for one in all_of_them:
            one.suspend()
        yield
    finally:
        for one in all_of_them:
            one.resume()


def wait_for(url: str, body: bytes) -> None:
    """Wait until a server answers."""
    asked = Request(url, body, {"Content-Type": "application/json"})
    for _ in range(300):
        with contextlib.suppress(OSError), urlopen(asked, timeout=20) as answer:
            answer.read()
            return
        time.sleep(0.2)
    sys.exit(f"{url} never answered")


def load(url: str, body: Path, clients: int, seconds: float) -> dict:
    """Load a server; gives requests a second and percentiles of milliseconds."""
    options = ["-z", f"{seconds}s", "-c", str(clients), "-m", "POST", "-T", "application/json"]
    said = subprocess.run(
        ["hey", *options, "-D", body, url], capture_output=True, text=True, check=True
    ).stdout
    statuses = dict(re.findall(r"\[(\d+)\]\s+(\d+) responses", said))
    if set(statuses) != {"200"} or "Error distribution" in said:
        sys.exit(f"{url} was not always answered:\n{said}")
    found = {f"p{part}": 1e3 * float(s) for part, s in re.findall(r"(\d+)% in ([\d.]+) secs", said)}
    return found | {"rate": float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])}


def compare(folder: Path, rounds: int, seconds: float) -> None:
    """Print the first table."""
    body, models = folder / "digit.json", folder / "models" / "digits"
    shutil.copytree(folder / "0", models / "1")
    with contextlib.ExitStack() as running:
        servers = {}  # URL and process
        for name, batching in (("batching", True), ("one by one", False)):
            server = running.enter_context(serve(models, batching=batching))
            servers[name] = f"{server.url}:predict", server.pid
        try:
            servers["LitServe"] = running.enter_context(litserve(models / "1", folder))
        except subprocess.CalledProcessError:
            print("LitServe could not be installed, and is left out")
        for url, _ in servers.values():
            wait_for(url, body.read_bytes())

        def alone(name: str, clients: int, seconds: float = seconds) -> dict:
            with suspended(pid for other, (_, pid) in servers.items() if other != name):
                return load(servers[name][0], body, clients, seconds)

        for name in servers:
            alone(name, max(CLIENTS), 1)
        print(f"{'clients':>7}  {'server':12}{'requests/s':>18}{'p50':>8}{'p95':>8}{'p99 ms':>8}")
        for clients in CLIENTS:
            found = in_turns(partial(alone, clients=clients), servers, rounds)
            for name, runs in found.items():
                rates = [run["rate"] for run in runs]
                times = "".join(f"{median(runs, part):8.1f}" for part in ("p50", "p95", "p99"))
                range_of = spread(rates, ".0f")
                print(f"{clients:7}  {name:12}{median(runs, 'rate'):6.0f} {range_of:>13}{times}")
            verdict(clients, found)


def verdict(clients: int, found: dict[str, list[dict]]) -> None:
    """Print what batching brings, and whether it is as much as it should be."""
    ours = found["batching"]
    if clients == 1:
        pairs = zip(ours, found["one by one"], strict=True)
        ratio = statistics.median(with_["p50"] / without["p50"] for with_, without in pairs)
        good = "yes" if ratio <= 1.1 else "NO"
        print(f"         p50, batching over one by one: {ratio:.2f}; at most 1.1: {good}")
        return
    for name in set(found) - {"batching"}:
        pairs = zip(ours, found[name], strict=True)
        ratios = [one["rate"] / other["rate"] for one, other in pairs]
        ratio = statistics.median(ratios)
        good = "yes" if ratio >= GOAL else "NO"
        told = f"{ratio:.2f} {spread(ratios, '.2f')}; at least {GOAL}: {good}"
        print(f"         requests, batching over {name}: {told}")


def calls(folder: str, rounds: int) -> dict:
    """Time one digit through the SavedModel and LiteRT: microseconds, the least of many calls."""
    import keras
    import tensorflow as tf
    from ai_edge_litert.interpreter import Interpreter

    from workshop.data import load_mnist

    tf.config.threading.set_intra_op_parallelism_threads(1)
    (x_train, _), _ = load_mnist("sample")
    digit = x_train[:1].astype("float32")
    saved = tf.saved_model.load(str(Path(folder) / "0"))

    def by_litert(int8: bool):
        converter = tf.lite.TFLiteConverter.from_keras_model(
            keras.saving.load_model(Path(folder) / "0.keras")
        )
        if int8:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.representative_dataset = lambda: (
                [one[None]] for one in x_train[:200].astype("float32")
            )
            converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
            converter.inference_input_type = converter.inference_output_type = tf.uint8
        interpreter = Interpreter(model_content=converter.convert(), num_threads=1)
        interpreter.allocate_tensors()
        place = interpreter.get_input_details()[0]["index"]
        answer = interpreter.get_output_details()[0]["index"]
        given = x_train[:1] if int8 else digit

        def call():
            interpreter.set_tensor(place, given)
            interpreter.invoke()
            return interpreter.get_tensor(answer)

        return call

    contenders = {
        "SavedModel": lambda: saved.serve(digit),
        "LiteRT float": by_litert(False),
        "LiteRT int8": by_litert(True),
    }
    return in_turns(lambda name: 1e6 * best(contenders[name], CALLS), contenders, rounds)


def main(rounds: int = 5, seconds: float = 3, switches: int = 30) -> None:
    """Measure and print."""
    if not shutil.which("hey"):
        sys.exit("hey is missing: apt-get install hey, or github.com/rakyll/hey elsewhere")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "1"}  # as kernels have it
    print(machine(), f"uvicorn {metadata.version('uvicorn')}", sep="\n")
    with tempfile.TemporaryDirectory() as name:
        answers = child(make_models, name)
        compare(Path(name), rounds, seconds)
        switch(Path(name), answers, switches)
        found = child(calls, name, rounds)
    base = found.pop("SavedModel")
    print(f"one digit through the SavedModel's call: {statistics.median(base):.0f} us")
    for (name, times), goal in zip(found.items(), (5, 10), strict=True):
        ratio = statistics.median(one / other for one, other in zip(base, times, strict=True))
        good = "yes" if ratio >= goal else "NO"
        told = f"{statistics.median(times):.0f} us, 1/{ratio:.0f}; at most 1/{goal}: {good}"
        print(f"one digit through {name}: {told}")


if __name__ == "__main__":
    command(main)
