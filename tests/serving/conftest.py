"""Small models, the application without a process, and no process left behind."""

import asyncio
import json
from pathlib import Path

import pytest

from workshop.serving.batches import Batches
from workshop.serving.rest import rest_app
from workshop.serving.versions import Versions


@pytest.fixture(autouse=True)
def nothing_is_left_anywhere(nothing_is_left):
    """Every test of this folder is watched."""


def export(folder: Path, offset: float, **signatures) -> Path:
    """Write a model that adds a number to rows of two: versions are told apart by it."""
    import tensorflow as tf

    module = tf.Module()
    module.offset = tf.Variable(float(offset))

    @tf.function(input_signature=[tf.TensorSpec((None, 2), tf.float32, name="pixels")])
    def add(pixels):
        return {"sums": pixels + module.offset}

    module.add = add
    signatures = {name: made(module) for name, made in signatures.items()}
    tf.saved_model.save(module, str(folder), signatures={"serving_default": add, **signatures})
    return folder


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    """Give the folder of a model with an offset, made once; not to be changed."""
    made = {}

    def saved(offset, **signatures):
        key = offset, *signatures
        if key not in made:
            made[key] = export(tmp_path_factory.mktemp("saved") / "1", offset, **signatures)
        return made[key]

    return saved


class App:
    """The application of a folder, asked without a network."""

    def __init__(self, folder: Path, *, name="digits", size=32, wait_s=0.0, most=10_000):
        self.versions = Versions(name, folder)
        self.versions.poll()
        self.batches = Batches(size, wait_s)
        self.rest = rest_app(self.versions, self.batches, most=most, silence_s=0.2)

    async def answer(self, method, path, *parts: bytes | None, query=b""):
        """Give status and body; None among the parts of the request is silence."""
        waiting, sent = list(parts or [b""]), []

        async def receive():
            part = waiting.pop(0)
            if part is None:
                await asyncio.sleep(60)
            return {"type": "http.request", "body": part, "more_body": bool(waiting)}

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": method, "path": path, "headers": []}
        scope |= {
            "query_string": query,
            "raw_path": path.encode(),
            "root_path": "",
            "scheme": "http",
        }
        await self.rest(scope, receive, send)
        return sent[0]["status"], json.loads(b"".join(one.get("body", b"") for one in sent[1:]))

    def ask(self, method, path, *parts, query=b""):
        return asyncio.run(self.answer(method, path, *parts, query=query))

    def predict(self, body, path="/v1/models/digits:predict"):
        return self.ask(
            "POST", path, body if isinstance(body, bytes) else json.dumps(body).encode()
        )


@pytest.fixture
def app():
    """Make the application of a folder with versions."""
    return App
