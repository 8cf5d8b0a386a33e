"""The messages about a Subscription itself: please confirm it, and it is there already.

They are rendered like an Issue, once for a Serial and language.
"""

from urllib.parse import urljoin

from cnddigest.rendering.heads import one_line, subject_line
from cnddigest.rendering.imprint import publisher_line
from cnddigest.rendering.inline import inline
from cnddigest.rendering.issue import PREHEADER, Issue
from cnddigest.rendering.masthead import Masthead
from cnddigest.rendering.mould import ESCAPED_SLOT
from cnddigest.rendering.plaintext import rule
from cnddigest.rendering.slots import slot
from cnddigest.rendering.templates import Templates


def confirmation(templates: Templates, masthead: Masthead, *, days: int) -> Issue:
    """Return subject and both bodies, the person's link in them as slot `confirm`; `days` is how long it works.

    Raises BadTemplate where a template or the Issue's stylesheet can't be used.
    """
    words, title = templates.words, one_line(masthead.title)
    return _about(
        templates,
        masthead,
        subject=words.text("Confirm your subscription: {title}", title=title),
        heading=words.text("Please confirm your subscription"),
        asked=words.text("Someone, probably you, asked to receive {title} at this address.", title=title),
        invitation=words.text("To receive it, please confirm that this address is yours:"),
        action=words.text("Confirm your subscription"),
        otherwise=words.plural(
            "If it wasn't you, ignore this email: nothing is sent unless you confirm,"
            " and the request expires after {count} day.",
            "If it wasn't you, ignore this email: nothing is sent unless you confirm,"
            " and the request expires after {count} days.",
            days,
        ),
    )


def reminder(templates: Templates, masthead: Masthead) -> Issue:
    """Return the same for who is subscribed and asked again; their link leads to their own page."""
    words, title = templates.words, one_line(masthead.title)
    return _about(
        templates,
        masthead,
        subject=words.text("You are already subscribed: {title}", title=title),
        heading=words.text("You are already subscribed"),
        asked=words.text("Someone, probably you, asked again to receive {title} at this address.", title=title),
        invitation=words.text("This address is already subscribed. To change the pace or unsubscribe:"),
        action=words.text("Manage your subscription"),
        otherwise=words.text("If it wasn't you, ignore this email: nothing has changed."),
    )


def _about(templates: Templates, masthead: Masthead, *, subject: str, heading: str, asked: str, **said: str) -> Issue:
    """Return a message around one link; `said` are the sentences that its templates know by name."""
    values = {
        "subject": subject_line(subject),
        "preheader": asked if len(asked) <= PREHEADER[1] else asked[: PREHEADER[1] - 1] + "…",
        "heading": heading,
        "heading_rule": rule(heading),
        "asked": asked,
        **said,
        "title": one_line(masthead.title),
        "home_url": urljoin(masthead.publication.base_url, f"{masthead.slug}/"),
        "publisher": publisher_line(masthead.publication),
    }
    html = inline(
        templates.render("confirmation.html.j2", **values),
        templates.source("issue.css"),
        template="confirmation.html.j2",
    )
    return Issue(
        subject=values["subject"],
        preheader=values["preheader"],
        html=ESCAPED_SLOT.sub(lambda found: slot(found[1]), html),
        text=templates.render("confirmation.txt.j2", **values),
    )
