"""One version of a model, held as TensorFlow Serving holds it: a graph in a session."""

from pathlib import Path

import numpy as np

DEFAULT, INITIALIZER = "serving_default", "__saved_model_init_op"


class Refused(Exception):
    """An answer other than 200: its status, and in TensorFlow Serving's words what is wrong."""

    def __init__(self, status: int, what: str):
        """Keep both."""
        super().__init__(what)
        self.status = status


class Version:
    """A SavedModel that was loaded; its weights go with the last request that holds it."""

    def __init__(self, folder: Path):
        """Load it, and let it compute once: the first call prepares much."""
        import tensorflow as tf

        v1 = tf.compat.v1
        v1.logging.set_verbosity(v1.logging.ERROR)
        # It computes in the thread that calls, without others: the event loop wants a core, too.
        threads = {"intra_op_parallelism_threads": 1, "inter_op_parallelism_threads": -1}
        config = v1.ConfigProto(**threads, device_count={"GPU": 0})
        session = v1.Session(graph=tf.Graph(), config=config)
        loaded = v1.saved_model.loader.load(session, ["serve"], str(folder)).signature_def
        self.definitions = {name: loaded[name] for name in sorted(loaded) if name != INITIALIZER}
        self._signatures = {k: Signature(session, v) for k, v in self.definitions.items()}
        if first := self._signatures.get(DEFAULT):
            shapes = [(np.abs(sizes), kind) for kind, sizes in first.inputs.values()]
            first.call(*(np.zeros(sizes, kind) for sizes, kind in shapes))

    def signature(self, name: str) -> "Signature":
        """Give a signature by its name."""
        if name not in self._signatures:
            raise Refused(400, f'Serving signature name: "{name}" not found in signature def')
        return self._signatures[name]


class Signature:
    """A function of a SavedModel: types and sizes of its inputs, names of its outputs."""

    def __init__(self, session, definition):
        """Prepare the call, of arrays in the order of the inputs' names."""
        import tensorflow as tf

        given, made = (sorted(part.items()) for part in (definition.inputs, definition.outputs))
        sizes = {name: [axis.size for axis in one.tensor_shape.dim] for name, one in given + made}
        kinds = {name: np.dtype(tf.as_dtype(one.dtype).as_numpy_dtype) for name, one in given}
        self.inputs = {name: (kinds[name], sizes[name]) for name, _ in given}
        self.outputs = [name for name, _ in made]
        # Rows of several requests may be computed together where the first axis is free, -1.
        self.joins = all(one[:1] == [-1] for one in sizes.values())
        self.call = session.make_callable([o.name for _, o in made], [i.name for _, i in given])
