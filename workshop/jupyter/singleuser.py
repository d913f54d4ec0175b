"""A learner's server on a hub: JupyterHub's own, in half of the time.

`python -m workshop.jupyter.singleuser` takes the place of `jupyterhub-singleuser`.
"""

import sys

from workshop.jupyter import imports


def main(options: list[str]) -> None:
    """Run the server to its end.

    Args:
        options: of `jupyterhub-singleuser`.
    """
    imports.leave_out()
    from jupyterhub.singleuser import main as run

    # One environment serves all: nobody installs an extension into it from the page.
    sys.argv = ["jupyterhub-singleuser", "--LabApp.extension_manager=readonly", *options]
    run()


if __name__ == "__main__":
    main(sys.argv[1:])
