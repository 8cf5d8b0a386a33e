-- name: take_lease
insert into lease (name, until) values (:lease, :until)
on conflict (name) do update set until = excluded.until
returning id;

-- name: renew
update lease set until = :until where name = :lease;

-- name: ended_leases
select id, substr(name, 1, length(:boot)) <> :boot from lease
where until < :now or substr(name, 1, length(:boot)) <> :boot;

-- name: held
select issue, subscription, address, status from delivery where lease = :lease;

-- name: drop_lease
delete from lease where id = :lease;

-- name: finish_lease
delete from lease where name = :lease and not exists (select 1 from delivery where lease = lease.id);
