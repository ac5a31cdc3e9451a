-- Keys: the token before the current one, accepted until a moment, and what a key may use (JSON lists; NULL: everything).
ALTER TABLE api_keys ADD COLUMN retiring_hash BYTEA;
ALTER TABLE api_keys ADD COLUMN retiring_hint TEXT;
ALTER TABLE api_keys ADD COLUMN retiring_until TIMESTAMPTZ;
ALTER TABLE api_keys ADD COLUMN rotated_at TIMESTAMPTZ;
ALTER TABLE api_keys ADD COLUMN granted_upstreams TEXT;
ALTER TABLE api_keys ADD COLUMN granted_models TEXT;

-- Jobs whose schedule an operator has paused, on all replicas.
CREATE TABLE job_pauses (
    job       TEXT PRIMARY KEY,
    paused_at TIMESTAMPTZ NOT NULL,
    paused_by TEXT NOT NULL
);

-- What came of the latest runs; older ones are removed when a new one begins.
CREATE TABLE job_runs (
    id         UUID PRIMARY KEY,
    job        TEXT NOT NULL,
    cause      TEXT NOT NULL,
    author     TEXT NOT NULL,
    holder     UUID NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    ended_at   TIMESTAMPTZ,
    outcome    TEXT,
    detail     TEXT
);
CREATE INDEX job_runs_of_job ON job_runs (job, id);

-- Sums of single keys and upstreams.
CREATE INDEX rollups_of_key ON rollups (key_id, bucket);
CREATE INDEX rollups_of_upstream ON rollups (upstream_id, bucket);
