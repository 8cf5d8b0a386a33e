-- How often strangers asked: one moment for each bucket that is not full. A name is a keyed hash.
create table bucket (
    name text primary key not null,
    free_at integer not null
) without rowid, strict;

create index bucket_by_moment on bucket (free_at);
