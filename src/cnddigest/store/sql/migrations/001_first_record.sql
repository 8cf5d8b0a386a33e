-- The first record; schema.sql says what each table is for.

create table publication (
    id integer primary key not null check (id = 1),
    inputs text not null default '',
    revision integer not null default 0 check (revision >= 0),
    built integer not null default -1 check (built >= -1)
) strict;

create table serial (
    slug text primary key not null,
    tag text not null,
    started_at integer,
    about text not null
) strict, without rowid;

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

create index part_by_state on part (serial, run, released, number, sessions, search_size);

create table part_text (
    serial text not null,
    run text not null,
    number integer not null,
    body text not null,
    primary key (serial, run, number),
    foreign key (serial, run, number) references part (serial, run, number) on delete cascade
) strict;

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

create index session_by_release on session (serial, run, released, published_at, part, position);

create table file (
    path text primary key not null,
    key text not null,
    size integer not null,
    mtime_ns integer not null
) strict, without rowid;

create table fragment (
    key text primary key not null,
    text text not null
) strict;

insert into publication (id) values (1);
