"""The newsletter Issue: what is mailed for a Part, the same for everyone, as HTML and as text.

`issue.html.j2` and `issue.txt.j2` are pressed into moulds once (see `mould`); each Issue fills them. An Issue stays
under `fitting.LARGEST` bytes, beyond which Gmail may hide the end: where a Part is longer, its longest texts are cut
behind a block, then whole sessions are left to the web page. Each cut has a link that leads on, and the text part
has the same cuts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urljoin

from cnddigest.errors import BadTemplate
from cnddigest.recap.model import Prose
from cnddigest.rendering import heads
from cnddigest.rendering.fitting import LARGEST, VISIBLE, Room, fitted, octets, shortened
from cnddigest.rendering.heads import one_line, subject_line
from cnddigest.rendering.imprint import imprint, personal_links
from cnddigest.rendering.markup import Html, minutes
from cnddigest.rendering.masthead import Masthead
from cnddigest.rendering.mould import WHOLE, Mould, Values, Vocabulary, press_html, press_text
from cnddigest.rendering.pictures import narrowed
from cnddigest.rendering.plaintext import rule
from cnddigest.rendering.routes import routes
from cnddigest.rendering.templates import Templates
from cnddigest.rendering.views import ChapterView, SessionView, chapter_views, headline, paragraphs, prose_view
from cnddigest.rendering.words import Words
from cnddigest.serial.model import Part, Release

PREHEADER = (40, 90)  # characters: fewer, and inboxes go on with whatever stands next; more, and they cut it
SESSION_HEADINGS = 4  # those in a session's text: the Part is h1, its days are h2, its sessions h3
OTHER_HEADINGS = 3
PERSONAL_ROOM = 600  # bytes for addresses in the place of slots, and the blanks around them
PACE_ROOM = 650  # the same for those that set the pace
PACED = 1_600  # bytes of these links and their room, by which texts are cut earlier
RULE = 40  # columns of the line between two sessions

_PLACES = {
    WHOLE: "subject preheader language serial home_url page_url title title_rule rule place summary on contents "
    "introduction chapter rest closing source original feed publisher personal",
    "on": "on_date",
    "contents": "row",
    "row": "row_number row_title row_url",
    "introduction": "text more",
    "chapter": "chapter_title chapter_rule opening session",
    "opening": "text more",
    "session": "between session_place session_title session_url facts note text more links",
    "between": "",
    "facts": "fact_line",
    "note": "note_line",
    "text": "prose",
    "more": "more_url more_label",
    "links": "link",
    "link": "known named",
    "known": "link_url link_word link_aim",
    "named": "link_url link_lead link_label",
    "rest": "rest_line",
    "closing": "closing_title closing_rule text more",
    "source": "source_name source_value",
    "original": "original_name original_url",
    "feed": "feed_name feed_url",
    "publisher": "publisher_line",
    "personal": "reason unsubscribe_url preferences_url pace",
    "pace": "pause_url slower_url faster_url contents_url onward",
    "onward": "next_url",
}
VOCABULARY = Vocabulary(
    places={piece: frozenset(names.split()) for piece, names in _PLACES.items()},
    # Without these it is no Issue, or not one that law and licence allow.
    needed=frozenset(
        {
            *("title", "page_url", "session", "session_title", "prose"),
            *("source_value", "original_url", "publisher_line", "unsubscribe_url"),
        }
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A release by mail: one line for the Subject, one for the inbox's second line, and both bodies.

    `html` is a whole document with its style on the elements; every address in both is absolute. `shortened` says that
    not all of the Part is in it: its author should know.
    """

    subject: str
    preheader: str
    html: str
    text: str
    shortened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A Part's texts, clean, before anybody knows whether they fit."""

    part: Part
    introduction: Html
    chapters: tuple[ChapterView, ...]
    closing: Html

    @property
    def sessions(self) -> tuple[SessionView, ...]:
        return tuple(session for chapter in self.chapters for session in chapter.sessions)

    def texts(self) -> Iterator[Html]:
        yield self.introduction
        yield from (chapter.introduction for chapter in self.chapters)
        yield from (session.html for session in self.sessions)
        yield self.closing


@dataclass(frozen=True, slots=True, kw_only=True)
class Moulds:
    """Both templates of an Issue, pressed. A function of templates and language: can be kept as JSON and reused."""

    html: Mould
    text: Mould


def issue(templates: Templates, masthead: Masthead, release: Release, *, moulds: Moulds | None = None) -> Issue:
    """Return the Issue of a Release; BadTemplate where its templates or their stylesheet can't be used.

    `moulds` are those of these templates, for who has kept them: `press` takes a tenth of a second.
    """
    return _made(templates, masthead, release, moulds)


def mailed(
    templates: Templates, masthead: Masthead, release: Release, *, moulds: Moulds | None = None, paced: bool = False
) -> Issue:
    """Return the same Issue with personal links at its end, as slots `unsubscribe` and `preferences`.

    `paced` adds those of `imprint.PACE`, for who has a run of their own. A slot is the whole value of an attribute in
    HTML, and alone on its line in text. Texts are cut as in `issue`, with these links a little earlier.
    """
    personal = personal_links(templates.words, masthead, part=release.part.number if paced else None)
    return _made(templates, masthead, release, moulds, personal)


def _made(
    templates: Templates, masthead: Masthead, release: Release, moulds: Moulds | None, personal: Values | None = None
) -> Issue:
    moulds = moulds or press(templates)
    draft = _draft(masthead, release)
    view = _View(templates.words, masthead, draft)
    paced = bool(personal and personal["pace"])

    def make(room: Room) -> tuple[Room, Values, str]:
        values = view.values(room)
        return room, values, moulds.html.fill(values)

    sizes = [len(prose.encode()) for prose in draft.texts()]
    spared = paced * PACED
    room, values, document = fitted(sizes, len(draft.sessions), make, lambda made: octets(made[2]) + spared)
    _check_size(document, LARGEST - spared)
    if personal:
        values = {**values, "personal": [personal]}
        document = moulds.html.fill(values)
        _check_size(document, VISIBLE - PERSONAL_ROOM - paced * PACE_ROOM)
    text = moulds.text.fill(values, bullet=view.bullet)
    return Issue(
        subject=subject_line(view.subject),
        preheader=view.preheader,
        html=document,
        text=text,
        shortened=room.prose < max(sizes) or room.sessions < len(draft.sessions),
    )


def _check_size(document: str, largest: int) -> None:
    if (size := octets(document)) > largest:
        raise BadTemplate(
            f"an Issue is larger than mail programs show: issue.html.j2, {size} bytes without a session",
            hint=f"leave out of the template what takes so much: what lies behind {largest} bytes may be hidden",
        )


@lru_cache(maxsize=4)
def press(templates: Templates) -> Moulds:
    """Press both templates; the last few publications' moulds are remembered."""
    html = templates.render("issue.html.j2")
    text = templates.render("issue.txt.j2")
    return Moulds(
        html=press_html(html, templates.source("issue.css"), name="issue.html.j2", vocabulary=VOCABULARY),
        text=press_text(text, name="issue.txt.j2", vocabulary=VOCABULARY),
    )


def _draft(masthead: Masthead, release: Release) -> _Draft:
    part = release.part
    ways = routes(masthead, part, page=False)

    def clean(prose: Prose, level: int = OTHER_HEADINGS) -> Html:
        return prose_view(masthead, prose, level=level, page=False, ways=ways)

    views = chapter_views(masthead, release, level=SESSION_HEADINGS, page=False)
    return _Draft(
        part=part,
        # Without sessions there are no contents above it, and so no h2.
        introduction=clean(part.introduction, OTHER_HEADINGS if part.sessions else 2),
        # A day's own headings stand one level above those of its sessions.
        chapters=tuple(
            replace(view, introduction=clean(chapter.introduction))
            for view, chapter in zip(views, part.chapters, strict=True)
        ),
        closing=clean(part.closing.prose),
    )


class _View:
    """What the places of an Issue are filled with."""

    def __init__(self, words: Words, masthead: Masthead, draft: _Draft) -> None:
        self._words = words
        self._masthead = masthead
        self._draft = draft
        self._home = urljoin(masthead.publication.base_url, f"{masthead.slug}/")
        self._page = f"{self._home}parts/{draft.part.number}.html"
        self.subject = one_line(draft.part.title)
        self.bullet = "・" if masthead.language.startswith("ja") else "- "
        self._summary = self._summed_up()
        self.preheader = self._teaser()

    def values(self, room: Room) -> Values:
        """Return the values of the whole Issue, with as much of it as there is room for."""
        draft, words, masthead = self._draft, self._words, self._masthead
        title = one_line(headline(masthead, draft.part))
        shown = draft.sessions[: room.sessions]
        return {
            "subject": self.subject,
            "preheader": self.preheader,
            "language": masthead.language,
            "serial": one_line(masthead.title if title != masthead.title else masthead.publication.title),
            "home_url": self._home,
            "page_url": self._page,
            "title": title,
            "title_rule": rule(title),
            "rule": "-" * RULE,
            "place": words.text("Part {number} of {count}", number=draft.part.number, count=masthead.parts),
            "summary": self._summary,
            "on": self._on(),
            "contents": [{"row": [self._row(session) for session in shown]}] if shown else [],
            "introduction": self._prose(draft.introduction, room),
            "chapter": list(self._chapters(room)),
            "rest": self._rest(len(draft.sessions) - len(shown)),
            "closing": self._closing(room),
            **imprint(words, masthead, self._home),
        }

    def _summed_up(self) -> str:
        count = self._words.plural("{count} session", "{count} sessions", len(self._draft.sessions))
        read = self._words.plural("{count} min read", "{count} min read", minutes(paragraphs(self._draft.part)))
        return f"{count} · {read}"

    def _teaser(self) -> str:
        """Return the preheader in words of its own: how much there is, what it is called, how it begins."""
        titles = " / ".join(one_line(session.title) for session in self._draft.sessions[: PREHEADER[1]])
        text = f"{self._summary}: {titles}" if titles else self._summary
        for more in (*list(paragraphs(self._draft.part))[:3], self._masthead.title, self._masthead.publication.title):
            if len(text) >= PREHEADER[0]:
                break
            text += f" – {one_line(more)}"
        return text if len(text) <= PREHEADER[1] else text[: PREHEADER[1] - 1].rstrip(" /–") + "…"

    def _on(self) -> Sequence[Values]:
        days = [chapter.date for chapter in self._draft.chapters if chapter.date]
        if not days:
            return []
        one = min(days) == max(days)
        return [{"on_date": self._words.date(days[0]) if one else self._words.dates(min(days), max(days))}]

    def _session_url(self, session: SessionView) -> str:
        return self._home + session.path

    def _row(self, session: SessionView) -> Values:
        number = str(session.number).rjust(len(str(self._draft.sessions[-1].number)))
        return {"row_number": number, "row_title": one_line(session.title), "row_url": self._session_url(session)}

    def _prose(self, prose: Html, room: Room) -> Sequence[Values]:
        """Return a text that leads on to the Part's page where it is cut; nothing if it is empty."""
        return [self._text(prose, room, self._page, self.subject)] if prose.strip() else []

    def _text(self, prose: Html, room: Room, url: str, title: str) -> Values:
        shown, cut = shortened(prose, room.prose)
        label = self._words.text("Read on: {title}", title=title)
        return {
            "text": [{"prose": narrowed(shown)}] if shown.strip() else [],
            "more": [{"more_url": url, "more_label": label}] if cut else [],
        }

    def _chapters(self, room: Room) -> Iterator[Values]:
        left = room.sessions
        for chapter in self._draft.chapters:
            if not left and room.sessions < len(self._draft.sessions):
                return
            title = self._chapter_title(chapter)
            yield {
                "chapter_title": title,
                "chapter_rule": rule(title),
                "opening": self._prose(chapter.introduction, room),
                "session": [
                    {"between": [{}] if place else [], **self._session(session, room)}
                    for place, session in enumerate(chapter.sessions[:left])
                ],
            }
            left -= len(chapter.sessions[:left])

    def _chapter_title(self, chapter: ChapterView) -> str:
        """Return the day as a heading; a Part's only day stands in the Part's title."""
        if not chapter.label or (len(self._draft.chapters) == 1 and chapter.sessions):
            return self._words.text("Sessions")
        day = [one_line(chapter.label), *([self._words.date(chapter.date)] if chapter.date else [])]
        return " · ".join(day)

    def _session(self, session: SessionView, room: Room) -> Values:
        words, title = self._words, one_line(session.title)
        facts = heads.facts(words, session)
        return {
            "session_place": words.text("{number} of {count}", number=session.number, count=self._masthead.sessions),
            "session_title": title,
            "session_url": self._session_url(session),
            "facts": [{"fact_line": facts}] if facts else [],
            "note": [{"note_line": words.text("The author has since removed this session from the recap.")}]
            if session.withdrawn
            else [],
            **self._text(session.html, room, self._session_url(session), title),
            "links": heads.links(words, session),
        }

    def _rest(self, count: int) -> Sequence[Values]:
        more = self._words.plural("{count} more session on the web", "{count} more sessions on the web", count)
        return [{"rest_line": more}] if count > 0 else []

    def _closing(self, room: Room) -> Sequence[Values]:
        heading = self._draft.part.closing.heading
        if not heading and not self._draft.closing.strip():
            return []
        title = one_line(heading or self._words.text("In closing"))
        text = self._text(self._draft.closing, room, self._page, self.subject)
        return [{"closing_title": title, "closing_rule": rule(title), **text}]
