-- name: all_files
select path, key, size, mtime_ns from file;

-- name: count_files
select count(*) from file;

-- name: slice_of_files
-- The key is the path, so the rows before the slice are walked over in order; none is sorted.
select path, key, size, mtime_ns from file order by path limit :count offset :first;

-- name: file
select path, key, size, mtime_ns from file where path = ?;

-- name: keep_file
insert into file (path, key, size, mtime_ns) values (:path, :key, :size, :mtime_ns)
on conflict do update set key = excluded.key, size = excluded.size, mtime_ns = excluded.mtime_ns
where (key, size, mtime_ns) <> (excluded.key, excluded.size, excluded.mtime_ns);

-- name: forget_file
delete from file where path = :path;
