"""Letters: what is the same in everyone's message, made once for each Issue and kept at hand."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cnddigest.audience.consent import CONFIRM_WITHIN
from cnddigest.audience.model import spoken
from cnddigest.delivery.letter import Letter, prepare
from cnddigest.delivery.model import KNOWN, IssueName
from cnddigest.errors import CndDigestError
from cnddigest.ports.mail import Ledger
from cnddigest.ports.record import Store
from cnddigest.rendering.issue import Issue
from cnddigest.rendering.masthead import Masthead
from cnddigest.rendering.words import FALLBACK
from cnddigest.serial.model import MAIN, Publication
from cnddigest.usecases import about

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates

AT_HAND = 24  # Issues: more than are under way at once
OCTETS = 8_000_000  # of all of them: Issues are cut at 100 KB of HTML, but a template of one's own may cut nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A Letter, and what its messages' identities begin with.

    `shortened` says that its Part was just found too long for mail; one rendered earlier has told that then.
    """

    letter: Letter
    tag: str
    shortened: bool = False


def proof(publication: Publication, templates: "Templates", *, sender: str) -> None:
    """Make what is mailed as far as that goes without a reader; raises BadTemplate where no message can be made."""
    from cnddigest.rendering.confirmation import confirmation
    from cnddigest.rendering.issue import press

    press(templates)
    for serial in publication.serials:
        about = Masthead(
            publication=publication,
            slug=serial.slug,
            title=serial.title or publication.title,
            language=publication.language,
            attribution=serial.attribution,
            parts=1,
            sessions=1,
        )
        prepare(confirmation(templates, about, days=CONFIRM_WITHIN.days), about, sender=sender, part=None)


class Letters:
    """Letters for one run of the verb that delivers.

    Texts of the public run come from the record; what is not there is rendered and kept, so that everybody gets the
    same, from whichever process and whenever. A Replay's are rendered as the Part is now. `templates` speak the
    language they are asked for, `""` is the publication's.
    """

    def __init__(  # noqa: PLR0913  all of it stands in every message
        self,
        ledger: Ledger,
        open_store: Callable[[], Store],
        publication: Publication,
        templates: "Callable[[str], Templates]",
        *,
        sender: str,
        reply_to: str | None,
    ) -> None:
        """Make nothing yet; `open_store` gives a Store for the thread that calls it."""
        self._ledger = ledger
        self._open_store = open_store
        self._publication = publication
        self._templates = templates
        self._sender, self._reply_to = sender, reply_to
        self._made: dict[object, Addressed] = {}
        self._broken: dict[object, CndDigestError] = {}

    def of(self, issue: int, name: IssueName, language: str = "") -> Addressed:
        """Return an Issue's Letter; one that asks to confirm speaks the person's language if there are texts in it.

        Raises BadTemplate where it can't be rendered, at once from the second time on; ValueError where nothing is
        known of its Serial.
        """
        language = "" if name.part else spoken(language)
        key = _key(issue, name, language)
        if key in self._broken:
            raise self._broken[key]
        if key not in self._made:
            try:
                self._made[key] = self._make(issue, name, language)
            except CndDigestError as error:
                self._broken[key] = error
                raise
            self._forget_some()
        return self._made[key]

    def _forget_some(self) -> None:
        """Let go of what was made first; one alone is never too large (`delivery.letter`)."""
        while len(self._made) > AT_HAND or self._octets() > OCTETS:
            del self._made[next(iter(self._made))]

    def _octets(self) -> int:
        return sum(each.letter.octets for each in list(self._made.values()))

    def _make(self, issue: int, name: IssueName, language: str) -> Addressed:
        store = self._open_store()
        try:
            state = store.serial(name.serial)
            if state is None:
                raise ValueError(f"nothing is known of its serial: {name.serial}")
            masthead = about.masthead(self._publication, state)
            if name.part is None:
                text = self._about(name, masthead, language)
            else:
                text = self._text(issue, name, name.part, store, masthead)
        finally:
            store.close()
        frame = language or spoken(self._publication.language) or FALLBACK
        letter = prepare(text, masthead, sender=self._sender, reply_to=self._reply_to, part=name.part, frame=frame)
        return Addressed(letter=letter, tag=state.tag, shortened=text.shortened)

    def _text(self, issue: int, name: IssueName, part: int, store: Store, masthead: Masthead) -> Issue:
        kept = self._ledger.text(issue) if name.run == MAIN else None
        if kept:
            return kept
        from cnddigest.rendering.issue import mailed

        (release,) = store.releases(masthead.slug, [part])
        made = mailed(self._templates(""), masthead, release, paced=name.run != MAIN)
        if name.run != MAIN:
            return made
        return replace(self._ledger.keep_text(issue, made), shortened=made.shortened)

    def _about(self, name: IssueName, masthead: Masthead, language: str) -> Issue:
        """Return a message about a Subscription itself."""
        from cnddigest.rendering.confirmation import confirmation, reminder

        templates = self._templates(language)
        if name.run == KNOWN:
            return reminder(templates, masthead)
        return confirmation(templates, masthead, days=CONFIRM_WITHIN.days)


def _key(issue: int, name: IssueName, language: str) -> object:
    """Return by what a Letter is known: whatever is the same for everyone it goes to."""
    if name.part is None:
        return name.serial, name.run, language
    return issue if name.run == MAIN else (name.serial, name.part)
