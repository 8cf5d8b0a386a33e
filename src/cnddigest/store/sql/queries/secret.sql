-- name: fingerprints
select fingerprint from secret;

-- name: keep_fingerprint
insert into secret (fingerprint) values (:fingerprint) on conflict (fingerprint) do nothing;
