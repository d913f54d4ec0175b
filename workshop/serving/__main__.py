"""`python -m workshop.serving FOLDER`: the model server as a program."""

import gc
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated, Any

import typer

from workshop.messages import say
from workshop.serving.server import HOST, ServingError, check, listen

# What no request needs, and each would pay for.
LEAN: dict[str, Any] = {"access_log": False, "proxy_headers": False, "ws": "none"}
LEAN |= {"lifespan": "off", "server_header": False, "date_header": False}
# Seconds: a client that asks again after a pause finds its connection; a stop waits for answers.
TIMES: dict[str, Any] = {"timeout_keep_alive": 75, "timeout_graceful_shutdown": 25}

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def main(  # noqa: PLR0913 - options
    folder: Annotated[Path, typer.Argument(help="Holds the versions 1/, 2/, ... of the model.")],
    *,
    name: Annotated[str, typer.Option(help="In the URL; without it the folder's name.")] = "",
    port: Annotated[int, typer.Option(help="Of this machine; 0 takes a free one.")] = 8501,
    batching: Annotated[bool, typer.Option(help="Compute together what waits.")] = True,
    max_batch_size: Annotated[int, typer.Option(min=1, help="Rows of a batch.")] = 32,
    wait_ms: Annotated[float, typer.Option(min=0, help="An idle server waits for more.")] = 0,
    max_body_mb: Annotated[float, typer.Option(min=0, help="A longer request is refused.")] = 8,
    silence_s: Annotated[float, typer.Option(min=0, help="For a request to come.")] = 30,
) -> None:
    """Serve a model on this machine, by TensorFlow Serving's REST API."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # what TensorFlow says of itself
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    name = name or folder.resolve().name
    try:
        check(folder, name)
        waiting = listen(port)
    except (ServingError, OSError) as error:
        sys.exit(str(error))
    import uvicorn

    from workshop.serving.batches import Batches
    from workshop.serving.rest import rest_app
    from workshop.serving.versions import Versions

    versions = Versions(name, folder)
    import tensorflow  # noqa: F401 - takes seconds: then the files are as they were, or not

    gc.freeze()  # TensorFlow's objects stay: looking for garbage among them would take 0.2 s a time
    versions.poll()
    threading.Thread(target=versions.watch, daemon=True).start()
    batches = Batches(max_batch_size if batching else 1, wait_ms / 1000)
    rest = rest_app(versions, batches, most=int(max_body_mb * 1e6), silence_s=silence_s)
    config = uvicorn.Config(rest, log_level="warning", **LEAN, **TIMES)
    url = f"http://{HOST}:{waiting.getsockname()[1]}/v1/models/{name}"
    print(say("Serving at {url}", url=url), flush=True)
    uvicorn.Server(config).run(sockets=[waiting])


if __name__ == "__main__":
    app(prog_name="python -m workshop.serving")
