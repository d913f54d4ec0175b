"""JupyterLab on a learner's machine: the address that the browser gets, and words beside it."""

import getpass
import os
import platform
import shutil
import socket
import sys
import webbrowser

import psutil
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from jupyterlab import labapp
from tornado.httputil import url_concat
from traitlets import default

from workshop.messages import say

PERSONS = range(1000, 60000)  # the user numbers that Linux gives to people, not to services


class CourseServer(ServerApp):
    """Jupyter's server, whose last word in the terminal says how to reach the page.

    Jupyter hands the browser a page in a hidden folder, which leads on to the address, so that the
    token does not show in the list of processes, which every user of the machine may read. But the
    browsers of Ubuntu (snaps), of Flatpak, of Windows (around WSL) and of a Chromebook can't read
    that page: "access denied" would be the first thing that a learner sees. Another folder would do
    for some of them only. So the browser gets the address itself, unless somebody else works on
    this machine, too: then the token is worth hiding, and the words in the terminal must do.
    """

    @default("use_redirect_file")
    def _hide_the_token(self) -> bool:
        return others_are_here()

    @default("no_browser_open_file")
    def _offer_no_page_that_may_be_refused(self) -> bool:
        return not self.use_redirect_file

    @default("terminado_settings")
    def _find_workshop_in_terminals(self) -> dict:
        # Where its own output goes to no terminal, Jupyter's terminals are login shells, whose PATH
        # /etc/profile of some systems (Debian) sets anew: then `workshop` is not found there.
        shell = os.environ.get("SHELL") or shutil.which("bash") or shutil.which("sh")
        return {"shell_command": [shell]} if shell and os.name != "nt" else {}

    def start_app(self) -> None:
        """Start, open the browser, and say what to do where that shows nothing."""
        super().start_app()
        # The socket is bound by the loop's first callback. A signal amid that one would be lost,
        # so no word invites the learner to end the server before it.
        self.io_loop.add_callback(self._say_how_to_reach)

    def _say_how_to_reach(self) -> None:
        if not self.sock:
            address = url_path_join(self.connection_url, self.default_url[len(self.base_url) :])
            if self.identity_provider.token_generated:  # one of the learner's own is not shown
                address = url_concat(address, {"token": self.identity_provider.token})
            print(how_to_reach(address, self.port, opened=self.open_browser), flush=True)


def main(options: list[str]) -> int | None:
    """Run JupyterLab, with these options, until it is ended; gives the exit status."""
    # Not a class derived from LabApp: that would ask for an extension in the package `workshop`.
    labapp.LabApp.serverapp_class = CourseServer  # ty: ignore[invalid-assignment]
    sys.argv = ["jupyter-lab", *options]
    return labapp.main(options)


def browser_is_here() -> bool:
    """Find out whether a browser can show a page to the learner.

    Without a screen Python would take one for text (lynx, w3m), which can't show JupyterLab and
    takes the terminal away. WSL and remote editors have a way of their own out of such a place.

    Returns:
        False too where the terminal is at the other end of an SSH connection.
    """
    if not os.environ.get("BROWSER"):
        screen = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        remote = os.environ.get("SSH_CONNECTION")
        if not screen and (remote or (sys.platform == "linux" and not in_wsl())):
            return False
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def in_wsl() -> bool:
    """Find out whether this is the Linux inside Windows."""
    return "microsoft" in platform.release().lower()


def others_are_here() -> bool:
    """Find out whether another person has a process on this machine, as on a shared server.

    Returns:
        False on Windows and macOS: there the address is not in a list that others can read.
    """
    if sys.platform != "linux":
        return False
    owners = {process.info["uids"].real for process in psutil.process_iter(["uids"])}
    return any(owner in PERSONS for owner in owners - {os.getuid()})


def how_to_reach(address: str, port: int, *, opened: bool) -> str:
    """Say how the page is reached.

    Args:
        address: of the start page, with the token.
        port: that the server listens on.
        opened: whether a browser was asked to show the page.

    Returns:
        Words for the terminal.

    Example:
        >>> "copy this address" in how_to_reach("http://localhost:8888/lab", 8888, opened=True)
        True
    """
    if opened:
        text = say(
            "The course opens in your browser. If no page appears there, copy this address into "
            "it:\n\n    {address}",
            address=address,
        )
    elif os.environ.get("SSH_CONNECTION"):
        text = say(
            "You are on another machine than your browser. In a second terminal, on your own "
            "machine, type:\n\n    ssh -N -L {port}:localhost:{port} {user}@{host}\n\n"
            "(use the name by which you reached this machine), then copy this address into your "
            "browser:\n\n    {address}",
            **{"user": getpass.getuser(), "host": socket.gethostname()},
            port=port,
            address=address,
        )
    else:
        text = say("Copy this address into a browser:\n\n    {address}", address=address)
    return f"\n{text}\n"
