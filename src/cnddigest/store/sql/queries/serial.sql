-- name: serial
select slug, tag, started_at, about from serial where slug = :slug;

-- name: all_serials
select slug, tag, started_at, about from serial order by slug;

-- name: keep_serial
-- The tag of the first time stands, and so does the start: entry ids and dates hang on them.
insert into serial (slug, tag, started_at, about) values (:slug, :tag, :started_at, :about)
on conflict (slug) do update set started_at = coalesce(started_at, excluded.started_at), about = excluded.about;

-- name: start_serial
update serial set started_at = :now where slug = :slug and started_at is null;
