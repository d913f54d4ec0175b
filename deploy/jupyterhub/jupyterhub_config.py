"""A hub for a class, on one machine: `python3 start.py hub` starts it. README.md explains it.

It reads `settings.json` in the folder where the hub runs, which `workshop hub` writes. It works on
JupyterHub 5.5.1 (the last 5, a security release) and on 6.
"""

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
COURSE = HERE.parent.parent
STATE = Path.cwd()
SETTINGS = json.loads((STATE / "settings.json").read_text(encoding="utf-8"))
LEARNERS_PYTHON = SETTINGS["python"]  # of the course's environment: one for all
CLASS = [LEARNERS_PYTHON, "-m", "workshop", "class", "serve"]

c = get_config()  # noqa: F821 - the hub gives it

# Who may log in. Nobody may unless allow_all says so.
teachers, word, teachers_word = (
    set(SETTINGS["teachers"]),
    SETTINGS["password"],
    SETTINGS["teacher_password"],
)
c.Authenticator.admin_users = teachers
c.Authenticator.allow_all = True
# The pattern is compared with the beginning of a name only: \Z holds it to the end.
c.Authenticator.username_pattern = r"[a-z][a-z0-9_-]{0,29}\Z"
if SETTINGS["own_passwords"]:
    sys.path.insert(0, str(HERE))
    from own_passwords import OwnPasswords

    c.JupyterHub.authenticator_class = OwnPasswords
    c.OwnPasswords.class_password = word
    c.OwnPasswords.teacher_password = teachers_word
    c.OwnPasswords.dbm_path = str(STATE / "passwords")
else:
    c.JupyterHub.authenticator_class = "shared-password"
    c.SharedPasswordAuthenticator.user_password = word
    c.SharedPasswordAuthenticator.admin_password = teachers_word
    # The form only answers "Invalid username or password" to a name that it doesn't take.
    c.JupyterHub.template_vars = {
        "announcement_login": "Name: small letters from a to z and digits, such as ana2"
    }

# Where it listens: for the room only if the teacher asks; the rest is on this machine.
c.JupyterHub.bind_url = f"{SETTINGS['scheme']}://{SETTINGS['ip']}:{SETTINGS['port']}/"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{SETTINGS['hub_port']}"
c.JupyterHub.ssl_cert = SETTINGS["certificate"]
c.JupyterHub.ssl_key = SETTINGS["key"]
c.ConfigurableHTTPProxy.command = SETTINGS["proxy"]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{SETTINGS['proxy_port']}"
c.JupyterHub.db_url = f"sqlite:///{STATE / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")

# A learner's server: a process of the user who runs the hub, in a folder of the learner's own.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(STATE / "learners" / "{username}")
c.Spawner.cmd = ["bash", str(HERE / "learner.sh")]
c.Spawner.notebook_dir = "~/course"
c.Spawner.default_url = "/lab/tree/notebooks/00_welcome.ipynb"
# Thirty servers that start at once need minutes on a small machine: at 30 seconds all are given up.
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
# No concurrent_spawn_limit: it would show most of a class an error page that doesn't reload.
c.JupyterHub.concurrent_spawn_limit = 0
# The simple spawner limits nothing by itself: learner.sh does, and mem_limit is what pages show.
c.Spawner.mem_limit = f"{SETTINGS['memory_gb']}G"
c.Spawner.env_keep = ["PATH", "LANG", "LC_ALL", "TZ", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"]
c.Spawner.env_keep += ["http_proxy", "https_proxy", "no_proxy", "PYTHONUTF8"]


def own_course(spawner):
    """The folder of a learner, from which the package tells it from the one of the teacher."""
    return str(STATE / "learners" / spawner.user.name / "course")


c.Spawner.environment = {
    "PATH": f"{Path(LEARNERS_PYTHON).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    "WORKSHOP_COURSE": own_course,
    "WORKSHOP_DATA": SETTINGS["data"],  # read-only, one copy for all
    "CLASS_MEMORY_GB": str(SETTINGS["memory_gb"]),
    "CLASS_REPOSITORY": SETTINGS["repository"],
    "CLASS_BRANCH": SETTINGS["branch"],
    "CLASS_COURSE": str(COURSE),
    # A thread for each core of the machine, in thirty kernels, would only get in each other's way.
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
} | SETTINGS["environment"]
if not SETTINGS["data"]:  # thirty learners needn't wait for a network that gave us nothing
    c.Spawner.environment["WORKSHOP_MIRRORS"] = "127.0.0.1:9"

# Servers that nobody has used for an hour are stopped; a break for coffee costs nobody a kernel.
idle = str(60 * SETTINGS["idle_minutes"])
culler = [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={idle}"]
c.JupyterHub.services = [
    {"name": "idle-culler", "command": culler},
    {"name": "wake", "api_token": SETTINGS["token"]},  # `workshop hub wake`, and the load test
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
        "services": ["idle-culler"],
    },
    {"name": "wake", "scopes": ["admin:users", "servers"], "services": ["wake"]},
]
if SETTINGS["load_test"]:  # its token may enter each server: never on a hub with learners
    c.JupyterHub.load_roles[-1]["scopes"] += ["admin:servers", "access:servers"]

# One process imports TensorFlow, and forks a kernel whenever a learner needs one. Where it can't,
# kernels start as everywhere else.
if SETTINGS["forkserver"] and sys.platform == "linux":
    ours = tempfile.mkdtemp(prefix="workshop-")  # a socket's path has to be short
    atexit.register(shutil.rmtree, ours, ignore_errors=True)
    server = [LEARNERS_PYTHON, "-m", "workshop.hub.forkserver", f"{ours}/kernels"]
    same = {name: value for name, value in c.Spawner.environment.items() if isinstance(value, str)}
    c.JupyterHub.services += [{"name": "kernels", "command": server, "environment": same}]
    c.Spawner.environment |= {
        "JUPYTER_PATH": str(HERE),
        "WORKSHOP_FORKSERVER": f"{ours}/kernels",
    }

# Who has passed what, and who is stuck: a service that learners join, where the course has it.
if subprocess.run([*CLASS, "--help"], cwd=COURSE, capture_output=True, check=False).returncode == 0:
    here = f"http://127.0.0.1:{SETTINGS['class_port']}"
    c.JupyterHub.custom_scopes = {
        "custom:class:read": {"description": "See what the learners of the class have passed."}
    }
    c.JupyterHub.services += [
        {
            "name": "class",
            "url": here,
            "command": CLASS,
            "cwd": str(STATE),
            "oauth_no_confirm": True,
            "oauth_client_allowed_scopes": [
                "custom:class:read",
                "access:services!service=class",
            ],
        }
    ]
    enter = "access:services!service=class"
    c.JupyterHub.load_roles += [
        {"name": "user", "scopes": ["self", enter]},
        {
            "name": "instructor",
            "scopes": ["custom:class:read", enter],
            "users": sorted(teachers),
        },
    ]
    c.Spawner.server_token_scopes = ["users:activity!user", "access:servers!server", enter]
    c.Spawner.environment["WORKSHOP_CLASS"] = f"{here}/services/class"
