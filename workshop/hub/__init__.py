"""A JupyterHub for a class on one machine: its environment, its settings, its life."""
