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
