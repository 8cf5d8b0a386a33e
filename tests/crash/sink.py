"""An SMTP server that writes down what it takes before it says so: `python sink.py LOG EVERY WAIT`; prints its port.

It says "later" to each EVERY-th person the first time (0 to nobody), waits up to WAIT seconds before it answers for a
message (else a kill would never fall into that moment), and ends when its standard input does.
"""

import os
import random
import socketserver
import sys
import threading
import time
import zlib

seen: set[bytes] = set()


class Far(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.say(b"220 sink.example ESMTP")
        recipient = b""
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                self.say(b"250-sink.example\r\n250-PIPELINING\r\n250-SIZE 10000000\r\n250 8BITMIME")
            elif verb == b"RCPT":
                recipient = line.partition(b"<")[2].partition(b">")[0]
                self.say(b"450 4.2.0 mailbox is busy" if self.is_busy(recipient) else b"250 2.1.5 ok")
                recipient = b"" if self.busy else recipient
            elif verb == b"DATA":
                if not recipient:
                    self.say(b"554 5.5.1 nobody to take it")
                    continue
                self.say(b"354 go on")
                if not self.take(recipient):
                    return
            elif verb == b"QUIT":
                self.say(b"221 bye")
                return
            else:
                self.say(b"250 2.0.0 ok")

    def is_busy(self, recipient: bytes) -> bool:
        every = self.server.every  # type: ignore[attr-defined]
        self.busy = bool(every) and zlib.crc32(recipient) % every == 0 and recipient not in seen
        seen.add(recipient)
        return self.busy

    def take(self, recipient: bytes) -> bool:
        """Read a message to its end; say whether there was one."""
        name = b""
        while line := self.rfile.readline():
            if line == b".\r\n":
                os.write(self.server.log, name + b" " + recipient + b"\n")  # type: ignore[attr-defined]
                time.sleep(random.random() * self.server.wait)  # type: ignore[attr-defined]
                self.say(b"250 2.0.0 taken")
                return True
            if line.lower().startswith(b"message-id:") and not name:
                name = line.partition(b":")[2].strip() or self.rfile.readline().strip()
        return False

    def say(self, answer: bytes) -> None:
        self.wfile.write(answer + b"\r\n")


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Say nothing: the other side was killed."""


def main() -> None:
    with Sink(("127.0.0.1", 0), Far) as server:
        server.log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)  # type: ignore[attr-defined]
        server.every, server.wait = int(sys.argv[2]), float(sys.argv[3])  # type: ignore[attr-defined]
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        sys.stdin.read()


if __name__ == "__main__":
    main()
