"""`django_sender.py PORT COUNT LETTER OUT`: Django's `send_messages`, one connection."""

import sys

import django
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from letter import BOUNCES, SENDER, Letter, address, timed


def composed(letter, number):
    text, html = letter.bodies(number)
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=text,
        from_email=BOUNCES,
        to=[address(number)],
        headers={"From": SENDER, **letter.headers(number)},
    )
    message.attach_alternative(html, "text/html")
    return message


def main(port, count, folder, out):
    settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=int(port))
    django.setup()
    letter = Letter(folder)
    with timed(out):
        get_connection().send_messages([composed(letter, number) for number in range(1, int(count) + 1)])


if __name__ == "__main__":
    main(*sys.argv[1:])
