"""Who holds a claim: this boot of the machine, this process, a number of its own, and chance."""

import os
from functools import cache
from itertools import count

_numbers = count(1)


@cache
def boot() -> str:
    """Return a name that changes when the machine starts anew: marks made before may then be lost.

    Without one (it is Linux that tells it) every start of a process counts as one.
    """
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:  # noqa: PTH123
            return file.read().strip()[:13]
    except OSError:
        return f"process-{os.getpid()}.{os.urandom(4).hex()}"


def lease() -> str:
    """Return a name for one holder of claims, as no other one has it.

    In containers on one machine every process may have the same number: what chance adds tells them apart.
    """
    return f"{boot()}/{os.getpid()}.{next(_numbers)}.{os.urandom(4).hex()}"
