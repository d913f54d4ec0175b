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
        """Load it; let the default signature compute once, for the first call is a slow one."""
        import tensorflow as tf

        v1 = tf.compat.v1
        v1.logging.set_verbosity(v1.logging.ERROR)
        # It computes in the thread that calls: the event loop wants the other core.
        threads = {"intra_op_parallelism_threads": 1, "inter_op_parallelism_threads": -1}
        config = v1.ConfigProto(**threads, device_count={"GPU": 0})
        session = v1.Session(graph=tf.Graph(), config=config)
        loaded = v1.saved_model.loader.load(session, ["serve"], str(folder))
        self.definitions = {k: v for k, v in loaded.signature_def.items() if k != INITIALIZER}
        self._signatures = {k: Signature(session, v) for k, v in self.definitions.items()}
        if first := self._signatures.get(DEFAULT):
            first.call(
                *(np.zeros([n or 1 for n in shape], kind) for kind, shape in first.inputs.values())
            )

    def signature(self, name: str) -> "Signature":
        """Give a signature by its name."""
        if name not in self._signatures:
            raise Refused(400, f'Serving signature name: "{name}" not found in signature def')
        return self._signatures[name]


class Signature:
    """A function of a SavedModel: the types and shapes of its inputs, the names of its outputs."""

    def __init__(self, session, definition):
        """Prepare the call, which takes arrays in the order of `inputs` and gives a list."""
        import tensorflow as tf

        given, made = definition.inputs, definition.outputs
        shapes = {name: tf.TensorShape(one.tensor_shape) for name, one in given.items()}
        self.inputs = {
            name: (np.dtype(tf.as_dtype(one.dtype).as_numpy_dtype), shapes[name])
            for name, one in given.items()
        }
        self.outputs = list(made)
        every = [*shapes.values(), *(tf.TensorShape(one.tensor_shape) for one in made.values())]
        self.joins = all(shape.rank and shape[0] is None for shape in every)
        self.call = session.make_callable(
            [o.name for o in made.values()], [i.name for i in given.values()]
        )
