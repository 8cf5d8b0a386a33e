-- The index that a search looks into, in a file of its own beside the record. It is made from the record and can be
-- thrown away: it has no migrations, another version of it is another file's worth of work.

-- One row: which revision of the record it shows.
create table shown (
    id integer primary key not null check (id = 1),
    revision integer not null
) strict;

insert into shown values (1, -1);

-- The Parts that are in it; digest is the record's.
create table shelf (
    serial text not null,
    part integer not null,
    digest text not null,
    primary key (serial, part)
) strict, without rowid;

-- Sessions as their authors wrote them: speakers one a line.
create table session (
    id integer primary key not null,
    serial text not null,
    part integer not null,
    position integer not null,
    session_id text not null,
    title text not null,
    speakers text not null,
    text text not null,
    unique (serial, part, position)
) strict;

-- The same as tokens with blanks between them. It keeps no text of its own, so whoever deletes a row has to say once
-- more what stood in it; `ascii` takes every character beyond ASCII for a letter, and cuts at blanks alone. prefix: for a single
-- character of a script without spaces, which stands in most Sessions.
create virtual table token using fts5 (
    title, speakers, text,
    content = '', prefix = '1', tokenize = "ascii tokenchars '+#'"
);
