-- How far a person's own run has come, as JSON, '' before it began and on the main run.
alter table subscription add column course text not null default '';

-- When a run is to be looked at again: at its next Part, or sooner. Null where nothing comes: paused, finished, ended.
alter table subscription add column next_at integer;

-- Holds only what is due one day, in the order in which it is.
create index subscription_by_next on subscription (next_at, id) where next_at is not null;
