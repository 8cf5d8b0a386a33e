"""The curator of a Serial hangs the images of its recap: each where it will be published, or a finding why not."""

import html as entities
from collections.abc import Iterator
from dataclasses import replace

from cnddigest.ports.files import Inputs
from cnddigest.ports.record import SerialState
from cnddigest.recap.model import Day, Finding, Prose, Recap, Severity
from cnddigest.recap.pictures import GALLERY, Hanging, Reference, candidates, has_any, references, replaced
from cnddigest.serial.model import Part, Serial
from cnddigest.usecases.album import Album, Sight, sights

SHOWN = 80  # characters of an address in a finding
DEAD = 40  # those in the finding of the reading that knows no files
MOST_LOST = 100  # addresses searched for in vain: each search goes through the whole text


def illustrated(inputs: Inputs, serial: Serial, recap: Recap, before: SerialState | None) -> tuple[Recap, Album]:
    """Return a recap whose local images hang in the gallery, with findings for those that don't, and the Album.

    `before` is what was noted at the last reading: a file that did not change since is not opened.
    """
    album = Album(inputs, sights(before.about) if before else ())
    return _Curator(album, serial, inputs).recap(recap), album


def noted(album: Album, parts: tuple[Part, ...]) -> tuple[Sight, ...]:
    """Return what to keep of the images of these Parts, which may show some that the recap no longer has."""
    return album.noted(
        (reference.source.removeprefix(GALLERY).partition("/")[0], part.number)
        for part in parts
        for prose in _proses(part)
        if GALLERY in prose.html
        for reference in references(prose.html)
        if reference.source.startswith(GALLERY)
    )


def _proses(part: Part) -> Iterator[Prose]:
    yield part.introduction
    for chapter in part.chapters:
        yield chapter.introduction
        yield from (session.prose for session in chapter.sessions)
    yield part.closing.prose


class _Curator:
    """Hangs the images of one recap."""

    def __init__(self, album: Album, serial: Serial, inputs: Inputs) -> None:
        self._album = album
        self._files = serial.recaps
        self._folders = tuple(dict.fromkeys(_folder(path) for path in serial.recaps))
        self._inputs = inputs
        self._texts: list[list[str]] | None = None
        self._line = 1
        self._lost = 0
        self._named: set[str] = set()
        self._beginnings: set[str] = set()
        self._findings: list[Finding] = []

    def recap(self, recap: Recap) -> Recap:
        """Return the recap with its images hung; a session without any stays the same object."""
        hung = replace(
            recap,
            introduction=self._prose(recap.introduction, 1),
            days=tuple(map(self._day, recap.days)),
            closing=replace(recap.closing, prose=self._prose(recap.closing.prose, recap.closing.line)),
        )
        self._count_unconverted()
        findings = [finding for finding in recap.findings if not self._is_settled(finding)]
        if not self._findings and len(findings) == len(recap.findings):
            return hung
        return replace(hung, findings=tuple(sorted((*findings, *self._findings), key=lambda finding: finding.line)))

    def _day(self, day: Day) -> Day:
        sessions = tuple(
            replace(session, prose=self._prose(session.prose, session.line)) if has_any(session.prose.html) else session
            for session in day.sessions
        )
        return replace(day, introduction=self._prose(day.introduction, day.line), sessions=sessions)

    def _prose(self, prose: Prose, line: int) -> Prose:
        if not has_any(prose.html):
            return prose
        self._line = line or 1
        return replace(prose, html=replaced(prose.html, self._hang))

    def _hang(self, reference: Reference) -> Hanging | None:
        if reference.whereabouts == "remote":
            sized = reference.width or reference.height
            return Hanging(address=reference.source, width=0, height=0) if sized else None
        if not reference.source:
            return None  # the reading has said so
        self._named.add(reference.source)
        self._beginnings.add(reference.source.strip()[:DEAD])
        if reference.whereabouts == "inside":
            self._find("unusable-image", "image stands inside the text, save it as a file", reference)
            return None
        if reference.whereabouts == "foreign":
            self._find("missing-image", "image is not in the publication's folder", reference)
            return None
        return self._local(reference)

    def _local(self, reference: Reference) -> Hanging | None:
        sight = self._album.find(candidates(reference.path, self._folders))
        if sight is None:
            self._find("missing-image", "image not found", reference)
            return None
        if sight.reason:
            self._find("unusable-image", sight.reason, reference)
            return None
        if not (reference.alt or "").strip():
            self._find("image-without-alt", "image has no words for who can't see it", reference, "info")
        return Hanging(address=f"{GALLERY}{sight.page}/{sight.mail}", width=sight.width, height=sight.height)

    def _find(self, rule: str, what: str, reference: Reference, severity: Severity = "warning") -> None:
        source = reference.source
        shown = source if len(source) <= SHOWN else source[:SHOWN] + "…"
        line = self._located(source)
        self._findings.append(Finding(rule=rule, severity=severity, line=line, message=f"{what}: {shown}"))

    def _count_unconverted(self) -> None:
        count = self._album.unconverted
        if count:
            message = f"images stay as large as they are, since Pillow is not installed: {count}"
            self._findings.append(Finding(rule="images-unconverted", severity="info", line=1, message=message))

    def _located(self, source: str) -> int:
        """Return the line that names an image, from that of its session on; that line if none does."""
        if self._texts is None:
            self._texts = [data.decode("utf-8", "replace").splitlines() for _, data in self._inputs.recap(self._files)]
        ways = {way for way in (source, Reference(source=source, alt=None).path) if way}
        for lines in self._texts if self._lost < MOST_LOST else ():
            for number in range(self._line, len(lines) + 1):
                if any(way in lines[number - 1] for way in ways):
                    self._line = number  # the next one stands on this line or below
                    return number
        self._lost += 1
        return self._line

    def _is_settled(self, finding: Finding) -> bool:
        """Say whether a finding speaks of an image that hangs now, or that another finding speaks of."""
        said = finding.message.rpartition(": ")[2]
        if finding.rule == "relative-link":
            return entities.unescape(said).partition("#=")[0] in self._named
        return finding.rule == "dead-image" and said[:DEAD] in self._beginnings


def _folder(path: str) -> str:
    """Return the folder of a recap; one outside the publication has none inside."""
    steps = path.replace("\\", "/").split("/")[:-1]
    return "" if ".." in steps or steps[:1] == [""] else "/".join(step for step in steps if step not in ("", "."))
