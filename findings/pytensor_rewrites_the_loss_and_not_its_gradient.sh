#!/usr/bin/env bash
# PyTensor makes -log(softmax(z)[k]) exact, and leaves its gradient NaN.
#
# Expected: a compiler that knows the stable formula uses it for both, or for none. Seen: the loss of
# a confidently wrong model (logits 120, 0, 0; label 1) is right, 120, since log(softmax) is rewritten to
# log_softmax; the gradient of the same graph is NaN in each of its three numbers. So the losses of the
# first step look fine, and the weights are lost with the second. In mode FAST_COMPILE, which rewrites
# less, the loss is infinite, too. Written as pt.special.log_softmax both are right (120; 1, -1, 0).
# JAX says inf and NaN for the formula by hand, so there the loss gives a warning; both are right with
# jax.nn.log_softmax, and with Keras's loss from logits.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q pytensor==3.0.7 jax==0.10.2
cat >"$folder/loss.py" <<'PYTHON'
import jax
import jax.numpy as jnp
import numpy as np
import pytensor
import pytensor.tensor as pt

logits = np.array([[120, 0, 0]], "float32")
z = pt.fmatrix("z")


def seen(loss, mode):
    step = pytensor.function([z], [loss, pytensor.grad(loss, z)], mode=mode)
    return [np.asarray(one).round(4).tolist() for one in step(logits)]


by_hand = -pt.log(pt.special.softmax(z, axis=1)[0, 1])
stable = -pt.special.log_softmax(z, axis=1)[0, 1]
for mode in ("CVM", "NUMBA", "FAST_COMPILE"):
    print(mode, seen(by_hand, mode), seen(stable, mode))
losses = (lambda z: -jnp.log(jax.nn.softmax(z)[0, 1])), (lambda z: -jax.nn.log_softmax(z)[0, 1])
print("JAX", *([np.asarray(one).round(4).tolist() for one in jax.value_and_grad(loss)(logits)]
               for loss in losses))
PYTHON
"$folder/env/bin/pip" list 2>/dev/null | grep -E "^(pytensor|jax) "
echo "loss and gradient: -log(softmax(z)[k]) by hand; from log_softmax"
export PYTENSOR_FLAGS="base_compiledir=$folder/compiled"
came=$("$folder/env/bin/python" "$folder/loss.py" 2>/dev/null)
echo "$came"
nan="[[nan, nan, nan]]" right="[120.0, [[1.0, -1.0, 0.0]]]"
[ "$came" = "CVM [120.0, $nan] $right
NUMBA [120.0, $nan] $right
FAST_COMPILE [inf, $nan] $right
JAX [inf, $nan] $right" ] || { echo "this has changed"; exit 1; }
