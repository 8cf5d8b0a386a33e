"""What the columns of other programs' exports mean, and the words in them that say a person must not be mailed."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cnddigest.audience.model import Ended, SubscriptionStatus, SuppressionReason

LONGEST_NAME = 100  # characters of a heading that are looked at

# Our own columns, in the order in which they are exported.
OWN = (
    *("address", "name", "serial", "language", "status", "reason", "suppressed"),
    *("consent_at", "consent_source", "consent_text", "position"),
    *("start", "every", "at", "per", "timezone", "paused"),
)

# By column, the headings that mean it, folded; of several in one file the first here is taken. `address` comes after
# `email`, because in Mailchimp's exports it is the postal one.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "address": (
        *("email", "emailaddress", "subscriberemail", "mailaddress", "eメール", "メールアドレス", "メール"),
        *("address", "mail", "アドレス"),
    ),
    "name": ("name", "fullname", "displayname", "氏名", "お名前", "名前"),
    "given_name": ("firstname", "givenname", "名"),
    "family_name": ("lastname", "surname", "familyname", "姓", "名字", "苗字"),
    "language": ("language", "lang", "locale", "言語"),
    "status": ("status", "subscriptionstatus", "ステータス", "状態", "登録状況"),
    "consent_at": ("consentat", "confirmtime", "confirmedat", "optintime", "optinat", "optindate", "同意日時"),
    "left_at": (
        "unsubtime",
        "unsubscribedat",
        "unsubscribed",
        "unsubscribetime",
        "optout",
        "optouttime",
        "optoutdate",
        "配信停止",
    ),
    "bounced_at": ("cleantime", "cleaned", "bouncedat", "bounced", "hardbounced"),
    "complained_at": ("complainedat", "complained", "complaint", "spamreport"),
    "timezone": ("timezone",),
}

NOTHING = ("", "0", "no", "n", "false", "f", "none", "null", "-", "いいえ")  # a cell that says it did not happen


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a word in a status column says of a person.

    `suppressed` is why the address gets no mail from any Serial, `""` where it may.
    """

    status: SubscriptionStatus
    reason: Ended | None = None
    suppressed: str = ""


ACTIVE = Meaning(status=SubscriptionStatus.ACTIVE)
PENDING = Meaning(status=SubscriptionStatus.PENDING)
REMOVED = Meaning(status=SubscriptionStatus.ENDED, reason=Ended.REMOVED)
EXPIRED = Meaning(status=SubscriptionStatus.ENDED, reason=Ended.EXPIRED)
LEFT = Meaning(status=SubscriptionStatus.ENDED, reason=Ended.UNSUBSCRIBED)
BOUNCED = Meaning(status=SubscriptionStatus.ENDED, reason=Ended.BOUNCED, suppressed=SuppressionReason.HARD_BOUNCE)
COMPLAINED = Meaning(status=SubscriptionStatus.ENDED, reason=Ended.COMPLAINT, suppressed=SuppressionReason.COMPLAINT)
BLOCKED = Meaning(status=SubscriptionStatus.ENDED, reason=Ended.REMOVED, suppressed=SuppressionReason.MANUAL)

_WORDS: Mapping[Meaning, tuple[str, ...]] = {
    ACTIVE: ("", "active", "enabled", "subscribed", "confirmed", "有効", "購読中", "配信中"),
    PENDING: ("pending", "unconfirmed", "未確認", "仮登録"),
    LEFT: (
        *("unsubscribed", "unsubscribe", "optout", "optedout", "ended", "inactive", "cancelled", "canceled"),
        *("配信停止", "解除", "退会"),
    ),
    EXPIRED: ("expired",),
    REMOVED: ("removed", "disabled", "deleted", "archived", "nonsubscribed", "transactional", "無効"),
    BOUNCED: ("bounced", "bounce", "hardbounced", "cleaned", "undeliverable", "invalid", "エラー"),
    COMPLAINED: ("complained", "complaint", "spam", "abuse", "reportedspam"),
    BLOCKED: ("blocklisted", "blacklisted", "blocked", "banned", "suppressed"),
}
STATUSES: Mapping[str, Meaning] = {word: meaning for meaning, words in _WORDS.items() for word in words}
# What a column says where its cell says that it happened, the gravest last.
FACTS: Mapping[str, Meaning] = {"left_at": LEFT, "bounced_at": BOUNCED, "complained_at": COMPLAINED}

_NO_SIGN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where in a record each known column stands, and the headings as written.

    `last_needed` is the last place that can say a person must not be mailed, -1 without one.
    """

    places: Mapping[str, int]
    headings: tuple[str, ...]
    last_needed: int = -1

    def cell(self, cells: Sequence[str], name: str) -> str:
        """Return what a record says in a column, `""` where it has none."""
        place = self.places.get(name, -1)
        return cells[place].strip() if 0 <= place < len(cells) else ""

    def heading(self, name: str) -> str:
        """Return how the file calls a column."""
        return self.headings[self.places[name]].strip()


def columns(headings: Sequence[str]) -> Columns | None:
    """Return what the first record of a table means, None where no column has addresses."""
    written = {_folded(heading): place for place, heading in reversed(list(enumerate(headings)))}
    found = {name: _place(name, written) for name in {*OWN, *HEADINGS}}
    places = {name: place for name, place in found.items() if place is not None}
    if "address" not in places:
        return None
    needed = (places.get(name, -1) for name in ("status", "suppressed", *FACTS))
    return Columns(places=places, headings=tuple(headings), last_needed=max(needed))


def _place(name: str, written: Mapping[str, int]) -> int | None:
    words = HEADINGS.get(name) or (_folded(name),)
    return next((written[word] for word in words if word in written), None)


def meaning(word: str) -> Meaning | None:
    """Return what a word in a status column says, None for one that nobody told us."""
    return STATUSES.get(_folded(word))


def happened(cell: str) -> bool:
    """Say whether a cell such as `UNSUB_TIME` or `bounced` says that it happened."""
    return cell.casefold() not in NOTHING and not cell.startswith("0000-00-00")


def _folded(heading: str) -> str:
    """Return a heading without case, width, blanks and signs: `Email Address` and `email_address` are the same."""
    return _NO_SIGN.sub("", unicodedata.normalize("NFKC", heading[:LONGEST_NAME]).casefold())
