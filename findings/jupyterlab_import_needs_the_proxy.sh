#!/usr/bin/env bash
# JupyterLab does not start where ALL_PROXY names a SOCKS proxy.
#
# Expected: a program that serves a page to this machine starts whatever proxy is set for the way out.
# Seen: while it is imported, JupyterLab makes an HTTP client for its list of extensions. httpx, which
# makes it, reads the proxies at that moment, and raises where it can't use one: of SOCKS without the
# package socksio, or in GNOME's spelling, socks://, even with it. `jupyter lab --version` fails, too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q jupyterlab==4.6.6 httpx==0.28.1
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY || true
version() { env "$@" "$folder/env/bin/jupyter" lab --version 2>&1 | tail -n 1 || true; }
without=$(version ALL_PROXY=)
socks=$(version ALL_PROXY=socks5://127.0.0.1:1080)
"$folder/env/bin/pip" install -q socksio==1.0.0
gnome=$(version ALL_PROXY=socks://127.0.0.1:1080)
"$folder/env/bin/pip" list 2>/dev/null | grep -E "^(jupyterlab|httpx) "
echo "without a proxy: $without"
echo "with socks5://: $socks"
echo "with socks:// and socksio: $gnome"
[ "$without" = 4.6.6 ] && [[ $socks == ImportError:* ]] && [[ $gnome == ValueError:* ]] ||
  { echo "this has changed"; exit 1; }
