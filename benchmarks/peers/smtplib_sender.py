"""`smtplib_sender.py PORT COUNT LETTER OUT compose|raw`: the standard library, one connection."""

import smtplib
import sys
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from letter import BOUNCES, SENDER, Letter, address, timed


def composed(letter, number):
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = SENDER, address(number), letter.subject
    for name, value in letter.headers(number).items():
        message[name] = value
    text, html = letter.bodies(number)
    message.set_content(text, cte="base64")
    message.add_alternative(html, subtype="html", cte="base64")
    return message


def main(port, count, folder, out, how):
    letter, raw = Letter(folder), Path(folder, "message.eml").read_bytes()
    with timed(out), smtplib.SMTP("127.0.0.1", int(port)) as server:
        for number in range(1, int(count) + 1):
            if how == "raw":
                server.sendmail(BOUNCES, address(number), raw)
            else:
                server.send_message(composed(letter, number), from_addr=BOUNCES)


if __name__ == "__main__":
    main(*sys.argv[1:])
