-- name: hold_watch
-- One statement, so that of two that come at once one gets it. A clock may have been set: a count that stood still
-- says that its holder is gone whatever `until` says.
insert into watch (id, holder, beats, until) values (1, :holder, 1, :until)
on conflict (id) do update set holder = excluded.holder, beats = beats + 1, until = excluded.until
where holder in ('', excluded.holder) or until < :now or beats = :still;

-- name: keep_knock
update watch set knocked_at = :knocked_at, next_at = :next_at, lag = :lag, problem = :problem
where id = 1 and holder = :holder;

-- name: leave_watch
update watch set holder = '' where id = 1 and holder = :holder;

-- name: watch
select holder, beats, until, knocked_at, next_at, lag, problem from watch where id = 1;
