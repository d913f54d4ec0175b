"""`python -m workshop.serving FOLDER`: the model server as a program."""

import signal
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer

from workshop.messages import say
from workshop.serving.server import HOST, ServingError, listen

app = typer.Typer(add_completion=False)


@app.command()
def main(
    folder: Annotated[Path, typer.Argument(help="The folder with the versions 1/, 2/, ...")],
    *,
    name: Annotated[str, typer.Option(help="The model's name; the folder's without it.")] = "",
    port: Annotated[int, typer.Option(help="Where it listens; 0 takes a free one.")] = 8501,
    batching: Annotated[bool, typer.Option(help="Compute what waits together.")] = True,
    max_batch_size: Annotated[int, typer.Option(help="Rows of one batch.")] = 32,
    wait_ms: Annotated[float, typer.Option(help="How long an idle worker waits for more.")] = 0,
    max_body_mb: Annotated[float, typer.Option(help="A longer body is refused: 413.")] = 8,
) -> None:
    """Serve a model on this machine as TensorFlow Serving does, by its REST API."""
    import uvicorn

    from workshop.serving.batches import Batches
    from workshop.serving.rest import rest_app
    from workshop.serving.versions import Versions

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        waiting = listen(port)
    except ServingError as error:
        print(error, flush=True)
        raise typer.Exit(1) from None
    name = name or folder.resolve().name
    versions = Versions(name, folder)
    import tensorflow  # noqa: F401 - takes seconds; then the folder has been quiet for as long

    versions.poll()
    versions.watch()
    batches = Batches(max_batch_size if batching else 1, wait_ms / 1000)
    application = rest_app(versions, batches, int(max_body_mb * 1e6))
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=30,
    )
    port = waiting.getsockname()[1]
    print(
        say("Listening: http://{host}:{port}/v1/models/{name}", host=HOST, port=port, name=name),
        flush=True,
    )
    uvicorn.Server(config).run(sockets=[waiting])


if __name__ == "__main__":
    app(prog_name="python -m workshop.serving")
