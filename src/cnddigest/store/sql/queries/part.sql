-- name: headlines
-- `left join` keeps a Part without sessions. Both tables lie in the order asked for: no sorting.
select p.serial, p.run, p.number, p.title, p.day, p.release_at, p.released_at, p.updated_at, p.digest,
    p.planned_at,
    s.id, s.number, s.title, s.published_at, s.updated_at, s.withdrawn, s.size
from part as p
left join session as s on s.serial = p.serial and s.run = p.run and s.part = p.number
where p.serial = :serial and p.run = :run and p.number between :first and :last
order by p.number, s.position;

-- name: headlines_in_state
-- The same through part_by_state: the first unreleased Part is found without passing the released ones.
select p.serial, p.run, p.number, p.title, p.day, p.release_at, p.released_at, p.updated_at, p.digest,
    p.planned_at,
    s.id, s.number, s.title, s.published_at, s.updated_at, s.withdrawn, s.size
from part as p indexed by part_by_state
left join session as s on s.serial = p.serial and s.run = p.run and s.part = p.number
where p.serial = :serial and p.run = :run and p.released = :released and p.number between :first and :last
order by p.number, s.position;

-- name: totals
-- Adds up part_by_state and touches no table.
select count(*), coalesce(sum(released), 0), coalesce(sum(sessions), 0),
    coalesce(sum(sessions * released), 0), coalesce(sum(search_size * released), 0)
from part indexed by part_by_state
where serial = :serial and run = :run;

-- name: released
select released from part where serial = :serial and run = :run and number = :number;

-- name: texts
select number, body from part_text where serial = :serial and run = :run order by number;

-- name: text
select body from part_text where serial = :serial and run = :run and number = :number;

-- name: drop_planned
delete from part where serial = :serial and run = :run and released = 0;

-- name: plan_part
insert into part (serial, run, number, title, day, release_at, updated_at, digest, sessions, search_size, planned_at)
values (
    :serial, :run, :number, :title, :day, :release_at, :updated_at, :digest, :sessions, :search_size, :planned_at
)
on conflict do nothing;

-- name: edit_part
-- Of a Part that is out: those that are not have just been dropped. An edit changes neither released_at nor
-- planned_at.
update part set title = :title, day = :day, release_at = :release_at, updated_at = :updated_at, digest = :digest,
    sessions = :sessions, search_size = :search_size
where serial = :serial and run = :run and number = :number;

-- name: retime_part
update part set release_at = :release_at, released_at = :released_at, released = :released_at is not null,
    updated_at = :updated_at, digest = :digest, planned_at = :planned_at
where serial = :serial and run = :run and number = :number;

-- name: keep_text
insert into part_text (serial, run, number, body) values (:serial, :run, :number, :body)
on conflict do update set body = excluded.body;
