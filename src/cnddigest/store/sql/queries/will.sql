-- name: will
select held_at, eases, ahead from will where serial = :serial;

-- name: keep_will
insert into will (serial, held_at, eases, ahead) values (:serial, :held_at, :eases, :ahead)
on conflict (serial) do update set held_at = excluded.held_at, eases = excluded.eases, ahead = excluded.ahead;

-- name: drop_will
delete from will where serial = :serial;
