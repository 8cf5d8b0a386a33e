-- name: build_state
select inputs, revision, built from publication;

-- name: remember_inputs
-- Here as everywhere: what is the same already is not written, and a transaction that wrote nothing flushes nothing.
update publication set inputs = :inputs where inputs <> :inputs;

-- name: move_revision
update publication set revision = revision + 1;

-- name: remember_revision
update publication set built = :built where built <> :built;
