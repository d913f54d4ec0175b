#!/usr/bin/env bash
# `import nbformat` takes ten times as long where an unrelated package is installed.
#
# Expected: importing the reader of notebooks takes some tenths of a second, whatever else is there.
# Seen: 1.5 seconds and more where rfc3987-syntax is installed, and Jupyter Server brings it (through
# jupyter-events and an extra of jsonschema). nbformat imports jsonschema, which imports that package
# to know one format of address, and it makes a parser of its grammar while it is imported. Every
# nbconvert, nbval, nbclient and jupytext pays, in each process; no notebook has such an address.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q nbformat==5.11.1 jsonschema==4.26.0
seconds() { # of the processor, the least of three
  for _ in 1 2 3; do
    "$folder/env/bin/python" -c 'import nbformat, time; print(time.process_time())'
  done | sort -n | head -n 1
}
"$folder/env/bin/python" -c 'import nbformat' # makes the .pyc files
alone=$(seconds)
"$folder/env/bin/pip" install -q rfc3987-syntax==1.1.0 lark==1.3.1
"$folder/env/bin/python" -c 'import nbformat'
beside=$(seconds)
"$folder/env/bin/pip" list 2>/dev/null | grep -E "nbformat|jsonschema |rfc3987-syntax|lark"
echo "processor seconds of \"import nbformat\": alone $alone, beside rfc3987-syntax $beside"
awk -v a="$alone" -v b="$beside" 'BEGIN { exit !(b > 3 * a) }' || { echo "this has changed"; exit 1; }
