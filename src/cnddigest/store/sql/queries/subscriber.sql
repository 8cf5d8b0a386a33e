-- name: subscriber
select id, address, key, name, language, created_at from subscriber where key = :key;

-- name: add_subscriber
insert into subscriber (address, key, name, language, created_at) values (:address, :key, :label, :language, :now)
returning id;

-- name: change_subscriber
update subscriber set name = :label, language = :language where id = :id;

-- name: drop_subscriber
delete from subscriber where id = :id;

-- name: subscription_of
select id, subscriber, serial, run, status, reason, position, replay, consent_at, consent_source, consent_text, asked_at,
    course, next_at
from subscription where subscriber = :subscriber and serial = :serial;

-- name: add_subscription
insert into subscription (subscriber, serial, run, status, reason, position, replay,
    consent_at, consent_source, consent_text, asked_at, course, next_at)
values (:subscriber, :serial, :run, :status, :reason, :position, :replay,
    :consent_at, :consent_source, :consent_text, :asked_at, :course, :next_at)
returning id;

-- name: change_subscription
update subscription set run = :run, status = :status, reason = :reason, position = :position, replay = :replay,
    consent_at = :consent_at, consent_source = :consent_source, consent_text = :consent_text, asked_at = :asked_at,
    course = :course, next_at = :next_at
where id = :id;

-- name: listener
select p.id, p.address, p.key, p.name, p.language, p.created_at, s.id, s.subscriber, s.serial, s.run, s.status,
    s.reason, s.position, s.replay, s.consent_at, s.consent_source, s.consent_text, s.asked_at, s.course, s.next_at,
    coalesce(x.reason, '')
from subscription as s
join subscriber as p on p.id = s.subscriber
left join suppression as x on x.key = p.key
where s.id = :id;

-- name: listeners_of
select p.id, p.address, p.key, p.name, p.language, p.created_at, s.id, s.subscriber, s.serial, s.run, s.status,
    s.reason, s.position, s.replay, s.consent_at, s.consent_source, s.consent_text, s.asked_at, s.course, s.next_at,
    coalesce(x.reason, '')
from subscriber as p
join subscription as s on s.subscriber = p.id
left join suppression as x on x.key = p.key
where p.key = :key
order by s.serial;

-- name: all_listeners
-- In the order in which they came.
select p.id, p.address, p.key, p.name, p.language, p.created_at, s.id, s.subscriber, s.serial, s.run, s.status,
    s.reason, s.position, s.replay, s.consent_at, s.consent_source, s.consent_text, s.asked_at, s.course, s.next_at,
    coalesce(x.reason, '')
from subscription as s
join subscriber as p on p.id = s.subscriber
left join suppression as x on x.key = p.key
where :serial is null or s.serial = :serial
order by s.id;

-- name: expired_subscriptions
update subscription indexed by subscription_pending set status = 'ended', reason = 'expired'
where status = 'pending' and asked_at <= :before;

-- name: subscription_counts
select serial, status, count(*) from subscription indexed by subscription_by_serial group by serial, status;

-- name: replay_counts
select serial, count(*) from subscription indexed by subscription_by_serial
where status = 'active' and run <> 'main' group by serial;

-- name: question_waits
-- A question that is still to leave. One that was queued before its address was suppressed never will, and the link of
-- one that is too old has ended.
select i.id from delivery as d indexed by delivery_by_subscription
join issue as i on i.id = d.issue
where d.subscription = :subscription and i.kind = 'confirmation' and i.queued_at > :since
    and (d.status in ('queued', 'deferred') or d.lease is not null)
    and not exists (select 1 from suppression as x where x.key = :key and x.at > i.queued_at)
limit 1;

-- name: times_asked
-- The moments at which an address was asked to confirm, for any Serial, since one.
select i.queued_at from subscription as s
join delivery as d indexed by delivery_by_subscription on d.subscription = s.id
join issue as i on i.id = d.issue
where s.subscriber = :subscriber and i.kind = 'confirmation' and i.queued_at > :since;
