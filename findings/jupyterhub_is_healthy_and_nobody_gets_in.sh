#!/usr/bin/env bash
# JupyterHub says that it is healthy while everybody who comes gets "404 Not Found".
#
# Expected: when /hub/health answers 200, the hub can be used: that is what load balancers, probes of
# Kubernetes and scripts ask. Seen: the hub answers so on its own port as soon as it listens; then it
# starts its services and waits for each that has a url, and only after them tells its proxy the way
# to itself. A service that needs three seconds to start holds the room out for three seconds, and
# the health says nothing of it. Ask /hub/health through the proxy, at the address of the learners.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${hub:-}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q jupyterhub==6.1.1
(cd "$folder" && npm install --silent --no-fund --no-audit configurable-http-proxy@5.3.0)
cd "$folder"
cat >service.py <<'PYTHON'
import http.server
import time

time.sleep(3)


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()


http.server.HTTPServer(("127.0.0.1", 18073), Answer).serve_forever()
PYTHON
cat >jupyterhub_config.py <<'PYTHON'
c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:18070"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:18071"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:18072"
c.ConfigurableHTTPProxy.command = ["node_modules/.bin/configurable-http-proxy"]
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.services = [
    {"name": "slow", "url": "http://127.0.0.1:18073", "command": ["env/bin/python", "service.py"]}
]
PYTHON
cat >ask.py <<'PYTHON'
import time
import urllib.error
import urllib.request

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def status(port):
    try:
        return opener.open(f"http://127.0.0.1:{port}/hub/health", timeout=2).status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


healthy, end = None, time.monotonic() + 60
while time.monotonic() < end:
    own, through = status(18071), status(18070)
    now = time.monotonic()
    if own == 200 and through == 404 and healthy is None:
        healthy = now
    if own == through == 200:
        break
    time.sleep(0.1)
if healthy is None:
    print("never 404")
else:
    print("healthy, and 404 for those who come:", "seconds" if now - healthy > 2 else "a moment")
PYTHON
env/bin/jupyterhub -f jupyterhub_config.py >hub.log 2>&1 &
hub=$!
echo "JupyterHub $(env/bin/jupyterhub --version), configurable-http-proxy 5.3.0"
said=$(env/bin/python ask.py)
echo "$said"
[[ $said == "healthy, and 404 for those who come: seconds" ]] || { tail -5 hub.log; echo "this has changed"; exit 1; }
