"""Run the command line in a process that kills itself at its n-th change of the disk: `python dying.py N publish …`."""

import os
import signal
import sys

CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link"}
WRITING = os.O_WRONLY | os.O_RDWR


def main() -> int:
    left = int(sys.argv[1])

    def watch(event: str, args: tuple[object, ...]) -> None:
        nonlocal left
        opened = event == "open" and isinstance(args[2], int) and bool(args[2] & WRITING)
        executed = event == "sqlite3.execute"
        if event in CHANGES or opened or executed:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    from cnddigest.cli.main import run

    sys.addaudithook(watch)
    return run(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
