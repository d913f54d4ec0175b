"""Loaded by every kernel of the environment at its start: mends ipykernel 7.1 to 7.3.

There, replies are sent on the socket behind the back of the stream that reads requests from it. A
request that arrives at that moment is never seen, nor any after it: cells stay at `[*]` while the
kernel is idle. With the stream in the socket's place replies go through the stream, which is how
ipykernel 7.4.0 mends it.
"""


def load_ipython_extension(shell) -> None:
    """Let the stream that reads requests also send the replies.

    Args:
        shell: the kernel's `ipykernel.zmqshell.ZMQInteractiveShell`.
    """
    manager = shell.kernel.shell_channel_thread.manager
    manager._shell_socket = shell.kernel.shell_stream
