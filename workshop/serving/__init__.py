"""The course's model server: TensorFlow Serving's REST API, in a process of its own."""

from workshop.serving.recorded import Results
from workshop.serving.server import ModelServer, ServingError, serve

__all__ = ["ModelServer", "Results", "ServingError", "serve"]
