"""Letters: what is the same in everyone's message, made once for each Issue and kept at hand."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cnddigest.audience.consent import CONFIRM_WITHIN
from cnddigest.audience.model import spoken
from cnddigest.delivery.letter import Letter, prepare
from cnddigest.delivery.model import IssueName
from cnddigest.errors import CndDigestError
from cnddigest.ports.mail import Ledger
from cnddigest.ports.record import Store
from cnddigest.rendering.issue import Issue
from cnddigest.rendering.masthead import Masthead
from cnddigest.rendering.words import FALLBACK
from cnddigest.serial.model import Publication
from cnddigest.usecases import about

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates

AT_HAND = 4  # Issues: more than are under way at once, and each takes as much memory as its message


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A Letter with the names that its messages' identities are derived from.

    `shortened` says that its Part was just found too long for mail; one rendered earlier has told that then.
    """

    letter: Letter
    name: IssueName
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
    """Letters by the number of their Issue, for several threads.

    `open_store` gives a Store for the thread that calls it. Texts come from the record; what is not there is rendered
    and kept, so that everybody gets the same, from whichever process and whenever. `templates` speak the language they
    are asked for, `""` is the publication's.
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
        """Make nothing yet."""
        self._ledger = ledger
        self._open_store = open_store
        self._publication = publication
        self._templates = templates
        self._sender, self._reply_to = sender, reply_to
        self._turn = threading.Lock()
        self._made: dict[object, Addressed] = {}
        self._broken: dict[object, CndDigestError] = {}
        self._names: dict[int, IssueName] = {}

    def of(self, issue: int, language: str = "") -> Addressed:
        """Return an Issue's Letter; one that asks to confirm speaks the person's language if there are texts in it.

        Raises BadTemplate where it can't be rendered, at once from the second time on; ValueError where nothing is
        known of its Serial.
        """
        with self._turn:
            name = self._name(issue)
            language = "" if name.part else spoken(language)
            key = issue if name.part else (name.serial, language)
            if key in self._broken:
                raise self._broken[key]
            if key not in self._made:
                if len(self._made) >= AT_HAND:
                    self._made.pop(next(iter(self._made)))
                self._made[key] = self._tried(key, issue, name, language)
            return self._made[key]

    def _tried(self, key: object, issue: int, name: IssueName, language: str) -> Addressed:
        try:
            return self._make(issue, name, language)
        except CndDigestError as error:
            self._broken[key] = error
            raise

    def _name(self, issue: int) -> IssueName:
        if issue not in self._names:
            if len(self._names) > AT_HAND:
                self._names.clear()
            self._names[issue] = self._ledger.issue(issue)
        return self._names[issue]

    def _make(self, issue: int, name: IssueName, language: str) -> Addressed:
        store = self._open_store()
        try:
            state = store.serial(name.serial)
            if state is None:
                raise ValueError(f"nothing is known of its serial: {name.serial}")
            masthead = about.masthead(self._publication, state)
            if name.part is None:
                text = self._confirmation(masthead, language)
            else:
                text = self._text(issue, name.part, store, masthead)
        finally:
            store.close()
        frame = language or spoken(self._publication.language) or FALLBACK
        letter = prepare(text, masthead, sender=self._sender, reply_to=self._reply_to, part=name.part, frame=frame)
        return Addressed(letter=letter, name=name, tag=state.tag, shortened=text.shortened)

    def _text(self, issue: int, part: int, store: Store, masthead: Masthead) -> Issue:
        kept = self._ledger.text(issue)
        if kept:
            return kept
        from cnddigest.rendering.issue import mailed

        (release,) = store.releases(masthead.slug, [part])
        made = mailed(self._templates(""), masthead, release)
        return replace(self._ledger.keep_text(issue, made), shortened=made.shortened)

    def _confirmation(self, masthead: Masthead, language: str) -> Issue:
        from cnddigest.rendering.confirmation import confirmation

        return confirmation(self._templates(language), masthead, days=CONFIRM_WITHIN.days)
