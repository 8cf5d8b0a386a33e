-- name: mail_between
-- How many Deliveries there are of what was queued in a stretch of time, and how many are sent: a million rows are
-- walked once, with one question for each.
select count(*), coalesce(sum(d.status = 'sent'), 0)
from issue as i indexed by issue_by_moment
join delivery as d on d.issue = i.id
where i.queued_at >= :since and i.queued_at < :until and i.kind = 'issue';

-- name: troubles_between
-- The others of them, as far as they do not wait.
select d.status, count(*)
from issue as i indexed by issue_by_moment
join delivery as d indexed by delivery_by_trouble on d.issue = i.id
where d.status in ('deferred', 'failed', 'bounced', 'in_doubt', 'suppressed')
    and i.queued_at >= :since and i.queued_at < :until and i.kind = 'issue'
group by d.status;

-- name: fallen_between
-- Those that are in doubt though no row says so: they began under a lease that ended. Asked only where there is one.
select count(*)
from issue as i indexed by issue_by_moment
join delivery as d on d.issue = i.id
join lease as l on l.id = d.lease
where i.queued_at >= :since and i.queued_at < :until and i.kind = 'issue'
    and (l.until < :now or substr(l.name, 1, length(:boot)) <> :boot)
    and (d.status = 'sending' or substr(l.name, 1, length(:boot)) <> :boot);

-- name: mail_of_part
-- The Deliveries of a Part in the public run: one Issue, and each person once.
select count(*), coalesce(sum(d.status = 'sent'), 0)
from issue as i indexed by issue_by_serial
join delivery as d on d.issue = i.id
where i.serial = :serial and i.kind = 'issue' and i.part = :part and i.run = 'main';

-- name: troubles_of_part
select d.status, count(*)
from issue as i indexed by issue_by_serial
join delivery as d indexed by delivery_by_trouble on d.issue = i.id
where d.status in ('deferred', 'failed', 'bounced', 'in_doubt', 'suppressed')
    and i.serial = :serial and i.kind = 'issue' and i.part = :part and i.run = 'main'
group by d.status;

-- name: fallen_of_part
select count(*)
from issue as i indexed by issue_by_serial
join delivery as d on d.issue = i.id
join lease as l on l.id = d.lease
where i.serial = :serial and i.kind = 'issue' and i.part = :part and i.run = 'main'
    and (l.until < :now or substr(l.name, 1, length(:boot)) <> :boot)
    and (d.status = 'sending' or substr(l.name, 1, length(:boot)) <> :boot);

-- name: people_of_replays
-- Everybody who had a Part at their own pace, once: each run has an Issue of its own, and who began anew has several, of
-- which the last one counts. SQLite takes the other columns from the row of max().
select shown, count(*)
from (
    select
        max(i.id),
        case
            when (l.until < :now or substr(l.name, 1, length(:boot)) <> :boot)
                and (d.status = 'sending' or substr(l.name, 1, length(:boot)) <> :boot)
            then 'in_doubt' else d.status
        end as shown
    from issue as i indexed by issue_by_serial
    join delivery as d on d.issue = i.id
    left join lease as l on l.id = d.lease
    where i.serial = :serial and i.kind = 'issue' and i.part = :part and i.run <> 'main'
    group by d.subscription
) as person
group by shown;

-- name: joined_between
select count(*) from subscription indexed by subscription_by_moment where asked_at >= :since and asked_at < :until;

-- name: troubles
-- Walks an index that holds nothing that went well.
select i.serial, i.part, d.status, sum(d.number)
from (
    select issue, status, count(*) as number from delivery indexed by delivery_by_trouble
    where status in ('deferred', 'failed', 'bounced', 'in_doubt', 'suppressed')
    group by issue, status
) as d
join issue as i on i.id = d.issue
where i.kind = 'issue'
group by i.serial, i.part, d.status;

-- name: troubled
-- The Issues of a Part by number, as their index has them, and the Deliveries of each by Subscription.
select d.issue, d.subscription, i.run, d.address, d.attempts, d.at, d.reply
from issue as i indexed by issue_by_serial
cross join delivery as d indexed by delivery_by_trouble on d.issue = i.id
where d.status in ('deferred', 'failed', 'bounced', 'in_doubt', 'suppressed') and d.status = :status
    and i.serial = :serial and i.kind = 'issue' and i.part = :part and i.id >= :issue
    and (i.id > :issue or d.subscription > :last)
order by i.id, d.subscription
limit :count;

-- name: late_bounces
-- The last ones first; numbers grow with time.
select id, key, kind, code, at from bounce where id < :before order by id desc limit :count;

-- name: letters_of
-- What one Subscription was sent last.
select i.kind, i.run, i.part, d.status, d.attempts, d.at, d.reply
from delivery as d indexed by delivery_by_subscription
join issue as i on i.id = d.issue
where d.subscription = :subscription
order by d.issue desc
limit :count;
