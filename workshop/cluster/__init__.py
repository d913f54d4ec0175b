"""Processes of scripts that the learner wrote: started, watched, read, ended."""

from workshop.cluster.script import RunningScript, ScriptError, start_script

__all__ = ["RunningScript", "ScriptError", "start_script"]
