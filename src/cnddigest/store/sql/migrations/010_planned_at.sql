-- When the plan has a Part that comes, or came, at another moment: brought forward by hand, or behind one that was.
-- Null where it comes as planned. The Parts that follow are counted from it.
alter table part add column planned_at integer;
