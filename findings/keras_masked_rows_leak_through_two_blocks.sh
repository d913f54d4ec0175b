#!/usr/bin/env bash
# In Keras 3, two causal attention blocks let every letter see the last one, if padding stands before.
#
# Expected: with Embedding(mask_zero=True) and use_causal_mask=True no output depends on what comes
# later, and none on padding. Seen: so it is with one block, for all letters. But a row of the padding
# may see nothing, and there the softmax of equally low scores is the mean of ALL values, also of those
# that come later. The first block also takes the mask off its inputs, so in the second all letters
# look at the padding, which has read the last letter. With two blocks each output changes with the
# last letter, without a word: a model that is trained so sees what it is to guess. With padding after
# the text no letter looks at the padding, and all is well; it is also well where each block gets
# attention_mask= by hand, of the padding joined with the causal mask. On TensorFlow and JAX.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q keras==3.15.1 tensorflow-cpu==2.21.0 jax==0.10.2
cat >"$folder/blocks.py" <<'PYTHON'
import keras
import numpy as np
from keras import layers, ops


def outputs(blocks, by_hand, codes):
    keras.utils.set_random_seed(0)
    codes = np.array([codes])
    x = layers.Embedding(10, 8, mask_zero=not by_hand)(codes)
    causal = np.tril(np.ones((len(codes[0]), len(codes[0])), bool))
    how = {"attention_mask": causal & (codes != 0)} if by_hand else {"use_causal_mask": True}
    for _ in range(blocks):
        x = x + layers.MultiHeadAttention(2, 4)(x, x, **how)
    return ops.convert_to_numpy(x)[0]


def letters(blocks, before, by_hand=False):
    """Give the letters of five whose output changes with the last one, as a text."""
    zeros = [0, 0]
    came, now = (
        outputs(blocks, by_hand, (zeros + text if before else text + zeros))
        for text in ([3, 4, 5, 6, 7], [3, 4, 5, 6, 8])
    )
    changed = np.abs(came - now).max(axis=-1) > 1e-4
    changed = changed[2:] if before else changed[:5]
    return "".join("x" if one else "-" for one in changed)


print(letters(1, True), letters(2, True), letters(2, False), letters(2, True, by_hand=True))
PYTHON
export TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1
"$folder/env/bin/pip" list 2>/dev/null | grep -E "^(keras|jax|tensorflow[_-]cpu) "
echo "of five letters, those that change with the last: padding before, 1 block; 2 blocks; padding after, 2 blocks; before, masks by hand"
for backend in tensorflow jax; do
  seen=$(KERAS_BACKEND=$backend "$folder/env/bin/python" "$folder/blocks.py" 2>/dev/null)
  echo "$backend: $seen"
  [ "$seen" = "----x xxxxx ----x ----x" ] || { echo "this has changed"; exit 1; }
done
