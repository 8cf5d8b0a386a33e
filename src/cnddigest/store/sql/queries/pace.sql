-- name: pace
select next_at, factor, changed_at from pace where name = :pace;

-- name: keep_pace
insert into pace (name, next_at, factor, changed_at) values (:pace, :next_at, :factor, :changed_at)
on conflict (name) do update set
    next_at = excluded.next_at, factor = excluded.factor, changed_at = excluded.changed_at;

-- name: paced
select name from pace;
