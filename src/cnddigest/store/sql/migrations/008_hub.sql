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
