-- Keys: the token before the current one, accepted until a moment, and what a key may use (JSON lists; NULL: everything).
ALTER TABLE api_keys ADD COLUMN retiring_hash BLOB;
ALTER TABLE api_keys ADD COLUMN retiring_hint TEXT;
ALTER TABLE api_keys ADD COLUMN retiring_until INTEGER;
ALTER TABLE api_keys ADD COLUMN rotated_at INTEGER;
ALTER TABLE api_keys ADD COLUMN granted_upstreams TEXT;
ALTER TABLE api_keys ADD COLUMN granted_models TEXT;

-- Jobs whose schedule an operator has paused, on all replicas.
CREATE TABLE job_pauses (
    job       TEXT PRIMARY KEY,
    paused_at INTEGER NOT NULL,
    paused_by TEXT NOT NULL
) STRICT;

-- What came of the latest runs; older ones are removed when a new one begins.
CREATE TABLE job_runs (
    id         BLOB PRIMARY KEY,
    job        TEXT NOT NULL,
    cause      TEXT NOT NULL,
    author     TEXT NOT NULL,
    holder     BLOB NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER,
    outcome    TEXT,
    detail     TEXT
) STRICT;
CREATE INDEX job_runs_of_job ON job_runs (job, id);

-- Sums of single keys and upstreams.
CREATE INDEX rollups_of_key ON rollups (key_id, bucket);
CREATE INDEX rollups_of_upstream ON rollups (upstream_id, bucket);
