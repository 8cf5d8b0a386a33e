"""Where the program starts: the two shortest answers come before anything heavy is loaded."""

import os
import sys

from cnddigest import __version__


def main() -> int:
    """Answer, or run a command; return the exit code."""
    try:
        if _answered(sys.argv[1:]):
            return 0
        from cnddigest.cli.main import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # while modules load
        return 130


def _answered(arguments: list[str]) -> bool:
    if arguments not in (["--version"], ["--help"], ["-h"]):
        return False
    from cnddigest.cli.catalogue import overview

    text = f"cnddigest {__version__}" if arguments == ["--version"] else overview()
    try:
        return os.write(1, f"{text}\n".encode()) > 0
    except OSError:  # a full disk, a reader that left: the long way knows what to say
        return False


if __name__ == "__main__":
    sys.exit(main())
