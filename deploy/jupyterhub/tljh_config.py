"""What config.yaml of The Littlest JupyterHub has no words for. The course lies in /opt/course.

Copy it to /opt/tljh/config/jupyterhub_config.d/. Not run; README.md says what was checked.
"""

COURSE = "/opt/course"

c = get_config()  # noqa: F821 - the hub gives it

# Thirty servers that start at once need minutes on a small machine: at 30 seconds all are given up.
c.Spawner.start_timeout = c.Spawner.http_timeout = 300
c.Spawner.cmd = ["bash", f"{COURSE}/deploy/jupyterhub/learner.sh"]
c.Spawner.notebook_dir = "~/course"
c.Spawner.default_url = "/lab/tree/notebooks/00_welcome.ipynb"
c.Spawner.environment = {
    "WORKSHOP_COURSE": "~/course",
    "WORKSHOP_DATA": "/srv/mnist",  # read-only, one copy for all
    "CLASS_COURSE": COURSE,
    "CLASS_REPOSITORY": "https://github.com/OWNER/tensorflow-workshop",
    "CLASS_BRANCH": "main",
    # A thread for each core of the machine, in thirty kernels, would only get in each other's way.
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}
