"""A SavedModel, loaded as TensorFlow Serving loads it: a graph in a session."""

import contextlib
from pathlib import Path

import numpy as np


class Refused(Exception):
    """An answer other than 200: its status, and in TensorFlow Serving's words what is wrong."""

    def __init__(self, status: int, what: str):
        """Keep both."""
        super().__init__(what)
        self.status = status


def load(folder: Path) -> dict[str, "Signature"]:
    """Load the signatures of a SavedModel, by name; its weights go with the last one in use."""
    import tensorflow as tf

    v1 = tf.compat.v1
    v1.logging.set_verbosity(v1.logging.ERROR)
    # It computes in the thread that calls, without others: the event loop wants a core, too.
    threads = {"intra_op_parallelism_threads": 1, "inter_op_parallelism_threads": -1}
    config = v1.ConfigProto(**threads, device_count={"GPU": 0})
    session = v1.Session(graph=tf.Graph(), config=config)
    found = v1.saved_model.loader.load(session, ["serve"], str(folder)).signature_def
    return {name: Signature(session, found[name]) for name in sorted(found) if found[name].inputs}


class Signature:
    """A function of a SavedModel: types and sizes of its inputs, names of its outputs."""

    def __init__(self, session, definition):
        """Prepare the call, of arrays in the order of the inputs' names, and compute once."""
        import tensorflow as tf

        given, made = (sorted(part.items()) for part in (definition.inputs, definition.outputs))
        sizes = {name: [axis.size for axis in one.tensor_shape.dim] for name, one in given + made}
        kinds = {name: np.dtype(tf.as_dtype(one.dtype).as_numpy_dtype) for name, one in given}
        self.definition = definition
        self.inputs = {name: (kinds[name], sizes[name]) for name, _ in given}
        self.outputs = [name for name, _ in made]
        # Rows of several requests may be computed together where the first axis is free, -1.
        self.joins = all(one[:1] == [-1] for one in sizes.values())
        self.call = session.make_callable([o.name for _, o in made], [i.name for _, i in given])
        with contextlib.suppress(tf.errors.OpError):  # the first call prepares much
            self.call(*(np.zeros(np.abs(sizes[name]), kinds[name]) for name, _ in given))
