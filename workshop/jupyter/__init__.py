"""Settings of the environment's JupyterLab and kernels, and what every kernel loads."""
