"""TensorFlow Serving's REST API: who asks what, and with which status the answer comes."""

import asyncio
import re

import orjson
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from google.protobuf.json_format import MessageToDict
from starlette.exceptions import HTTPException

from workshop.serving import bodies
from workshop.serving.batches import Batches
from workshop.serving.model import Refused
from workshop.serving.versions import Versions

PREDICT = re.compile(r"/v1/models/([^/:]+)(?:/versions/(\d+))?:predict")
ABOUT = re.compile(r"/v1/models/([^/:]+)(?:/versions/(\d+))?(/metadata)?")


def rest_app(versions: Versions, batches: Batches, *, most: int, silence_s: float) -> "Predict":
    """Make the application; it takes bodies of `most` bytes, which come within `silence_s`."""
    app = FastAPI(openapi_url=None)

    @app.get("/{path:path}")
    async def about(request: Request) -> dict:
        """Tell the states of versions, or names, types and shapes of one."""
        if not (found := ABOUT.fullmatch(request.url.path)):
            raise HTTPException(400)
        name, number, metadata = found[1], int(found[2]) if found[2] else None, found[3]
        if not metadata:
            return {"model_version_status": versions.status(name, number)}
        number, signatures = versions.find(name, number)
        whole = {"preserving_proto_field_name": True, "always_print_fields_with_no_presence": True}
        told = {key: MessageToDict(one.definition, **whole) for key, one in signatures.items()}
        spec = {"name": name, "signature_name": "", "version": str(number)}
        return {"model_spec": spec, "metadata": {"signature_def": {"signature_def": told}}}

    @app.exception_handler(HTTPException)
    @app.exception_handler(Refused)
    async def refuse(request: Request, error: Exception) -> JSONResponse:
        what = f"Malformed request: {request.method} {request.url.path}"
        what = str(error) if isinstance(error, Refused) else what
        return JSONResponse({"error": what}, getattr(error, "status", 400))

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
        body, more = bytearray(), True
        try:
            async with asyncio.timeout(self._silence_s):
                while more and len(body) <= self._most:
                    message = await receive()
                    body += message.get("body", b"")
                    more = message.get("more_body")
        except TimeoutError:
            raise Refused(408, f"The body did not come within {self._silence_s:g} s") from None
        if len(body) > self._most:
            raise Refused(413, f"The body has more than {self._most:,} bytes: send fewer at once")
        return bytes(body)
