-- name: due_replays
-- The index gives them in the order asked for, and holds nobody for whom nothing comes.
select s.id, s.serial, s.run, s.replay, s.course, s.next_at, p.address
from subscription as s indexed by subscription_by_next
join subscriber as p on p.id = s.subscriber
where s.next_at is not null and s.next_at <= :now
order by s.next_at, s.id
limit :count;

-- name: advance_replay
-- Nothing changes where somebody else was faster, or the person changed their mind, within the same second too.
update subscription set course = :course, position = :position, next_at = :next_at
where id = :id and next_at = :before and course = :had and replay = :wanted and run = :run and status = 'active';

-- name: open_replay_issue
insert into issue (kind, serial, run, part, queued_at) values ('issue', :serial, :run, :part, :now)
on conflict do nothing
returning id;

-- name: queue_replay
insert into delivery (issue, subscription, address, due_at, at, since)
values (:issue, :subscription, :address, :now, :now, :now);

-- name: wake_replays
-- Before more comes out, or comes at another moment: those who had all that was out are to be looked at again.
update subscription indexed by subscription_by_serial set next_at = 0
where serial = :serial and status = 'active' and run <> 'main' and course <> ''
    and position >= (
        select coalesce(max(number), 0) from part where serial = :serial and run = :run and released = 1
    )
    and json_extract(replay, '$.paused') = 0;

-- name: wake_repaced
-- The Serial's own pace or its conference's hours changed: whoever goes by one of them may be due sooner than was known.
update subscription indexed by subscription_by_serial set next_at = 0
where serial = :serial and status = 'active' and run <> 'main' and course <> ''
    and json_extract(replay, '$.paused') = 0
    and (
        json_extract(replay, '$.every') in ('', 'original')
        or json_extract(replay, '$.at') = '' or json_extract(replay, '$.timezone') = ''
    );

-- name: next_replay
select min(next_at) from subscription indexed by subscription_by_next where next_at is not null;

-- name: runs_of
-- One step in the index for each Part that was had; in ASCII `/` follows `.`.
select run from issue where serial = :serial and run = 'r' || :number
union all
select run from issue where serial = :serial and run >= 'r' || :number || '.' and run < 'r' || :number || '/';
