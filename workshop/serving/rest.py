"""TensorFlow Serving's REST API: who asks what, and with which status the answer comes."""

import asyncio
import re
from typing import Annotated

import orjson
from fastapi import FastAPI, Path, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from google.protobuf.json_format import MessageToDict
from starlette.exceptions import HTTPException

from workshop.serving import bodies
from workshop.serving.batches import Batches
from workshop.serving.model import DEFAULT, Refused
from workshop.serving.versions import Versions

PREDICT = re.compile(r"/v1/models/([^/:]+)(?:/versions/(\d+))?:predict")
Name = Annotated[str, Path(pattern="^[^:]+$")]


def rest_app(versions: Versions, batches: Batches, *, most: int, silence_s: float) -> FastAPI:
    """Make the application; it takes bodies of `most` bytes, which come within `silence_s`."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.add_middleware(Predict, versions=versions, batches=batches, most=most, silence_s=silence_s)

    async def status(name: Name, number: int | None = None) -> dict:
        return versions.status(name, number)

    async def metadata(name: Name, number: int | None = None) -> dict:
        number, version = versions.find(name, number)
        definitions = {key: MessageToDict(one) for key, one in version.definitions.items()}
        about = {"name": name, "signature_name": "", "version": str(number)}
        told = {"signature_def": {"signature_def": definitions}}
        return {"model_spec": about, "metadata": told}

    async def malformed(request: Request, _: Exception) -> JSONResponse:
        what = f"Malformed request: {request.method} {request.url.path}"
        return JSONResponse({"error": what}, 400)

    async def refused(_: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"error": str(error)}, error.status)

    for path in ("/v1/models/{name}", "/v1/models/{name}/versions/{number}"):
        app.get(path)(status)
        app.get(f"{path}/metadata")(metadata)
    app.add_exception_handler(HTTPException, malformed)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(Refused, refused)
    return app


class Predict:
    """Answers :predict before FastAPI takes a request apart, which would cost a third as much."""

    def __init__(self, app, versions: Versions, batches: Batches, most: int, silence_s: float):
        """Keep the application for all else."""
        self._app, self._versions, self._batches = app, versions, batches
        self._most, self._silence_s = most, silence_s

    async def __call__(self, scope, receive, send) -> None:
        """Answer one request, as ASGI asks."""
        if scope["method"] != "POST" or not (found := PREDICT.fullmatch(scope["path"])):
            await self._app(scope, receive, send)
            return
        try:
            status, body = 200, await self._predict(*found.groups(), await self._read(receive))
        except Refused as error:
            status, body = error.status, orjson.dumps({"error": str(error)})
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _predict(self, name: str, number: str | None, body: bytes) -> bytes:
        request = bodies.read(body)
        _, version = self._versions.find(name, int(number) if number else None)
        signature = version.signature(request.get("signature_name") or DEFAULT)
        outputs = await self._batches.run(signature, bodies.inputs(request, body, signature))
        return bodies.write(signature.outputs, outputs, rows="instances" in request)

    async def _read(self, receive) -> bytes:
        parts, length, more = [], 0, True
        try:
            async with asyncio.timeout(self._silence_s):
                while more and length <= self._most:
                    message = await receive()
                    parts.append(message.get("body", b""))
                    length, more = length + len(parts[-1]), message.get("more_body")
        except TimeoutError:
            what = f"The body did not come within {self._silence_s:g} s"
            raise Refused(408, what) from None
        if length > self._most:
            raise Refused(413, f"The body has more than {self._most:,} bytes: send fewer at once")
        return b"".join(parts)
