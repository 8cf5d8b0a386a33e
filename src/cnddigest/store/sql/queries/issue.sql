-- name: open_issue
-- A Part released twice opens one Issue: the second finds it there.
insert into issue (kind, serial, run, part, queued_at) values ('issue', :serial, :run, :part, :now)
on conflict (serial, run, part) do nothing
returning id;

-- name: fan_out
-- The frozen audience: everybody who is active on this run now. Whether a person may be mailed is asked at the claim.
insert into delivery (issue, subscription, address, due_at, at, since)
select :issue, s.id, p.address, :now, :now, :now
from subscription as s indexed by subscription_by_serial
join subscriber as p on p.id = s.subscriber
where s.serial = :serial and s.status = 'active' and s.run = :run;

-- name: listeners
select count(*) from subscription indexed by subscription_by_serial
where serial = :serial and status = 'active' and run = :run;

-- name: open_confirmation
insert into issue (kind, serial, run, part, queued_at) values ('confirmation', :serial, :run, null, :now)
returning id;

-- name: queue_confirmation
insert into delivery (issue, subscription, address, due_at, at, since)
values (:issue, :subscription, :address, :now, :now, :now);

-- name: find_issue
select id from issue where serial = :serial and run = :run and part = :part;

-- name: issue
select kind, serial, run, part, queued_at from issue where id = :id;

-- name: issue_text
select subject, preheader, html, text from issue_text where issue = :id;

-- name: keep_issue_text
-- The first that is kept stays: two processes may render the same Issue at the same time.
insert into issue_text (issue, subject, preheader, html, text)
values (:id, :subject, :preheader, :html, :text) on conflict (issue) do nothing;
