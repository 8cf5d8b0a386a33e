-- name: suppression
select key, reason, at from suppression where key = :key;

-- name: suppress
-- The first order stays, with its reason.
insert into suppression (key, reason, at) values (:key, :reason, :now) on conflict (key) do nothing;

-- name: lift
delete from suppression where key = :key;

-- name: note_lift
insert into lifted (key, reason, suppressed_at, at, why) values (:key, :reason, :suppressed_at, :now, :why);

-- name: lifted
select reason, suppressed_at, at, why from lifted where key = :key order by at, id;

-- name: forget_lifted
delete from lifted where key = :key;

-- name: suppressions
select key, reason, at from suppression order by key;

-- name: note_bounce
-- The same returned message read twice is one fact.
insert into bounce (key, kind, code, at, digest) values (:key, :kind, :code, :at, :digest)
on conflict (digest) do nothing;

-- name: bounces
select kind, code, at from bounce indexed by bounce_by_key where key = :key order by at;

-- name: set_bounces_aside
-- They count against nobody any more; what stays says that these messages were read, should they come again.
update bounce set key = '' where key = :key;

-- name: forget_bounces
delete from bounce where key = :key;

-- name: erased_suppressions
-- What begins with "hmac:"; the semicolon follows the colon.
select key, reason, at from suppression where key >= 'hmac:' and key < 'hmac;';
