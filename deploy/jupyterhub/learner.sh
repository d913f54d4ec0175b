#!/usr/bin/env bash
# The hub starts this for each learner, in the learner's folder: the lessons, a limit, the server.
if [[ $CLASS_REPOSITORY ]]; then
  # What the learner wrote stays. Without the network the lessons of yesterday do.
  timeout 60 python -m nbgitpuller.pull "$CLASS_REPOSITORY" "$CLASS_BRANCH" course || true
fi
if [[ ! -d course/notebooks ]]; then
  mkdir -p course/notebooks course/solutions
  cp "$CLASS_COURSE"/notebooks/*.ipynb course/notebooks/
  cp "$CLASS_COURSE"/solutions/*.py course/solutions/
fi
# For each process of the learner. A list that is too long then ends in a MemoryError, and not the
# room. macOS takes no notice of it. The Littlest JupyterHub has a limit of its own.
[[ ! $CLASS_MEMORY_GB ]] || ulimit -d $((CLASS_MEMORY_GB * 1024 * 1024))
# In a container one is root.
exec python -m workshop.jupyter.singleuser --allow-root "$@"
