-- name: fragments
-- :keys is a JSON list; each is looked up by the primary key.
select f.key, f.text from json_each(:keys) as wanted cross join fragment as f on f.key = wanted.value;

-- name: keep_fragment
insert into fragment (key, text) values (:key, :text)
on conflict do update set text = excluded.text where text <> excluded.text;

-- name: fragment_keys
-- From the key's index: the texts are not read.
select key from fragment;

-- name: drop_fragment
delete from fragment where key = :key;
