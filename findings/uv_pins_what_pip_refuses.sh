#!/usr/bin/env bash
# uv pins a version of a dependency of LiteRT that no Python in question can have; pip refuses it.
#
# Expected: a file of constraints that `uv pip compile` makes for Python 3.11 can be installed by pip
# on Python 3.11; of a package whose newest version is for older Pythons only, an earlier one is taken.
# Seen: uv does not look at the upper end of Requires-Python. backports.strenum 1.3.1, which
# ai-edge-litert asks for on every Python, is for "<3.11", and uv pins it for 3.11. `pip install -c`
# with that file says "conflicting dependencies" and not why; pip by itself takes 1.2.8.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" # uv reads the pyproject.toml of where it is
python3 -m venv env
pip() { env/bin/python -m pip --disable-pip-version-check "$@"; }
pip install -q uv==0.13.9
env/bin/uv --version
echo "ai-edge-litert==2.3.0" >in.txt
env/bin/uv pip compile -q --python-version 3.11 --no-header --no-annotate --no-emit-index-url \
  --no-emit-find-links in.txt -o constraints.txt
echo "uv: $(grep strenum constraints.txt)"
options=(install --dry-run --only-binary :all: --ignore-installed -r in.txt)
said=$(pip "${options[@]}" -c constraints.txt 2>&1 || true)
grep -E "ERROR: |depends on|requested" <<<"$said"
alone=$(pip "${options[@]}" 2>&1)
echo "pip alone: $(grep -o "backports[._-]strenum-[0-9.]*[0-9]" <<<"$alone" | tail -1)"
{ grep -q "strenum==1.3.1" constraints.txt && grep -q ResolutionImpossible <<<"$said" &&
  grep -q "Would install.*strenum-1.2" <<<"$alone"; } || { echo "this has changed"; exit 1; }
