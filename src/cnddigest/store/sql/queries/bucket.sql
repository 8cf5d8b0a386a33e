-- name: bucket
select free_at from bucket where name = :of;

-- name: keep_bucket
insert into bucket (name, free_at) values (:of, :free_at) on conflict (name) do update set free_at = excluded.free_at;

-- name: forget_full_buckets
-- A few at a time: more are forgotten than come, so the table stays as small as the crowd of the last hours.
delete from bucket where name in (select name from bucket where free_at <= :now order by free_at limit 8);
