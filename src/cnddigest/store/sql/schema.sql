-- The record as it stands after every migration. A new record is made by the migrations, never from this file:
-- it is here to be read, and a test holds the two together.
--
-- Instants are integers: microseconds since 1970 in UTC. Keys are spelled `not null` because SQLite lets a
-- primary key be null otherwise.

-- One row. The files follow the record: they are up to date when built = revision.
create table publication (
    id integer primary key not null check (id = 1),
    inputs text not null default '',
    revision integer not null default 0 check (revision >= 0),
    built integer not null default -1 check (built >= -1)
) strict;

-- tag begins every entry id, so it never changes once it is here.
create table serial (
    slug text primary key not null,
    tag text not null,
    started_at integer,
    about text not null
) strict, without rowid;

-- A Part without its text: lists and plans read only this, which is a tenth of the pages the text fills.
-- released repeats released_at for the index's sake (over a generated column SQLite 3.40 has no covering index);
-- sessions and search_size repeat table session for the totals'. planned_at is when the plan has a Part that comes, or
-- came, at another moment: brought forward by hand, or behind one that was. Null where it comes as planned.
create table part (
    serial text not null references serial (slug),
    run text not null,
    number integer not null check (number >= 1),
    title text not null,
    day text not null,
    release_at integer not null,
    released_at integer,
    updated_at integer not null,
    digest text not null check (length(digest) = 64),
    sessions integer not null check (sessions >= 0),
    search_size integer not null check (search_size >= 0),
    released integer not null default 0 check (released = (released_at is not null)),
    planned_at integer,
    primary key (serial, run, number)
) strict, without rowid;

-- Finds the next Part to release, and the last ones released, however many lie before them. Holds what the
-- totals add up, so that they never touch the table.
create index part_by_state on part (serial, run, released, number, sessions, search_size);

-- body is JSON of the Part, as values.to_json writes it. Rows are large, so this table keeps its rowid.
create table part_text (
    serial text not null,
    run text not null,
    number integer not null,
    body text not null,
    primary key (serial, run, number),
    foreign key (serial, run, number) references part (serial, run, number) on delete cascade
) strict;

-- position counts inside the Part, number through the whole recap. withdrawn: it vanished from the recap after
-- its release, and its Entry stays as it was. size is in bytes of UTF-8: what a search would have to hold.
-- released is the Part's, for the index.
create table session (
    serial text not null,
    run text not null,
    part integer not null,
    position integer not null check (position >= 1),
    id text not null,
    number integer not null,
    title text not null,
    published_at integer not null,
    updated_at integer not null,
    withdrawn integer not null check (withdrawn in (0, 1)),
    size integer not null check (size >= 0),
    released integer not null check (released in (0, 1)),
    primary key (serial, run, part, position),
    unique (serial, run, id),
    foreign key (serial, run, part) references part (serial, run, number) on delete cascade
) strict, without rowid;

-- The order in which sessions came out.
create index session_by_release on session (serial, run, released, published_at, part, position);

-- What we wrote into the output folder, and how it looked on disk afterwards.
create table file (
    path text primary key not null,
    key text not null,
    size integer not null,
    mtime_ns integer not null
) strict, without rowid;

-- Rendered texts. A cache: emptying it costs time and nothing else.
create table fragment (
    key text primary key not null,
    text text not null
) strict;

-- A person with an address. key is the address's normal form: two spellings of one mailbox are one person.
-- language is '' for the publication's. Numbers are never used again: an erased person's links stay dead.
create table subscriber (
    id integer primary key autoincrement,
    address text not null,
    key text not null unique,
    name text not null default '',
    language text not null default '',
    created_at integer not null
) strict;

-- A person's link to a Serial. run is 'main', or the Replay's own. reason says why it ended. asked_at is when it last
-- became pending, or began. replay is JSON of the Replay's settings, '' on the main run; course is JSON of how far it
-- has come, '' before it began; position counts its Parts, or those that a person had elsewhere. next_at is when it is
-- to be looked at again, null where nothing comes: paused, finished, ended.
create table subscription (
    id integer primary key autoincrement,
    subscriber integer not null references subscriber (id) on delete cascade,
    serial text not null,
    run text not null default 'main',
    status text not null check (status in ('pending', 'active', 'ended')),
    reason text not null default '' check ((reason = '') = (status <> 'ended')),
    position integer not null default 0 check (position >= 0),
    replay text not null default '',
    consent_at integer,
    consent_source text not null default '',
    consent_text text not null default '',
    asked_at integer not null,
    course text not null default '',
    next_at integer,
    unique (subscriber, serial)
) strict;

-- Finds a Serial's audience at a release, and those who never confirmed.
create index subscription_by_serial on subscription (serial, status, run);
create index subscription_pending on subscription (asked_at) where status = 'pending';

-- Holds only what is due one day, in the order in which it is.
create index subscription_by_next on subscription (next_at, id) where next_at is not null;

-- Whom not to mail, ever: by the address's normal form, or, once the person is erased, by a keyed hash of it.
create table suppression (
    key text primary key not null,
    reason text not null,
    at integer not null
) strict, without rowid;

-- Facts about returned mail; soft ones are counted over some days.
create table bounce (
    id integer primary key,
    key text not null,
    kind text not null check (kind in ('hard', 'soft', 'complaint')),
    code text not null default '',
    at integer not null,
    digest text not null unique
) strict;

create index bounce_by_key on bounce (key, at);

-- What is mailed, the same for everyone: a Part's Issue, or the message that asks one person to confirm.
create table issue (
    id integer primary key autoincrement,
    kind text not null check (kind in ('issue', 'confirmation')),
    serial text not null,
    run text not null,
    part integer check ((part is null) = (kind = 'confirmation')),
    queued_at integer not null,
    unique (serial, run, part)
) strict;

create index issue_by_serial on issue (serial, kind, part);

-- An Issue as everybody gets it, with slots for what is personal: rendered once, whoever sends it and whenever.
create table issue_text (
    issue integer primary key references issue (id),
    subject text not null,
    preheader text not null,
    html text not null,
    text text not null
) strict;

-- Who holds claims, until when. The name begins with the machine's boot: marks made before another one may be lost.
-- A row goes when nothing is held under it any more.
create table lease (
    id integer primary key autoincrement,
    name text not null unique,
    until integer not null
) strict;

-- One row per person and Issue, made in the transaction that releases the Part. address is frozen there.
-- at is when it got its status, since when the trying began: for so long "later" is believed. doubts counts the tries whose fate a crash or a silence left unknown.
-- subscription has no foreign key: the account outlives the person.
create table delivery (
    issue integer not null references issue (id),
    subscription integer not null,
    address text not null,
    status text not null default 'queued' check (
        status in ('queued', 'claimed', 'sending', 'deferred', 'sent', 'failed', 'bounced', 'suppressed', 'in_doubt')
    ),
    due_at integer not null,
    at integer not null,
    since integer not null,
    attempts integer not null default 0 check (attempts >= 0),
    doubts integer not null default 0 check (doubts >= 0),
    reply text not null default '',
    lease integer check ((lease is not null) = (status in ('claimed', 'sending'))),
    primary key (issue, subscription)
) strict, without rowid;

-- What may be claimed. An index that begins with the issue would lose to the primary key, and every claim would
-- walk over all that is sent. What is leased has no index: it would cost every message, and is asked for after a crash.
create index delivery_by_due on delivery (due_at, issue, subscription) where status in ('queued', 'deferred');
create index delivery_by_subscription on delivery (subscription);

-- The moves of delivery/model.py: whatever a program does, no other one happens.
create trigger delivery_moves before update of status on delivery
when case old.status
    when 'sending' then new.status not in ('sending', 'sent', 'queued', 'deferred', 'failed', 'in_doubt')
    when 'claimed' then
        new.status not in ('claimed', 'sending', 'queued', 'deferred', 'failed', 'suppressed', 'in_doubt')
    when 'queued' then new.status not in ('queued', 'claimed', 'suppressed')
    when 'deferred' then new.status not in ('deferred', 'claimed', 'queued', 'failed', 'suppressed')
    when 'sent' then new.status not in ('sent', 'bounced', 'queued')
    when 'failed' then new.status not in ('failed', 'queued', 'bounced')
    when 'bounced' then new.status not in ('bounced', 'queued')
    when 'in_doubt' then new.status not in ('in_doubt', 'queued', 'sent', 'bounced')
    else new.status <> 'suppressed'
end
begin
    select raise(abort, 'no such move of a delivery');
end;

-- How fast mail may leave: '' is the relay, else a domain. next_at is when the next message may; factor is the part
-- of the rate that the far side bears now, and changed_at when it was last changed.
create table pace (
    name text primary key not null,
    next_at integer not null default 0,
    factor real not null default 1.0 check (factor > 0 and factor <= 1),
    changed_at integer not null default 0
) strict, without rowid;

-- Every secret that was ever used with this record, by a keyed hash of a fixed word: whoever reads it learns nothing,
-- and a file with none of them is told from the right one.
create table secret (
    fingerprint text primary key not null
) strict, without rowid;

-- One row: which scheduler acts, and how it is. holder is '' when the last one ended in order; beats counts its signs
-- of life. lag is in microseconds: how late a knock found what was due. problem is the sentence a knock failed with.
create table watch (
    id integer primary key not null check (id = 1),
    holder text not null,
    beats integer not null default 0,
    until integer not null,
    knocked_at integer,
    next_at integer,
    lag integer not null default 0,
    problem text not null default ''
) strict;

-- How often strangers asked: one moment for each bucket that is not full. A name is a keyed hash.
create table bucket (
    name text primary key not null,
    free_at integer not null
) without rowid, strict;

create index bucket_by_moment on bucket (free_at);

-- Standing orders that the publisher took back: which, when, and in their own words why.
create table lifted (
    id integer primary key,
    key text not null,
    reason text not null,
    suppressed_at integer not null,
    at integer not null,
    why text not null
) strict;

create index lifted_by_key on lifted (key, at);

-- What a hub was told of a feed. told and tried are the mtime_ns of its file: it is due where the file is another one.
-- attempts counts the tries for `tried`; due_at is when the next may be made, null when there is none. A row that a
-- killed process claimed is due again by itself.
create table announcement (
    hub text not null,
    path text not null,
    told integer,
    tried integer,
    attempts integer not null default 0 check (attempts >= 0),
    due_at integer,
    problem text not null default '',
    primary key (hub, path)
) strict, without rowid;

-- Who has a feed pushed, by us as a hub, until when; the other columns are as above. secret signs what is pushed.
create table callback (
    id integer primary key autoincrement,
    path text not null,
    url text not null,
    host text not null,
    secret text not null default '',
    until integer not null,
    told integer,
    attempts integer not null default 0 check (attempts >= 0),
    due_at integer not null default 0,
    unique (path, url)
) strict;

create index callback_by_host on callback (host);
create index callback_by_until on callback (until);

-- What somebody wished in a callback's name, until the callback confirms it. due_at is null where it did not: the row
-- stays for an hour, so that nobody makes us call one host without end. lease is in seconds.
create table intent (
    path text not null,
    url text not null,
    host text not null,
    mode text not null check (mode in ('subscribe', 'unsubscribe')),
    lease integer not null,
    secret text not null,
    asked_at integer not null,
    attempts integer not null default 0 check (attempts >= 0),
    due_at integer,
    primary key (path, url)
) strict, without rowid;

create index intent_by_host on intent (host);

-- What the publisher wants of a Serial beyond its cadence; a row goes when nothing is wanted any more. held_at says
-- since when nothing comes out; eases, that after a hold what is overdue comes one by one; ahead is a Part that is to
-- come out at the next look.
create table will (
    serial text primary key not null,
    held_at integer,
    eases integer not null default 0 check (eases in (0, 1)),
    ahead integer
) strict, without rowid;

-- Who is logged in at /admin/. A name is a keyed hash of what their browser shows: the record lets nobody in.
create table admission (
    name text primary key not null,
    until integer not null
) strict, without rowid;

-- What was queued in a stretch of time, and who joined in one.
create index issue_by_moment on issue (queued_at);
create index subscription_by_moment on subscription (asked_at, status);

-- What did not simply go well: few, of however many are sent. Who may get something twice: fewer.
create index delivery_by_trouble on delivery (issue, status, subscription)
where status in ('deferred', 'failed', 'bounced', 'in_doubt', 'suppressed');
create index delivery_by_doubt on delivery (issue) where doubts > 0;
