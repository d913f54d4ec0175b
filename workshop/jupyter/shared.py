"""Whether a notebook is open in a page that is shared, which its file must not change under.

With jupyter-collaboration the server holds the document of an open page. Where its file changes the
server loads that, and what was typed meanwhile is lost. Such a document lives until a minute after
the last page that shows it was closed. Other pages keep what was typed, and ask when it is saved.
"""

import contextlib
import json
import os
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil

from workshop.messages import say

WAIT_S = 5
KIND = {"format": "json", "type": "notebook"}


def is_open(notebook: Path) -> bool:
    """Ask the Jupyter servers that run here whether one holds a notebook's document.

    Args:
        notebook: the file.

    Returns:
        Whether one does, or may: a server with jupyter-collaboration that can't be asked counts.

    Example:
        >>> is_open(Path("no-such-file.ipynb"))
        False
    """
    return any(_holds(server, path) for server in _servers() if (path := _path(server, notebook)))


def words(notebook: Path, command: str) -> str:
    """Tell a learner why a notebook was not written.

    Args:
        notebook: the file.
        command: what was typed, such as `"workshop update 02"`.

    Returns:
        Some sentences.

    Example:
        >>> words(Path("02_softmax.ipynb"), "workshop update 02").split(".")[0]
        '02_softmax'
    """
    return say(
        "{name} is open in a page that is shared (jupyter-collaboration): what you type there "
        "would be lost if its file changed now, so nothing was written. Save it and close it "
        "(File, Close and Shut Down Notebook) in every browser that shows it, wait a minute, "
        "then type again: {command}",
        **{"name": notebook.name, "command": command},
    )


def _servers() -> list[dict]:
    """Read what each running server wrote about itself."""
    from jupyter_core.paths import jupyter_runtime_dir

    found = []
    for about in Path(jupyter_runtime_dir()).glob("jpserver-*.json"):
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
            server = json.loads(about.read_text(encoding="utf-8"))
            if psutil.pid_exists(server["pid"]) and str(server["url"]).startswith("http"):
                found.append({"token": "", **server})
    return found


def _path(server: dict, notebook: Path) -> str | None:
    """Give the name that a server has for a file; None where it shows another folder."""
    with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
        return notebook.resolve().relative_to(Path(server["root_dir"]).resolve()).as_posix()
    return None


def _holds(server: dict, path: str) -> bool:
    """Ask one server. A fork can be made of a document that it holds, and of no other."""
    import requests

    collaboration = f"{server['url'].rstrip('/')}/api/collaboration"
    with _session(server) as session:
        try:
            answer = session.put(
                f"{collaboration}/session/{quote(path)}", json=KIND, timeout=WAIT_S
            )
            if answer.status_code in (401, 403):
                return find_spec("jupyter_server_ydoc") is not None
            if answer.status_code not in (200, 201):
                return False  # no jupyter-collaboration, or no such file
            room = f"json:notebook:{answer.json()['fileId']}"
            answer = session.put(f"{collaboration}/fork/{room}", json={}, timeout=WAIT_S)
            if answer.status_code == 201:
                fork = answer.json()["fork_roomid"]
                session.delete(f"{collaboration}/fork/{fork}?merge=false", timeout=WAIT_S)
                return True
            return not _says_that_there_is_none(answer)
        except requests.Timeout:
            return find_spec("jupyter_server_ydoc") is not None
        except (requests.RequestException, ValueError, LookupError):
            return False


def _session(server: dict):
    """Open a session that a server lets in: by its own token, or by the hub's."""
    import requests

    session = requests.Session()
    session.trust_env = False  # no proxy lies between
    session.verify = False
    token = server["token"] or os.environ.get("JUPYTERHUB_API_TOKEN", "")
    if token:
        session.headers["Authorization"] = f"token {token}"
    return session


def _says_that_there_is_none(answer) -> bool:
    """Tell the answer "no such document" from that of a server too old to be asked."""
    try:
        return answer.status_code == 404 and "room" in answer.json()["error"]
    except (ValueError, LookupError, TypeError):
        return False
