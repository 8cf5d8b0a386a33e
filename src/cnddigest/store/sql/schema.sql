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
-- sessions and search_size repeat table session for the totals'.
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
