"""waitress in several processes on one socket: `python -m bench.forked_waitress PORT PROCESSES THREADS`."""

import os
import signal
import socket
import sys

import waitress  # type: ignore[import-not-found]


def main(port: int, processes: int, threads: int) -> None:
    """Serve until told to end."""
    listening = socket.create_server(("127.0.0.1", port), backlog=1024)
    children = []
    for _process in range(processes):
        child = os.fork()
        if not child:
            signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
            from app import app  # after the fork: nothing of it is shared

            waitress.serve(app, sockets=[listening], threads=threads, _quiet=True)
            os._exit(0)
        children.append(child)
    signal.signal(signal.SIGTERM, lambda *_signal: [os.kill(child, signal.SIGTERM) for child in children])
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
