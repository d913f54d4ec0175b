"""`python -m workshop` is the command `workshop`."""

from workshop.cli import app

if __name__ == "__main__":
    app(prog_name="workshop")
