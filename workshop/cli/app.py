"""The command itself, which the others hang on, and its version."""

from typing import Annotated

import typer

from workshop.cli.words import show

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
)


def _version(asked: bool) -> None:
    from workshop.course import editions

    if asked:
        show(f"tensorflow-workshop {editions.current()}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Name the edition of the course."
        ),
    ] = False,
) -> None:
    """The TensorFlow workshop: open it, look after it, see how far you are."""
