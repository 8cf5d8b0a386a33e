"""`aiosmtplib_sender.py PORT COUNT LETTER OUT`: ten clients of aiosmtplib send ready bytes."""

import asyncio
import sys
from pathlib import Path

from aiosmtplib import SMTP
from letter import BOUNCES, address, timed

CLIENTS = 10


async def client(port, numbers, raw):
    async with SMTP(hostname="127.0.0.1", port=port, start_tls=False, use_tls=False) as server:
        for number in numbers:
            await server.sendmail(BOUNCES, [address(number)], raw)


async def send(port, count, raw):
    numbers = iter(range(1, count + 1))
    await asyncio.gather(*(client(port, numbers, raw) for _ in range(CLIENTS)))


def main(port, count, folder, out):
    raw = Path(folder, "message.eml").read_bytes()
    with timed(out):
        asyncio.run(send(int(port), int(count), raw))


if __name__ == "__main__":
    main(*sys.argv[1:])
