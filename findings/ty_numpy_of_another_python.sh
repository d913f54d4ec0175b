#!/usr/bin/env bash
# ty calls `array.max()` an error where a project allows an older Python than its NumPy.
#
# Expected: types are checked for the Python of the environment that is named, or it is said that
# NumPy's stubs don't fit the older one.
# Seen: ty takes the oldest Python of `requires-python`, 3.11. NumPy 2.5 needs 3.12, and its stubs
# are written for that; for 3.11 ty takes another overload, and `max`, `min` and `argmax` of float32
# and integer arrays "expect NDArray[object_]". The same files pass with `--python-version 3.12`.
# A project whose lock file has another NumPy for each Python meets it on the newer ones only.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q ty==0.0.108
"$folder/env/bin/pip" install -q --no-deps --only-binary :all: --ignore-requires-python --python-version 3.12 \
  --target "$folder/libraries" numpy==2.5.5
mkdir "$folder/project"
cd "$folder/project"
printf '[project]\nname = "example"\nversion = "1"\nrequires-python = ">=3.11"\n' >pyproject.toml
cat >largest.py <<'PYTHON'
import numpy as np

counts = np.bincount(np.zeros(3, dtype=np.int64))
print(counts.max())
PYTHON
check() { "$folder/env/bin/ty" check --extra-search-path "$folder/libraries" --output-format concise "$@"; }
"$folder/env/bin/ty" --version
echo "as the project says:" && said=$(check || true) && echo "$said"
echo "for Python 3.12:" && newer=$(check --python-version 3.12 || true) && echo "$newer"
{ grep -q "Expected .NDArray\[object_\]" <<<"$said" && grep -q "All checks passed" <<<"$newer"; } ||
  { echo "this has changed"; exit 1; }
