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
