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
from workshop.serving.model import Refused
from workshop.serving.versions import Versions

PREDICT = re.compile(r"/v1/models/([^/:]+)(?:/versions/(\d+))?:predict")
Name = Annotated[str, Path(pattern="^[^:]+$")]


def rest_app(versions: Versions, batches: Batches, *, most: int, silence_s: float) -> "Predict":
    """Make the application; it takes bodies of `most` bytes, which come within `silence_s`."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)

    async def status(name: Name, number: int | None = None) -> dict:
        return {"model_version_status": versions.status(name, number)}

    async def metadata(name: Name, number: int | None = None) -> dict:
        number, found = versions.find(name, number)
        whole = {"preserving_proto_field_name": True, "always_print_fields_with_no_presence": True}
        signatures = {key: MessageToDict(one.definition, **whole) for key, one in found.items()}
        about = {"name": name, "signature_name": "", "version": str(number)}
        told = {"signature_def": {"signature_def": signatures}}
        return {"model_spec": about, "metadata": told}

    async def refuse(request: Request, error: Exception) -> JSONResponse:
        if isinstance(error, Refused):
            return JSONResponse({"error": str(error)}, error.status)
        what = f"Malformed request: {request.method} {request.url.path}"
        return JSONResponse({"error": what}, 400)

    for path in ("/v1/models/{name}", "/v1/models/{name}/versions/{number}"):
        app.get(path)(status)
        app.get(f"{path}/metadata")(metadata)
    for kind in (HTTPException, RequestValidationError, Refused):
        app.add_exception_handler(kind, refuse)
    return Predict(app, versions, batches, most, silence_s)


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
        _, signatures = self._versions.find(name, int(number) if number else None)
        asked = request.get("signature_name") or "serving_default"
        if not (signature := signatures.get(asked)):
            raise Refused(400, f'Serving signature name: "{asked}" not found in signature def')
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
            raise Refused(408, f"The body did not come within {self._silence_s:g} s") from None
        if length > self._most:
            raise Refused(413, f"The body has more than {self._most:,} bytes: send fewer at once")
        return b"".join(parts)
