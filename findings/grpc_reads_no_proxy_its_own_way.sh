#!/usr/bin/env bash
# gRPC asks the proxy for 127.0.0.1, and `no_proxy=*` does not stop it.
#
# Expected: as in curl, requests and Python's urllib, `no_proxy=*` switches the proxy off, and names
# in no_proxy count whatever else is set.
# Seen: gRPC sends even what goes to this machine to http_proxy or https_proxy, does not know `*`,
# and where no_grpc_proxy is set it does not read no_proxy at all. TensorFlow's workers (gRPC inside)
# then wait for each other for ever and say nothing of a proxy.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q grpcio==1.85.3
cat >"$folder/meet.py" <<'PYTHON'
import concurrent.futures
import sys

import grpc

server = grpc.server(concurrent.futures.ThreadPoolExecutor())
port = server.add_insecure_port("127.0.0.1:0")
server.start()
channel = grpc.insecure_channel(f"127.0.0.1:{port}")
try:
    grpc.channel_ready_future(channel).result(timeout=4)
    print("met")
except grpc.FutureTimeoutError:
    print("never met")
server.stop(None)
PYTHON
export http_proxy=http://127.0.0.1:9 # nobody listens there
unset https_proxy grpc_proxy no_proxy NO_PROXY no_grpc_proxy || true
meet() { env "$@" "$folder/env/bin/python" "$folder/meet.py" 2>/dev/null; }
urllib=$(no_proxy='*' "$folder/env/bin/python" -c \
  'import urllib.request as u; print(bool(u.proxy_bypass("127.0.0.1")))')
all=$(meet 'no_proxy=*')
named=$(meet no_proxy=127.0.0.1)
hidden=$(meet no_proxy=127.0.0.1 no_grpc_proxy=example.org)
"$folder/env/bin/pip" list 2>/dev/null | grep grpcio
echo "no_proxy=*: $all (urllib goes past the proxy: $urllib)"
echo "no_proxy=127.0.0.1: $named; with no_grpc_proxy=example.org beside it: $hidden"
[ "$urllib/$all/$named/$hidden" = "True/never met/met/never met" ] || { echo "this has changed"; exit 1; }
