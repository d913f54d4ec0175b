"""Processes of scripts that the learner wrote: started, watched, read, ended."""

from workshop.cluster.cluster import Cluster, start_cluster
from workshop.cluster.environment import past_proxies
from workshop.cluster.link import SlowLink
from workshop.cluster.network import own_network
from workshop.cluster.script import RunningScript, ScriptError, start_script
from workshop.cluster.tf_config import read_tf_config, tf_config
from workshop.machine import room_for_workers

__all__ = [
    "Cluster",
    "RunningScript",
    "ScriptError",
    "SlowLink",
    "own_network",
    "past_proxies",
    "read_tf_config",
    "room_for_workers",
    "start_cluster",
    "start_script",
    "tf_config",
]
