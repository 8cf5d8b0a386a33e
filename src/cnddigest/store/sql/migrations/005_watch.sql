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
