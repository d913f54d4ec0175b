"""Processes of scripts that the learner wrote: started, watched, read, ended."""

from workshop.cluster.cluster import Cluster, start_cluster
from workshop.cluster.config import read_tf_config, tf_config
from workshop.cluster.link import SlowLink
from workshop.cluster.room import room_for_workers
from workshop.cluster.script import RunningScript, ScriptError, start_script

__all__ = [
    "Cluster",
    "RunningScript",
    "ScriptError",
    "SlowLink",
    "read_tf_config",
    "room_for_workers",
    "start_cluster",
    "start_script",
    "tf_config",
]
