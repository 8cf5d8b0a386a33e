"""The message that asks a person to confirm a Subscription: rendered like an Issue, once for a Serial and language."""

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
    asked = words.text("Somebody, probably you, asked for {title} at this address.", title=title)
    heading = words.text("Please confirm your subscription")
    values = {
        "subject": subject_line(words.text("Please confirm: {title}", title=title)),
        "preheader": asked if len(asked) <= PREHEADER[1] else asked[: PREHEADER[1] - 1] + "…",
        "heading": heading,
        "heading_rule": rule(heading),
        "asked": asked,
        "otherwise": words.plural(
            "If it was not you, do nothing: without your word nothing more is sent,"
            " and the request ends after {count} day.",
            "If it was not you, do nothing: without your word nothing more is sent,"
            " and the request ends after {count} days.",
            days,
        ),
        "title": title,
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
