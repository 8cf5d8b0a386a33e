-- name: shown_revision
select revision from shown where id = 1;

-- name: show_revision
update shown set revision = :revision where id = 1;

-- name: shelves
select serial, part, digest from shelf;

-- name: keep_shelf
insert into shelf (serial, part, digest) values (:serial, :part, :digest);

-- name: drop_shelf
delete from shelf where serial = :serial and part = :part;

-- name: shelved
select id, title, speakers, text from session where serial = :serial and part = :part;

-- name: drop_tokens
insert into token (token, rowid, title, speakers, text) values ('delete', :id, :title, :speakers, :text);

-- name: drop_shelved
delete from session where serial = :serial and part = :part;

-- name: keep_shelved
insert into session (serial, part, position, session_id, title, speakers, text)
values (:serial, :part, :position, :session_id, :title, :speakers, :text)
returning id;

-- name: keep_tokens
insert into token (rowid, title, speakers, text) values (:id, :title, :speakers, :text);

-- name: count_found
select count(*)
from token join session on session.id = token.rowid
where token match :wanted and session.serial in (select value from json_each(:serials));

-- name: find
-- A word in a title weighs as much as ten in the text, and a speaker's name as much as five. Texts are looked up for
-- those that are shown, after the sorting.
select session.serial, session.part, session.position, session.session_id, session.title, session.speakers, session.text
from (
    select session.id, session.serial, session.part, session.position, bm25(token, 10.0, 5.0, 1.0) as score
    from token join session on session.id = token.rowid
    where token match :wanted and session.serial in (select value from json_each(:serials))
    order by score, session.part desc, session.serial, session.position
    limit :count offset :first
) as best
join session on session.id = best.id
order by best.score, best.part desc, best.serial, best.position;
