-- What a list of requests shows and filters by beside the bill: who served, how it ended, how many tokens, and when the
-- row last changed, by which a live stream follows. Null in rows of older versions: not known.
ALTER TABLE request_logs ADD COLUMN model_served TEXT;
ALTER TABLE request_logs ADD COLUMN finish_reason TEXT;
ALTER TABLE request_logs ADD COLUMN input_tokens BIGINT;
ALTER TABLE request_logs ADD COLUMN cache_read_tokens BIGINT;
ALTER TABLE request_logs ADD COLUMN cache_write_tokens BIGINT;
ALTER TABLE request_logs ADD COLUMN output_tokens BIGINT;
ALTER TABLE request_logs ADD COLUMN reasoning_tokens BIGINT;
ALTER TABLE request_logs ADD COLUMN changed_at TIMESTAMPTZ;

CREATE INDEX request_logs_of_team ON request_logs (key_team, occurred_at, request_id) WHERE key_team IS NOT NULL;
CREATE INDEX request_logs_of_owner ON request_logs (key_owner, occurred_at, request_id) WHERE key_owner IS NOT NULL;
CREATE INDEX request_logs_served_by ON request_logs (model_served, occurred_at, request_id)
    WHERE model_served IS NOT NULL;
CREATE INDEX request_logs_with_error ON request_logs (occurred_at, request_id)
    WHERE error_origin IS NOT NULL OR http_status >= 400;
CREATE INDEX request_logs_of_caller ON request_logs (caller_request_id text_pattern_ops, occurred_at, request_id)
    WHERE caller_request_id IS NOT NULL;
CREATE INDEX request_logs_changed ON request_logs (changed_at, request_id) WHERE changed_at IS NOT NULL;

-- Speed, and what caching saved. Of older buckets with cached tokens the latter is not known.
CREATE TABLE rollup_extras (
    bucket              TIMESTAMPTZ NOT NULL,
    writer              UUID NOT NULL,
    key_id              UUID NOT NULL,
    team                TEXT NOT NULL,
    upstream_id         UUID NOT NULL,
    model               TEXT NOT NULL,
    timed_output_tokens BIGINT NOT NULL,
    generation_us       BIGINT NOT NULL,
    cache_saved_cost    NUMERIC NOT NULL,
    cache_known         BIGINT NOT NULL,
    cache_unknown       BIGINT NOT NULL,
    PRIMARY KEY (bucket, writer, key_id, team, upstream_id, model)
);
INSERT INTO rollup_extras
    SELECT bucket, writer, key_id, team, upstream_id, model, 0, 0, 0, 0, attempts FROM rollups
    WHERE cache_read_tokens > 0 OR cache_write_tokens > 0;

-- Finished requests by how they ended. The class is the first digit of the status; the origin is empty where there was
-- no error, the upstream all zeros where nothing was sent.
CREATE TABLE request_rollups (
    bucket       TIMESTAMPTZ NOT NULL,
    writer       UUID NOT NULL,
    key_id       UUID NOT NULL,
    team         TEXT NOT NULL,
    upstream_id  UUID NOT NULL,
    model        TEXT NOT NULL,
    error_origin TEXT NOT NULL,
    status_class INTEGER NOT NULL,
    requests     BIGINT NOT NULL,
    PRIMARY KEY (bucket, writer, key_id, team, upstream_id, model, error_origin, status_class)
);
