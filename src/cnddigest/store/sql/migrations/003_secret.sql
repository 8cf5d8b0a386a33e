-- Every secret that was ever used with this record, by a keyed hash of a fixed word: whoever reads it learns nothing,
-- and a file with none of them is told from the right one.
create table secret (
    fingerprint text primary key not null
) strict, without rowid;
