"""TensorFlow Serving's REST API: who asks what, and in which status the answer comes."""

import re

import orjson
from fastapi import FastAPI

from workshop.serving import bodies
from workshop.serving.batches import Batches
from workshop.serving.model import DEFAULT, Refused
from workshop.serving.versions import Versions

WHICH = r"(?i:/v1/models)/([^/:]+)(?:/versions/(\d+))?"
PREDICT, STATUS = (
    re.compile(WHICH + ":(predict|classify|regress)"),
    re.compile(WHICH + "(/metadata)?"),
)
HEADERS = (b"content-type", b"application/json")


def rest_app(versions: Versions, batches: Batches, max_body: int) -> FastAPI:
    """Make the application: one route, which does all by itself."""
    app = FastAPI(openapi_url=None)

    async def answer(scope, receive, send) -> None:
        try:
            status, body = 200, await _answer(scope, receive)
        except Refused as refused:
            status, body = refused.status, orjson.dumps({"error": str(refused)})
        headers = [HEADERS, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(scope, receive) -> bytes:
        method, path = scope["method"], scope["path"]
        body = await _body(receive, max_body)
        if method == "POST" and (found := PREDICT.fullmatch(path)):
            name, number, what = found.groups()
            if what != "predict":
                raise Refused(501, f"{what} is not implemented here; predict is")
            request = bodies.read(body)
            _, version = versions.find(name, number and int(number))
            signature = version.signature(request.get("signature_name") or DEFAULT)
            arrays = bodies.inputs(request, body, signature)
            outputs = await batches.run(signature, arrays)
            return bodies.write(signature.outputs, outputs, rows="instances" in request)
        if method == "GET" and (found := STATUS.fullmatch(path)):
            name, number, metadata = found.groups()
            number = number and int(number)
            if not metadata:
                return orjson.dumps(versions.status(name, number), option=orjson.OPT_INDENT_2)
            return b"{}"
        raise Refused(400, f"Malformed request: {method} {path}")

    app.router.default = answer
    return app


async def _body(receive, most: int) -> bytes:
    message = await receive()
    body = message.get("body", b"")
    while message.get("more_body") and len(body) <= most:
        message = await receive()
        body += message.get("body", b"")
    if len(body) > most:
        raise Refused(413, f"The body has more than {most} bytes")
    return body
