"""Several files that form one recap, one file per day."""

import re
from collections.abc import Sequence
from dataclasses import replace

from cnddigest.recap import days
from cnddigest.recap.blocks import Block
from cnddigest.recap.draft import Draft, DraftDay, DraftSession
from cnddigest.recap.model import Dropped
from cnddigest.recap.sections import letters, lines


def joined(drafts: Sequence[Draft]) -> Draft:
    """Join drafts in order: the first one's title, each introduction once, the last one's closing.

    An earlier file's closing becomes a session of kind `section` at the end of its day.
    """
    if len(drafts) == 1:
        return drafts[0]
    introduction, dropped = _introductions(drafts)
    last = drafts[-1]
    *earlier, final = drafts
    return Draft(
        title=_without_day(drafts[0].title),
        introduction=introduction,
        days=_days([*map(_with_closing_inside, earlier), final.days]),
        closing_heading=last.closing_heading,
        closing_line=last.closing_line,
        closing=last.closing,
        farewell=last.farewell,
        dropped=(*dropped, *_titles(drafts), *(line for draft in drafts for line in draft.dropped)),
    )


def _without_day(title: str) -> str:
    """Take the day off a title: `Kelp Ruby Camp 2026: Day One` becomes `Kelp Ruby Camp 2026`."""
    mark = days.mark(title) or days.mark(title, anywhere=True)
    place = title.find(mark.text) if mark and mark.place in ("themed", "end", "start") else -1
    if place < 0 or not mark:
        return title
    rest = title[:place] + " " + title[place + len(mark.text) :]
    return re.sub(r"\s+", " ", re.sub(r"[(\[（【]\s*[)\]）】]", " ", rest)).strip(" :：-–—|,、・/") or title


def _titles(drafts: Sequence[Draft]) -> list[Dropped]:
    return [Dropped(line=1, text=draft.title, reason="title of a later file") for draft in drafts[1:] if draft.title]


def _introductions(drafts: Sequence[Draft]) -> tuple[tuple[Block, ...], list[Dropped]]:
    seen: set[str] = set()
    kept: list[Block] = []
    dropped: list[Dropped] = []
    for draft in drafts:
        for block in draft.introduction:
            key = letters(block.text)
            if key in seen:
                dropped += [Dropped(line=n, text=text, reason="repeated introduction") for n, text in lines(block)]
            else:
                kept.append(block)
        seen |= {found for block in draft.introduction if (found := letters(block.text))}
    return tuple(kept), dropped


def _with_closing_inside(draft: Draft) -> tuple[DraftDay, ...]:
    """Return a file's days with its closing in the last one; without a heading it stays in the last talk."""
    if not draft.days:
        return draft.days
    *before, day = draft.days
    sessions = list(day.sessions)
    if draft.closing_heading is not None:
        line, heading = draft.closing_line, draft.closing_heading
        sessions.append(DraftSession(heading=heading, line=line, kind="section", body=draft.closing))
    elif sessions:
        sessions[-1] = replace(sessions[-1], body=(*sessions[-1].body, *draft.closing))
    else:
        day = replace(day, introduction=(*day.introduction, *draft.closing))
    return (*before, replace(day, sessions=tuple(sessions)))


def _days(files: Sequence[tuple[DraftDay, ...]]) -> tuple[DraftDay, ...]:
    """Put the days in order; two files about the same day are one day."""
    found: list[DraftDay] = []
    for day in (day for file in files for day in file):
        same = found and day.mark and found[-1].mark and found[-1].mark.key == day.mark.key
        both_without = found and not day.mark and not found[-1].mark
        if same or both_without:
            found[-1] = replace(
                found[-1],
                introduction=found[-1].introduction + day.introduction,
                sessions=found[-1].sessions + day.sessions,
            )
        else:
            found.append(day)
    return tuple(found)
