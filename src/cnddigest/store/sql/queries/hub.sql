-- name: due_announcements
-- :paths is a JSON list. A clock that was set back must not let a feed wait for longer than it ever does: :horizon.
select f.path, f.mtime_ns, iif(a.tried = f.mtime_ns, a.attempts, 0) + 1
from json_each(:paths) as wanted
cross join file as f on f.path = wanted.value
left join announcement as a on a.hub = :hub and a.path = f.path
where a.told is not f.mtime_ns and (a.tried is not f.mtime_ns or a.due_at <= :now or a.due_at > :horizon)
limit :limit;

-- name: claim_announcement
insert into announcement (hub, path, tried, attempts, due_at) values (:hub, :path, :mark, :attempts, :until)
on conflict do update set tried = excluded.tried, attempts = excluded.attempts, due_at = excluded.due_at;

-- name: forget_hubs
delete from announcement where hub not in (select value from json_each(:hubs));

-- name: keep_announced
update announcement set told = :mark, problem = '' where hub = :hub and path = :path;

-- name: keep_not_announced
update announcement set due_at = :due_at, problem = :problem where hub = :hub and path = :path and tried = :mark;

-- name: failing_hubs
select a.hub, count(*), max(a.problem), min(a.due_at is null)
from json_each(:hubs) as wanted
cross join announcement as a on a.hub = wanted.value
cross join file as f on f.path = a.path
where a.problem <> ''
group by wanted.key;

-- name: waiting_hubs
select hub.value, count(*)
from json_each(:hubs) as hub
cross join json_each(:paths) as wanted
cross join file as f on f.path = wanted.value
left join announcement as a on a.hub = hub.value and a.path = f.path
where a.told is not f.mtime_ns
group by hub.key;

-- name: callback
select id from callback where path = :path and url = :url;

-- name: intent
select attempts from intent where path = :path and url = :url;

-- name: count_of_host
select (select count(*) from callback where host = :host), (select count(*) from intent where host = :host);

-- name: count_of_hub
select (select count(*) from callback), (select count(*) from intent);

-- name: keep_intent
insert into intent (path, url, host, mode, lease, secret, asked_at, due_at)
values (:path, :url, :host, :mode, :lease, :secret, :now, :now)
on conflict do update set
    mode = excluded.mode, lease = excluded.lease, secret = excluded.secret, due_at = excluded.due_at;

-- name: sweep_intents
delete from intent where due_at is null and (asked_at <= :before or asked_at > :now);

-- name: due_intents
select mode, path, url, host, lease, secret, attempts + 1 from intent
where due_at <= :now or due_at > :horizon limit :limit;

-- name: claim_intent
update intent set attempts = :attempts, due_at = :until where path = :path and url = :url;

-- name: drop_intent
-- Only the very wish: another one may have taken its place meanwhile.
delete from intent where path = :path and url = :url and mode = :mode and lease = :lease and secret = :secret;

-- name: postpone_intent
update intent set due_at = :due_at
where path = :path and url = :url and mode = :mode and lease = :lease and secret = :secret;

-- name: keep_callback
-- The file that is there now counts as told: whoever asks has just read it.
insert into callback (path, url, host, secret, until, told)
values (:path, :url, :host, :secret, :until, (select mtime_ns from file where path = :path))
on conflict do update set secret = excluded.secret, until = excluded.until, attempts = 0, due_at = 0;

-- name: end_callback
delete from callback where path = :path and url = :url;

-- name: sweep_callbacks
delete from callback where until <= :now;

-- name: due_callbacks
select c.id, c.path, c.url, c.secret, f.mtime_ns, c.attempts + 1
from json_each(:paths) as wanted
cross join file as f on f.path = wanted.value
cross join callback as c on c.path = f.path
where c.told is not f.mtime_ns and (c.due_at <= :now or c.due_at > :horizon)
limit :limit;

-- name: claim_callback
update callback set attempts = :attempts, due_at = :until where id = :id;

-- name: keep_pushed
update callback set told = :mark, attempts = 0, due_at = 0 where id = :id;

-- name: postpone_callback
update callback set due_at = :due_at where id = :id;

-- name: drop_callback
delete from callback where id = :id;
