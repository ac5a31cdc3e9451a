-- The base schema. Money is NUMERIC in USD; request logs and the ledger are range-partitioned on their
-- UUIDv7 key, whose first 48 bits are milliseconds, so that month bounds are UUID bounds. Partitions are made
-- ahead by the gateway; rows in a default partition raise an alarm.
-- Ledger, logs and rollups hold no foreign keys: what they refer to may be gone.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
-- The oldest migration a binary must know to work on this schema. A migration that an older binary cannot
-- live with raises it to its own number.
INSERT INTO meta (name, value) VALUES ('oldest_compatible', '0001');

-- Counters that move with every change; locking the row puts changes in one order, so that a version is never
-- visible before a lower one.
CREATE TABLE config_version (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    config   BIGINT NOT NULL,
    prices   BIGINT NOT NULL
);
INSERT INTO config_version (only_row, config, prices) VALUES (1, 0, 0);

CREATE TABLE admin_tokens (
    id         UUID PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    token_hash BYTEA NOT NULL,
    role       TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX admin_tokens_token_hash ON admin_tokens (token_hash);

CREATE TABLE upstreams (
    id                     UUID PRIMARY KEY,
    name                   TEXT NOT NULL,
    provider               TEXT NOT NULL,
    protocols              TEXT NOT NULL,
    base_url               TEXT NOT NULL,
    account_label          TEXT,
    sealed_credential      TEXT,
    credential_fingerprint TEXT,
    priority               INTEGER NOT NULL,
    weight                 INTEGER NOT NULL,
    models                 TEXT NOT NULL,
    bill_by                TEXT NOT NULL,
    reported_cost          TEXT NOT NULL,
    input_multiplier       NUMERIC NOT NULL DEFAULT 1,
    output_multiplier      NUMERIC NOT NULL DEFAULT 1,
    allow_free             BOOLEAN NOT NULL DEFAULT FALSE,
    enabled                BOOLEAN NOT NULL,
    created_at             TIMESTAMPTZ NOT NULL,
    updated_at             TIMESTAMPTZ NOT NULL,
    updated_by             TEXT NOT NULL,
    deleted_at             TIMESTAMPTZ,
    revision               BIGINT NOT NULL
);
CREATE UNIQUE INDEX upstreams_living_name ON upstreams (name) WHERE deleted_at IS NULL;

CREATE TABLE api_keys (
    id         UUID PRIMARY KEY,
    name       TEXT NOT NULL,
    token_hash BYTEA,
    token_hint TEXT NOT NULL,
    owner      TEXT,
    team       TEXT,
    tags       TEXT NOT NULL,
    enabled    BOOLEAN NOT NULL,
    expires_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    updated_by TEXT NOT NULL,
    deleted_at TIMESTAMPTZ,
    revision   BIGINT NOT NULL
);
CREATE UNIQUE INDEX api_keys_living_name ON api_keys (name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX api_keys_token_hash ON api_keys (token_hash);

-- The price book. Nothing in it is updated in place but the end of a version's validity.
CREATE TABLE rate_cards (
    card_id BYTEA PRIMARY KEY,
    body    TEXT NOT NULL
);

CREATE TABLE price_releases (
    id                  UUID PRIMARY KEY,
    content_hash        TEXT NOT NULL,
    origin              TEXT NOT NULL,
    author              TEXT NOT NULL,
    published_at        TIMESTAMPTZ NOT NULL,
    models              INTEGER NOT NULL,
    added               INTEGER NOT NULL,
    changed             INTEGER NOT NULL,
    removed             INTEGER NOT NULL,
    held                INTEGER NOT NULL,
    unknown_fields      INTEGER NOT NULL,
    unknown_field_names TEXT NOT NULL
);

CREATE TABLE release_models (
    release_id UUID NOT NULL REFERENCES price_releases (id),
    name       TEXT NOT NULL,
    card_id    BYTEA NOT NULL REFERENCES rate_cards (card_id),
    provider   TEXT,
    mode       TEXT,
    stale      BOOLEAN NOT NULL,
    PRIMARY KEY (release_id, name)
);

CREATE TABLE price_book_versions (
    id         BIGINT PRIMARY KEY,
    created_at TIMESTAMPTZ NOT NULL,
    author     TEXT NOT NULL,
    change     TEXT NOT NULL,
    release_id UUID REFERENCES price_releases (id)
);

CREATE TABLE price_overrides (
    id                 UUID NOT NULL,
    valid_from_version BIGINT NOT NULL REFERENCES price_book_versions (id),
    valid_to_version   BIGINT REFERENCES price_book_versions (id),
    valid_from         TIMESTAMPTZ NOT NULL,
    valid_to           TIMESTAMPTZ,
    model              TEXT NOT NULL,
    upstream_id        UUID,
    card_id            BYTEA NOT NULL REFERENCES rate_cards (card_id),
    apply_multipliers  BOOLEAN NOT NULL,
    note               TEXT,
    author             TEXT NOT NULL,
    ended_by           TEXT,
    PRIMARY KEY (id, valid_from_version)
);
CREATE UNIQUE INDEX price_overrides_in_force ON price_overrides (id) WHERE valid_to_version IS NULL;

CREATE TABLE price_aliases (
    id                 UUID NOT NULL,
    valid_from_version BIGINT NOT NULL REFERENCES price_book_versions (id),
    valid_to_version   BIGINT REFERENCES price_book_versions (id),
    valid_from         TIMESTAMPTZ NOT NULL,
    valid_to           TIMESTAMPTZ,
    alias              TEXT NOT NULL,
    target             TEXT NOT NULL,
    upstream_id        UUID,
    author             TEXT NOT NULL,
    ended_by           TEXT,
    PRIMARY KEY (id, valid_from_version)
);
CREATE UNIQUE INDEX price_aliases_in_force ON price_aliases (id) WHERE valid_to_version IS NULL;

CREATE TABLE price_multipliers (
    upstream_id        UUID NOT NULL,
    valid_from_version BIGINT NOT NULL REFERENCES price_book_versions (id),
    valid_to_version   BIGINT REFERENCES price_book_versions (id),
    valid_from         TIMESTAMPTZ NOT NULL,
    valid_to           TIMESTAMPTZ,
    input_multiplier   NUMERIC NOT NULL,
    output_multiplier  NUMERIC NOT NULL,
    allow_free         BOOLEAN NOT NULL,
    author             TEXT NOT NULL,
    ended_by           TEXT,
    PRIMARY KEY (upstream_id, valid_from_version)
);
CREATE UNIQUE INDEX price_multipliers_in_force ON price_multipliers (upstream_id) WHERE valid_to_version IS NULL;

CREATE TABLE request_logs (
    request_id        UUID PRIMARY KEY,
    occurred_at       TIMESTAMPTZ NOT NULL,
    ended_at          TIMESTAMPTZ,
    key_id            UUID NOT NULL,
    key_name          TEXT NOT NULL,
    key_owner         TEXT,
    key_team          TEXT,
    upstream_id       UUID,
    upstream_name     TEXT,
    protocol          TEXT NOT NULL,
    path              TEXT,
    stream            BOOLEAN NOT NULL,
    model_requested   TEXT,
    http_status       INTEGER,
    error_origin      TEXT,
    error             TEXT,
    attempts          INTEGER NOT NULL,
    ttft_us           BIGINT,
    duration_us       BIGINT,
    caller_request_id TEXT,
    status            TEXT NOT NULL,
    reason            TEXT,
    reasons           TEXT NOT NULL,
    detail            TEXT,
    list_cost         NUMERIC,
    cost              NUMERIC,
    charge            NUMERIC
) PARTITION BY RANGE (request_id);
CREATE TABLE request_logs_default PARTITION OF request_logs DEFAULT;
CREATE INDEX request_logs_newest ON request_logs (occurred_at, request_id);
CREATE INDEX request_logs_of_key ON request_logs (key_id, occurred_at, request_id);
CREATE INDEX request_logs_of_upstream ON request_logs (upstream_id, occurred_at, request_id);
CREATE INDEX request_logs_of_model ON request_logs (model_requested, occurred_at, request_id);
CREATE INDEX request_logs_with_reason ON request_logs (occurred_at, request_id) WHERE reasons <> '';

CREATE TABLE ledger_entries (
    event_id               UUID NOT NULL,
    revision               INTEGER NOT NULL,
    request_id             UUID NOT NULL,
    attempt                INTEGER NOT NULL,
    kind                   TEXT NOT NULL,
    status                 TEXT NOT NULL,
    reason                 TEXT,
    detail                 TEXT,
    usage_source           TEXT NOT NULL,
    outcome                TEXT NOT NULL,
    http_status            INTEGER,
    key_id                 UUID NOT NULL,
    key_name               TEXT NOT NULL,
    key_owner              TEXT,
    key_team               TEXT,
    key_tags               TEXT NOT NULL,
    upstream_id            UUID NOT NULL,
    upstream_name          TEXT NOT NULL,
    provider               TEXT NOT NULL,
    account_label          TEXT,
    credential_fingerprint TEXT,
    protocol               TEXT NOT NULL,
    stream                 BOOLEAN NOT NULL,
    model_requested        TEXT,
    model_sent             TEXT,
    model_served           TEXT,
    priced_as              TEXT,
    tier_requested         TEXT,
    tier_served            TEXT,
    price_source           TEXT,
    price_version          BIGINT NOT NULL,
    band_above_tokens      BIGINT,
    input_multiplier       NUMERIC,
    output_multiplier      NUMERIC,
    input_tokens           BIGINT,
    cache_read_tokens      BIGINT,
    cache_write_tokens     BIGINT,
    output_tokens          BIGINT,
    reasoning_tokens       BIGINT,
    list_cost              NUMERIC,
    cost                   NUMERIC,
    charge                 NUMERIC,
    zero_reason            TEXT,
    provider_reported_cost NUMERIC,
    currency               TEXT NOT NULL,
    response_id            TEXT,
    end_user               TEXT,
    caller_request_id      TEXT,
    idempotency_key        TEXT,
    sdk_retry_count        BIGINT,
    metadata               TEXT NOT NULL,
    ttft_us                BIGINT,
    occurred_at            TIMESTAMPTZ NOT NULL,
    ended_at               TIMESTAMPTZ NOT NULL,
    recorded_at            TIMESTAMPTZ NOT NULL,
    accounting_period      TEXT NOT NULL,
    run_id                 UUID,
    author                 TEXT,
    note                   TEXT,
    journal_id             UUID NOT NULL,
    journal_seq            BIGINT NOT NULL,
    content_hash           BYTEA NOT NULL,
    lines                  TEXT NOT NULL,
    PRIMARY KEY (event_id, revision)
) PARTITION BY RANGE (event_id);
CREATE TABLE ledger_entries_default PARTITION OF ledger_entries DEFAULT;
CREATE INDEX ledger_entries_of_request ON ledger_entries (request_id);
CREATE INDEX ledger_entries_of_journal ON ledger_entries (journal_id, journal_seq);
CREATE INDEX ledger_entries_unbilled ON ledger_entries (occurred_at) WHERE status = 'unbilled';

CREATE TABLE ledger_batches (
    journal_id  UUID NOT NULL,
    -- The place in the journal's chain, from 1. Not the sequence: a journal restored from a copy reuses numbers.
    ordinal     BIGINT NOT NULL,
    first_seq   BIGINT NOT NULL,
    last_seq    BIGINT NOT NULL,
    entry_count INTEGER NOT NULL,
    cost        NUMERIC NOT NULL,
    previous    BYTEA NOT NULL,
    digest      BYTEA NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (journal_id, ordinal)
);
CREATE INDEX ledger_batches_last ON ledger_batches (journal_id, last_seq);

CREATE TABLE ledger_conflicts (
    event_id      UUID NOT NULL,
    revision      INTEGER NOT NULL,
    content_hash  BYTEA NOT NULL,
    stored_hash   BYTEA NOT NULL,
    journal_id    UUID NOT NULL,
    journal_seq   BIGINT NOT NULL,
    body          TEXT NOT NULL,
    recorded_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (event_id, revision, content_hash)
);

CREATE TABLE rollups (
    bucket             TIMESTAMPTZ NOT NULL,
    writer             UUID NOT NULL,
    key_id             UUID NOT NULL,
    team               TEXT NOT NULL,
    upstream_id        UUID NOT NULL,
    model              TEXT NOT NULL,
    attempts           BIGINT NOT NULL,
    billed             BIGINT NOT NULL,
    unbilled           BIGINT NOT NULL,
    no_charge          BIGINT NOT NULL,
    input_tokens       BIGINT NOT NULL,
    cache_read_tokens  BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    output_tokens      BIGINT NOT NULL,
    reasoning_tokens   BIGINT NOT NULL,
    list_cost          NUMERIC NOT NULL,
    cost               NUMERIC NOT NULL,
    charge             NUMERIC NOT NULL,
    estimated_cost     NUMERIC NOT NULL,
    PRIMARY KEY (bucket, writer, key_id, team, upstream_id, model)
);

CREATE TABLE rollup_histograms (
    bucket      TIMESTAMPTZ NOT NULL,
    writer      UUID NOT NULL,
    key_id      UUID NOT NULL,
    team        TEXT NOT NULL,
    upstream_id UUID NOT NULL,
    model       TEXT NOT NULL,
    metric      TEXT NOT NULL,
    bin         INTEGER NOT NULL,
    count       BIGINT NOT NULL,
    PRIMARY KEY (bucket, writer, key_id, team, upstream_id, model, metric, bin)
);

-- Insert-only. Detaching a partition stays possible: it drops no row.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only: corrections are further revisions', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER ledger_entries_insert_only BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_batches_insert_only BEFORE UPDATE OR DELETE ON ledger_batches
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_batches_no_truncate BEFORE TRUNCATE ON ledger_batches
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
