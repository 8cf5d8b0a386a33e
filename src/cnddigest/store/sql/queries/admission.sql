-- name: admit
insert into admission (name, until) values (:of, :until);

-- name: admitted
select until from admission where name = :of and until > :now;

-- name: dismiss
delete from admission where name = :of;

-- name: dismiss_late
-- A handful of rows: one for each browser that logged in since half a day.
delete from admission where until <= :now;
