"""Every setting there is: one table from which the file is read and the reference is written."""

from cnddigest.audience.bounces.providers.names import PROVIDERS
from cnddigest.config import addresses, kinds, rhythm
from cnddigest.config.kinds import choice, whole
from cnddigest.config.table import Section, absent, optional, required

TITLE = required("title", kinds.FILLED, about="The name of the whole publication.", example='"Harbour recaps"')
BASE_URL = required(
    "base_url",
    addresses.BASE_URL,
    about="Where the output folder is reachable; every link in feeds starts with it. "
    "`CNDDIGEST_BASE_URL` goes before it.",
    example='"https://recaps.example.org/"',
)
LANGUAGE = optional(
    "language",
    addresses.LANGUAGE_TAG,
    "en",
    about="The language of the interface; `ja` and `en` have complete texts, any other one shows English.",
    example='"ja"',
)
TIMEZONE = optional(
    "timezone",
    rhythm.TIMEZONE,
    "UTC",
    about="The zone of `at`, and of every time that is shown.",
    example='"Asia/Tokyo"',
)
OUTPUT = optional("output", kinds.PATH, "feeds", about="The folder of the finished site.", example='"feeds"')
RECORD = optional(
    "record",
    addresses.RECORD,
    "cnddigest.sqlite3",
    about="What was released, and when. `CNDDIGEST_RECORD` goes before it.",
    example='"cnddigest.sqlite3"',
)
POSTERS = optional(
    "posters",
    choice("part", "serial", "none"),
    "part",
    about="What has a picture that chats and social sites show beside a link: each Part, the Serial only, or nothing. "
    "A Serial of more than 100 Parts has one for all. It takes Pillow and a font.",
    example='"part"',
)
FONT = absent(
    "font",
    kinds.PATH,
    about="The font file that posters are drawn with, instead of one of the machine's.",
    example='"NotoSerifCJK-Bold.ttc"',
)

NAME = optional("name", kinds.LINE, "", about="Who publishes.", example='"Harbour desk"')
EMAIL = optional(
    "email", addresses.OPTIONAL_EMAIL, "", about="How readers reach the publisher.", example='"desk@example.org"'
)
ADDRESS = optional(
    "address",
    kinds.LINES,
    "",
    about="The postal address that stands in every Issue.",
    example='"1-1 Minato, Tokyo"',
)

PUBLISHER = Section(name="publisher", about="Who is behind the publication.", settings=(NAME, EMAIL, ADDRESS))
PUBLICATION = Section(
    name="publication",
    about="The publication as a whole.",
    settings=(TITLE, BASE_URL, LANGUAGE, TIMEZONE, OUTPUT, RECORD, POSTERS, FONT),
    sections=(PUBLISHER,),
)

RECAP = required(
    "recap",
    kinds.PATHS,
    about="The recap, a file or a list of files that form one; relative to the configuration.",
    example='"recaps/harbour.md"',
)
SERIAL_TITLE = absent("title", kinds.FILLED, about="Instead of the recap's own.", example='"Harbour Conf 2026"')
SCHEDULE = absent(
    "schedule",
    kinds.PATHS,
    about="The conference's own timetable, which adds speakers, rooms, times and links where the recap has none: "
    "a file, or a list of files that say it together, as Dreamkast's talks, tracks and speakers do. "
    "Read are Dreamkast, pretalx and frab (JSON, XML), Sessionize, iCalendar and CSV.",
    example='"recaps/harbour.schedule.json"',
)

AUTHOR = optional("author", kinds.LINE, "", about="Who wrote the article.", example='"Harbour desk"')
URL = optional(
    "url",
    addresses.OPTIONAL_WEB_ADDRESS,
    "",
    about="Where the article stands; the pages name it as their origin.",
    example='"https://example.org/harbour"',
)
LICENCE = optional("licence", kinds.LINE, "", about="Under which licence it may be replayed.", example='"CC BY 4.0"')

ATTRIBUTION = Section(
    name="attribution", about="Where the recap comes from; shown in every Part.", settings=(AUTHOR, URL, LICENCE)
)

PARTS = optional(
    "parts",
    rhythm.SLICES,
    "day",
    about="What goes out at once: a conference day, one session, or that many sessions.",
    example='"day"',
)
START = optional(
    "start",
    rhythm.START,
    "first-publish",
    about="When the first Part goes out: at the first publish, or on a date.",
    example='"2026-12-01"',
)
AT = optional("at", rhythm.CLOCK_TIME, "08:00", about="The time of day, in the publication's zone.", example='"08:00"')
EVERY = optional(
    "every",
    rhythm.EVERY,
    "day",
    about='The rhythm: `"day"`, `"weekday"`, weekdays as in `["mon", "thu"]`, `"original"` (as at the conference: '
    "each of its days begins at `at`, and Parts shorter than a day keep the hours between them where these are "
    'known), every so many days as in `"2d"`, or an interval as in `"90m"`, for which `at` does not count.',
    example='["mon", "thu"]',
)
SKIP = optional(
    "skip", kinds.DATES, [], about="Dates on which nothing goes out.", example='["2026-12-29", "2026-12-30"]'
)
CATCH_UP = optional(
    "catch_up",
    choice("all", "one"),
    "all",
    about="After an outage: every overdue Part at once, or one for each moment of the rhythm.",
    example='"all"',
)

CADENCE = Section(
    name="cadence",
    about="When the Parts go out.",
    settings=(PARTS, START, AT, EVERY, SKIP, CATCH_UP),
)
SERIALS = Section(
    name="serials",
    about="One recap replayed. NAME is its name in addresses: a-z, 0-9 and -, at most 40 of them.",
    settings=(RECAP, SERIAL_TITLE, SCHEDULE),
    sections=(ATTRIBUTION, CADENCE),
    shape="named",
)

TRANSPORT = optional(
    "transport",
    choice("folder", "smtp"),
    "folder",
    about="Into the folder `outbox`, or to a relay.",
    example='"folder"',
)
FROM = absent(
    "from",
    addresses.MAILBOX_KIND,
    about="Who sends: without it the publisher, by name and mail address. A relay needs one of the two. "
    "Without a name the publication's title stands before the address.",
    example='"Recaps <recaps@example.org>"',
)
REPLY_TO = absent("reply_to", addresses.MAILBOX_KIND, about="Where answers go.", example='"desk@example.org"')
BOUNCES = absent(
    "bounces",
    addresses.EMAIL,
    about="Where returned mail goes; each message gets a form of its own.",
    example='"bounces@example.org"',
)
IN_DOUBT = optional(
    "in_doubt",
    choice("resend", "hold"),
    "resend",
    about="What happens to a Delivery whose fate a crash left unknown.",
    example='"resend"',
)
LEASE = optional(
    "lease",
    rhythm.DURATION_KIND,
    "10m",
    about="After this long a claim belongs to nobody.",
    example='"10m"',
)
RETRY_FOR = optional(
    "retry_for",
    rhythm.DURATION_KIND,
    "3d",
    about='How long the far side\'s "later" is believed.',
    example='"3d"',
)

HOST = required("host", addresses.HOST_KIND, about="The relay.", example='"mail.example.org"')
PORT = optional("port", kinds.Kind(words="number", read=whole(1, 65535)), 587, about="Its port.", example="587")
SECURITY = optional(
    "security",
    addresses.SECURITY,
    "starttls",
    about='`"none"` is for relays on this machine only.',
    example='"starttls"',
)
USERNAME = absent(
    "username",
    kinds.FILLED,
    about="The password is `CNDDIGEST_SMTP_PASSWORD`, or in `password_file`.",
    example='"recaps"',
)
PASSWORD_FILE = absent("password_file", kinds.PATH, about="A file whose first line is the password.", example='"relay"')
CONNECTIONS = optional(
    "connections", kinds.Kind(words="number", read=whole(1, 1000)), 10, about="How many at the same time.", example="10"
)
RATE = absent("rate", rhythm.RATE_KIND, about="At most so many messages, all processes together.", example='"100/s"')
PER_DOMAIN = optional(
    "per_domain", rhythm.RATES, {}, about="The same for single domains.", example='{ "docomo.ne.jp" = "2/s" }'
)

SMTP = Section(
    name="smtp",
    about='The relay, for `transport = "smtp"`.',
    settings=(HOST, PORT, SECURITY, USERNAME, PASSWORD_FILE, CONNECTIONS, RATE, PER_DOMAIN),
)

DOMAIN = required("domain", addresses.HOST_KIND, about="The domain that signs.", example='"example.org"')
SELECTOR = required("selector", addresses.HOST_KIND, about="The name of the key in the DNS.", example='"s1"')
KEY_FILE = required("key_file", kinds.PATH, about="The private key, as PEM.", example='"dkim.pem"')

DKIM = Section(name="dkim", about="A key that signs; several may.", settings=(DOMAIN, SELECTOR, KEY_FILE), shape="list")
MAIL = Section(
    name="mail",
    about="How Issues are mailed. Without it, into the folder `outbox`.",
    settings=(TRANSPORT, FROM, REPLY_TO, BOUNCES, IN_DOUBT, LEASE, RETRY_FOR),
    sections=(SMTP, DKIM),
)

BIND = optional("bind", addresses.BIND, "127.0.0.1:8000", about="Where `serve` listens.", example='"127.0.0.1:8000"')
SECRET_FILE = optional(
    "secret_file",
    kinds.PATH,
    "secret",
    about="What links are signed with; a backup of the record needs it. `CNDDIGEST_SECRET` goes before it.",
    example='"secret"',
)
CLIENTS = optional(
    "connections",
    kinds.Kind(words="number", read=whole(10, 100_000)),
    2000,
    about="How many may be connected to `serve` at the same time; whoever comes then is asked to come again.",
    example="2000",
)
CLIENTS_OF_ONE = optional(
    "connections_of_one",
    kinds.Kind(words="number", read=whole(1, 100_000)),
    200,
    about=(
        "How many of them one IPv4 address, or one /64 of IPv6, may have. Who comes from this machine is not counted: "
        "a proxy there brings everybody. Where one comes from elsewhere, let it have as many as `connections`."
    ),
    example="200",
)
METRICS_TOKEN_FILE = absent(
    "metrics_token_file",
    kinds.PATH,
    about="A file whose first line lets somebody read `/metrics` from afar. `CNDDIGEST_METRICS_TOKEN` goes before it.",
    example='"metrics-token"',
)

ADMIN = optional(
    "admin",
    choice("read", "write"),
    "read",
    about="What the pages at `/admin/` may do: show, or change things too.",
    example='"read"',
)
ADMIN_PASSWORD_FILE = optional(
    "admin_password_file",
    kinds.PATH,
    "admin-password",
    about="Where `cnddigest admin-password` keeps what lets somebody from elsewhere see them. Without that file only "
    "this machine may.",
    example='"admin-password"',
)

HUBS = optional(
    "hubs",
    addresses.WEB_ADDRESSES,
    [],
    about="WebSub hubs that are told when a feed changed; the feeds name them.",
    example='["https://hub.example.org/"]',
)
HUB = optional(
    "hub",
    kinds.FLAG,
    False,
    about="Be a hub too, at `BASE_URL` and `hub`: `serve` takes subscriptions to the feeds and pushes what is new.",
    example="true",
)
HUB_PRIVATE = optional(
    "hub_private",
    kinds.FLAG,
    False,
    about="The hub may call machines of a private network too.",
    example="false",
)

PROVIDER = required(
    "provider",
    choice(*PROVIDERS),
    about="Who delivers the mail; `rfc822` is a relay of your own that pipes what came back.",
    example='"ses"',
)
HOOK_FILE = absent(
    "secret_file",
    kinds.PATH,
    about="What shows that a request is theirs: the signing key, the public key, the certificate or a password, "
    "as the provider has it. `CNDDIGEST_WEBHOOK_MAILGUN` goes before it, and so for every other name.",
    example='"sns.pem"',
)
TOPIC = absent(
    "topic",
    kinds.FILLED,
    about="For `ses`: the topic that SNS posts from.",
    example='"arn:aws:sns:us-east-1:123456789012:bounces"',
)

WEBHOOKS = Section(
    name="webhooks",
    about="Who may post to `/bounces` what could not be delivered; several may.",
    settings=(PROVIDER, HOOK_FILE, TOPIC),
    shape="list",
)
WEB = Section(
    name="web",
    about="What links are signed with, where the web server listens, and who is told of what is new.",
    settings=(
        BIND,
        SECRET_FILE,
        CLIENTS,
        CLIENTS_OF_ONE,
        METRICS_TOKEN_FILE,
        ADMIN,
        ADMIN_PASSWORD_FILE,
        HUBS,
        HUB,
        HUB_PRIVATE,
    ),
    sections=(WEBHOOKS,),
)

SCHEMA = Section(name="", about="", sections=(PUBLICATION, SERIALS, MAIL, WEB))
