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
select d.issue, d.subscription, d.address, d.status, i.kind, i.serial, i.run, i.part, i.queued_at
from delivery as d
join issue as i on i.id = d.issue
where d.lease = :lease and (:serial is null or i.serial = :serial);

-- name: drop_lease
delete from lease where id = :lease and not exists (select 1 from delivery where lease = :lease);

-- name: finish_lease
delete from lease where name = :lease and not exists (select 1 from delivery where lease = lease.id);
