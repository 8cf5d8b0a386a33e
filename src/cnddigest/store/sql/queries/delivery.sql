-- name: claimable
-- The index gives them in the order asked for and holds nothing that is done, so a claim costs the same first and
-- last. The last column says whom not to mail: they ended, they confirmed already, or they are suppressed. Asking
-- to confirm is the one thing that may still reach a suppressed address, if somebody asked for it afterwards. A
-- reminder, of the run `known`, is for who is subscribed, as an Issue is.
select d.issue, d.subscription, d.address, coalesce(p.name, ''), coalesce(p.language, ''), d.attempts, d.since,
    i.kind, i.serial, i.run, i.part, i.queued_at,
    s.status is null
    or s.status <> iif(i.run = 'confirm', 'pending', 'active')
    or (x.key is not null and (i.kind = 'issue' or x.at > i.queued_at))
from delivery as d indexed by delivery_by_due
join issue as i on i.id = d.issue
left join subscription as s on s.id = d.subscription
left join subscriber as p on p.id = s.subscriber
left join suppression as x on x.key = p.key
where d.status in ('queued', 'deferred') and d.due_at <= :now and (:serial is null or i.serial = :serial)
order by d.due_at, d.issue, d.subscription
limit :count;

-- name: claim
update delivery set status = 'claimed', lease = :lease, at = :now
where issue = :issue and subscription = :subscription;

-- name: suppress_delivery
update delivery set status = 'suppressed', at = :now where issue = :issue and subscription = :subscription;

-- name: begin
-- Nothing changes where the lease is lost: somebody else may have the Delivery by now.
update delivery set status = 'sending', at = ?
where issue = ? and subscription = ? and lease = ? and status = 'claimed';

-- name: settle
-- Also what was refused before its message began. By place rather than by name: it is run for every message.
update delivery set status = ?, at = ?, due_at = ?, attempts = attempts + ?, doubts = doubts + ?, reply = ?, lease = null
where issue = ? and subscription = ? and lease = ?;

-- name: put_back
-- What a process took and did not begin stands as it stood.
update delivery set status = iif(attempts > 0, 'deferred', 'queued'), at = :now, due_at = :due, lease = null
where issue = :issue and subscription = :subscription and lease = :lease and status = 'claimed';

-- name: release_claim
update delivery set status = iif(attempts > 0, 'deferred', 'queued'), at = :now, lease = null
where issue = :issue and subscription = :subscription and lease is not null;

-- name: doubt
update delivery set status = :status, at = :now, due_at = :now, attempts = attempts + 1, doubts = doubts + 1,
    reply = :reply, lease = null
where issue = :issue and subscription = :subscription and lease is not null;

-- name: found
update delivery set status = 'sent', at = :now, attempts = attempts + 1, reply = :reply, lease = null
where issue = :issue and subscription = :subscription and lease is not null;

-- name: waiting
-- What is queued, in an index that holds nothing else; and what is under way, if anybody holds anything.
select count(*) from (
    select issue from delivery indexed by delivery_by_due where status in ('queued', 'deferred')
    union all
    select issue from delivery where lease is not null and exists (select 1 from lease)
) as d
join issue as i on i.id = d.issue
where :serial is null or i.serial = :serial;

-- name: mail_waits
select exists (select 1 from delivery indexed by delivery_by_due where status in ('queued', 'deferred'))
    or exists (select 1 from lease);

-- name: next_due
select min(due_at) from delivery indexed by delivery_by_due where status in ('queued', 'deferred');

-- name: waiting_since
-- Of the thousand that are due first, whatever waits behind them. One that was tried waits since it is due again.
select min(waits) from (
    select iif(attempts > 0, due_at, since) as waits from delivery indexed by delivery_by_due
    where status in ('queued', 'deferred') and due_at <= :now order by due_at, issue, subscription limit 1000
);

-- name: deliveries
-- As a reader sees them: a claim is still queued, and one that began under a lease that ended is in doubt at once.
select i.kind, i.serial, i.run, i.part, d.issue, d.subscription, d.address,
    case
        when l.id is null then d.status
        when (l.until < :now or substr(l.name, 1, length(:boot)) <> :boot)
            and (d.status = 'sending' or substr(l.name, 1, length(:boot)) <> :boot) then 'in_doubt'
        when d.status = 'claimed' then 'queued'
        else 'sending'
    end as shown,
    d.attempts, d.doubts, d.at, d.reply
from issue as i
join delivery as d on d.issue = i.id
left join lease as l on l.id = d.lease
where (:serial is null or i.serial = :serial) and (:part is null or i.part = :part)
    and (:issues_only = 0 or i.kind = 'issue') and (:address is null or d.address = :address)
    and (:status is null or shown = :status) and (:missed = 0 or shown not in ('sent', 'suppressed'))
    and (:doubted = 0 or d.doubts > 0 or shown = 'in_doubt')
order by i.id, d.subscription;

-- name: deliveries_to
-- Whoever asks for all that is kept of them must not make us read what is kept of everybody.
select i.kind, i.serial, i.run, i.part, d.issue, d.subscription, d.address,
    case when d.status in ('claimed', 'sending') then 'queued' else d.status end,
    d.attempts, d.doubts, d.at, d.reply
from delivery as d indexed by delivery_by_subscription
join issue as i on i.id = d.issue
where d.subscription = :subscription
order by d.issue;

-- name: tally
select i.serial,
    case
        when l.id is null then d.status
        when (l.until < :now or substr(l.name, 1, length(:boot)) <> :boot)
            and (d.status = 'sending' or substr(l.name, 1, length(:boot)) <> :boot) then 'in_doubt'
        when d.status = 'claimed' then 'queued'
        else 'sending'
    end as shown,
    count(*)
from issue as i
join delivery as d on d.issue = i.id
left join lease as l on l.id = d.lease
where i.kind = 'issue'
group by i.serial, shown;

-- name: doubted
-- Who may have got an Issue, and is about to get it again. A cross join is walked in this order: few are in doubt, and
-- Issues are many.
select i.serial, count(*)
from delivery as d indexed by delivery_by_doubt
cross join issue as i on i.id = d.issue
where d.doubts > 0 and d.status in ('queued', 'deferred') and i.kind = 'issue'
group by i.serial;

-- name: requeue
-- Somebody asked for it by name; who left or is suppressed is not mailed for that. attempts begin anew: the time for believing "later" does too.
update delivery set status = 'queued', due_at = :now, at = :now, since = :now, attempts = 0, reply = ''
where issue = :issue and subscription = :subscription
    and status in ('sent', 'failed', 'bounced', 'in_doubt', 'deferred')
    and exists (
        select 1 from subscription as s
        join subscriber as p on p.id = s.subscriber
        left join suppression as x on x.key = p.key
        where s.id = :subscription and s.status = 'active' and x.key is null
    );

-- name: bounce_delivery
update delivery set status = 'bounced', at = :now, reply = :reply
where issue = :issue and subscription = :subscription and status in ('sent', 'failed', 'in_doubt');

-- name: scrub_deliveries
update delivery set address = '', reply = '' where subscription = :subscription;

-- name: scrub_address
update delivery set address = '', reply = '' where address = :address;
