#!/usr/bin/env bash
# LitServe that batches takes a whole core while nobody asks it anything.
#
# Expected: a model server that has no request waits for one, as it does without batches (0.01 of a
# core). Seen: with `max_batch_size` above 1 and the default `batch_timeout=0` its worker looks into
# the empty queue again and again without a pause. So an idle server never scales down, and it
# halves what another program on two cores can do: servers that are compared on one machine have to
# be suspended meanwhile. With a `batch_timeout` of 50 ms, which each lone request then waits, an
# idle server still takes about a sixth of a core.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q litserve==0.2.19 psutil==7.2.2
cat >"$folder/server.py" <<'PYTHON'
import sys

import litserve


class Echo(litserve.LitAPI):
    def setup(self, device):
        pass

    def decode_request(self, request):
        return request["x"]

    def batch(self, inputs):
        return inputs

    def predict(self, x):
        return x

    def unbatch(self, outputs):
        return outputs

    def encode_response(self, output):
        return {"x": output}


if __name__ == "__main__":
    port, size, timeout = sys.argv[1:]
    api = Echo(max_batch_size=int(size), batch_timeout=float(timeout))
    litserve.LitServer(api, accelerator="cpu").run(
        host="127.0.0.1", port=int(port), num_api_servers=1, generate_client_file=False
    )
PYTHON
cat >"$folder/measure.py" <<'PYTHON'
import json
import socket
import subprocess
import sys
import time
import urllib.request

import psutil


def idle(server, *options):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, server, str(port), *options]
    null = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=null, stderr=null, start_new_session=True)
    group = []
    try:
        body, headers = json.dumps({"x": 1}).encode(), {"Content-Type": "application/json"}
        for _ in range(120):
            time.sleep(0.5)
            try:
                asked = urllib.request.Request(f"http://127.0.0.1:{port}/predict", body, headers)
                with urllib.request.urlopen(asked, timeout=20) as answer:
                    assert json.load(answer) == {"x": 1}
                break
            except OSError:
                pass
        top = psutil.Process(process.pid)
        group = [top, *top.children(recursive=True)]
        time.sleep(3)
        start = sum(sum(one.cpu_times()[:2]) for one in group), time.monotonic()
        time.sleep(8)
        return (sum(sum(one.cpu_times()[:2]) for one in group) - start[0]) / (
            time.monotonic() - start[1]
        )
    finally:
        for one in reversed(group or [process]):
            one.kill()
        process.wait()


alone, batches, timeout = (
    idle(sys.argv[1], *options) for options in (("1", "0"), ("32", "0"), ("32", "0.05"))
)
print(f"cores of an idle server: no batches {alone:.2f}, batches of up to 32 {batches:.2f},")
print(f"with a batch_timeout of 50 ms {timeout:.2f}")
sys.exit(not (alone < 0.05 and batches > 0.7 and 0.05 < timeout < 0.5))
PYTHON
"$folder/env/bin/pip" list 2>/dev/null | grep -E "^litserve "
"$folder/env/bin/python" "$folder/measure.py" "$folder/server.py" || { echo "this has changed"; exit 1; }
