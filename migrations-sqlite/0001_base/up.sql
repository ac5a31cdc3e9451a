-- The base schema. Money is INTEGER in 1e-12 USD (9,223,372 USD at most a value), multipliers INTEGER in 1e-6,
-- timestamps INTEGER microseconds since 1970 UTC, UUIDs BLOB of 16 bytes, booleans 0 and 1. The views at the end
-- show the ledger and request logs in decimal USD and readable ids, for people.
-- Ledger, logs and rollups hold no foreign keys: what they refer to may be gone.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
-- The oldest migration a binary must know to work on this schema. A migration that an older binary cannot
-- live with raises it to its own number.
INSERT INTO meta (name, value) VALUES ('oldest_compatible', '0001');

-- Counters that move with every change; locking the row puts changes in one order, so that a version is never
-- visible before a lower one.
CREATE TABLE config_version (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    config   INTEGER NOT NULL,
    prices   INTEGER NOT NULL
) STRICT;
INSERT INTO config_version (only_row, config, prices) VALUES (1, 0, 0);

CREATE TABLE admin_tokens (
    id         BLOB PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    token_hash BLOB NOT NULL,
    role       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX admin_tokens_token_hash ON admin_tokens (token_hash);

CREATE TABLE upstreams (
    id                     BLOB PRIMARY KEY,
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
    input_multiplier       INTEGER NOT NULL DEFAULT 1000000,
    output_multiplier      INTEGER NOT NULL DEFAULT 1000000,
    allow_free             INTEGER NOT NULL DEFAULT 0,
    enabled                INTEGER NOT NULL,
    created_at             INTEGER NOT NULL,
    updated_at             INTEGER NOT NULL,
    updated_by             TEXT NOT NULL,
    deleted_at             INTEGER,
    revision               INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX upstreams_living_name ON upstreams (name) WHERE deleted_at IS NULL;

CREATE TABLE api_keys (
    id         BLOB PRIMARY KEY,
    name       TEXT NOT NULL,
    token_hash BLOB,
    token_hint TEXT NOT NULL,
    owner      TEXT,
    team       TEXT,
    tags       TEXT NOT NULL,
    enabled    INTEGER NOT NULL,
    expires_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    deleted_at INTEGER,
    revision   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX api_keys_living_name ON api_keys (name) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX api_keys_token_hash ON api_keys (token_hash);

-- The price book. Nothing in it is updated in place but the end of a version's validity.
CREATE TABLE rate_cards (
    card_id BLOB PRIMARY KEY,
    body    TEXT NOT NULL
) STRICT;

CREATE TABLE price_releases (
    id                  BLOB PRIMARY KEY,
    content_hash        TEXT NOT NULL,
    origin              TEXT NOT NULL,
    author              TEXT NOT NULL,
    published_at        INTEGER NOT NULL,
    models              INTEGER NOT NULL,
    added               INTEGER NOT NULL,
    changed             INTEGER NOT NULL,
    removed             INTEGER NOT NULL,
    held                INTEGER NOT NULL,
    unknown_fields      INTEGER NOT NULL,
    unknown_field_names TEXT NOT NULL
) STRICT;

CREATE TABLE release_models (
    release_id BLOB NOT NULL REFERENCES price_releases (id),
    name       TEXT NOT NULL,
    card_id    BLOB NOT NULL REFERENCES rate_cards (card_id),
    provider   TEXT,
    mode       TEXT,
    stale      INTEGER NOT NULL,
    PRIMARY KEY (release_id, name)
) STRICT;

CREATE TABLE price_book_versions (
    id         INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL,
    author     TEXT NOT NULL,
    change     TEXT NOT NULL,
    release_id BLOB REFERENCES price_releases (id)
) STRICT;

CREATE TABLE price_overrides (
    id                 BLOB NOT NULL,
    valid_from_version INTEGER NOT NULL REFERENCES price_book_versions (id),
    valid_to_version   INTEGER REFERENCES price_book_versions (id),
    valid_from         INTEGER NOT NULL,
    valid_to           INTEGER,
    model              TEXT NOT NULL,
    upstream_id        BLOB,
    card_id            BLOB NOT NULL REFERENCES rate_cards (card_id),
    apply_multipliers  INTEGER NOT NULL,
    note               TEXT,
    author             TEXT NOT NULL,
    ended_by           TEXT,
    PRIMARY KEY (id, valid_from_version)
) STRICT;
CREATE UNIQUE INDEX price_overrides_in_force ON price_overrides (id) WHERE valid_to_version IS NULL;

CREATE TABLE price_aliases (
    id                 BLOB NOT NULL,
    valid_from_version INTEGER NOT NULL REFERENCES price_book_versions (id),
    valid_to_version   INTEGER REFERENCES price_book_versions (id),
    valid_from         INTEGER NOT NULL,
    valid_to           INTEGER,
    alias              TEXT NOT NULL,
    target             TEXT NOT NULL,
    upstream_id        BLOB,
    author             TEXT NOT NULL,
    ended_by           TEXT,
    PRIMARY KEY (id, valid_from_version)
) STRICT;
CREATE UNIQUE INDEX price_aliases_in_force ON price_aliases (id) WHERE valid_to_version IS NULL;

CREATE TABLE price_multipliers (
    upstream_id        BLOB NOT NULL,
    valid_from_version INTEGER NOT NULL REFERENCES price_book_versions (id),
    valid_to_version   INTEGER REFERENCES price_book_versions (id),
    valid_from         INTEGER NOT NULL,
    valid_to           INTEGER,
    input_multiplier   INTEGER NOT NULL,
    output_multiplier  INTEGER NOT NULL,
    allow_free         INTEGER NOT NULL,
    author             TEXT NOT NULL,
    ended_by           TEXT,
    PRIMARY KEY (upstream_id, valid_from_version)
) STRICT;
CREATE UNIQUE INDEX price_multipliers_in_force ON price_multipliers (upstream_id) WHERE valid_to_version IS NULL;

CREATE TABLE request_logs (
    request_id        BLOB PRIMARY KEY,
    occurred_at       INTEGER NOT NULL,
    ended_at          INTEGER,
    key_id            BLOB NOT NULL,
    key_name          TEXT NOT NULL,
    key_owner         TEXT,
    key_team          TEXT,
    upstream_id       BLOB,
    upstream_name     TEXT,
    protocol          TEXT NOT NULL,
    path              TEXT,
    stream            INTEGER NOT NULL,
    model_requested   TEXT,
    http_status       INTEGER,
    error_origin      TEXT,
    error             TEXT,
    attempts          INTEGER NOT NULL,
    ttft_us           INTEGER,
    duration_us       INTEGER,
    caller_request_id TEXT,
    status            TEXT NOT NULL,
    reason            TEXT,
    reasons           TEXT NOT NULL,
    detail            TEXT,
    list_cost         INTEGER,
    cost              INTEGER,
    charge            INTEGER
) STRICT;
CREATE INDEX request_logs_newest ON request_logs (occurred_at, request_id);
CREATE INDEX request_logs_of_key ON request_logs (key_id, occurred_at, request_id);
CREATE INDEX request_logs_of_upstream ON request_logs (upstream_id, occurred_at, request_id);
CREATE INDEX request_logs_of_model ON request_logs (model_requested, occurred_at, request_id);
CREATE INDEX request_logs_with_reason ON request_logs (occurred_at, request_id) WHERE reasons <> '';

CREATE TABLE ledger_entries (
    event_id               BLOB NOT NULL,
    revision               INTEGER NOT NULL,
    request_id             BLOB NOT NULL,
    attempt                INTEGER NOT NULL,
    kind                   TEXT NOT NULL,
    status                 TEXT NOT NULL,
    reason                 TEXT,
    detail                 TEXT,
    usage_source           TEXT NOT NULL,
    outcome                TEXT NOT NULL,
    http_status            INTEGER,
    key_id                 BLOB NOT NULL,
    key_name               TEXT NOT NULL,
    key_owner              TEXT,
    key_team               TEXT,
    key_tags               TEXT NOT NULL,
    upstream_id            BLOB NOT NULL,
    upstream_name          TEXT NOT NULL,
    provider               TEXT NOT NULL,
    account_label          TEXT,
    credential_fingerprint TEXT,
    protocol               TEXT NOT NULL,
    stream                 INTEGER NOT NULL,
    model_requested        TEXT,
    model_sent             TEXT,
    model_served           TEXT,
    priced_as              TEXT,
    tier_requested         TEXT,
    tier_served            TEXT,
    price_source           TEXT,
    price_version          INTEGER NOT NULL,
    band_above_tokens      INTEGER,
    input_multiplier       INTEGER,
    output_multiplier      INTEGER,
    input_tokens           INTEGER,
    cache_read_tokens      INTEGER,
    cache_write_tokens     INTEGER,
    output_tokens          INTEGER,
    reasoning_tokens       INTEGER,
    list_cost              INTEGER,
    cost                   INTEGER,
    charge                 INTEGER,
    zero_reason            TEXT,
    provider_reported_cost INTEGER,
    currency               TEXT NOT NULL,
    response_id            TEXT,
    end_user               TEXT,
    caller_request_id      TEXT,
    idempotency_key        TEXT,
    sdk_retry_count        INTEGER,
    metadata               TEXT NOT NULL,
    ttft_us                INTEGER,
    occurred_at            INTEGER NOT NULL,
    ended_at               INTEGER NOT NULL,
    recorded_at            INTEGER NOT NULL,
    accounting_period      TEXT NOT NULL,
    run_id                 BLOB,
    author                 TEXT,
    note                   TEXT,
    journal_id             BLOB NOT NULL,
    journal_seq            INTEGER NOT NULL,
    content_hash           BLOB NOT NULL,
    lines                  TEXT NOT NULL,
    PRIMARY KEY (event_id, revision)
) STRICT;
CREATE INDEX ledger_entries_of_request ON ledger_entries (request_id);
CREATE INDEX ledger_entries_of_journal ON ledger_entries (journal_id, journal_seq);
CREATE INDEX ledger_entries_unbilled ON ledger_entries (occurred_at) WHERE status = 'unbilled';

CREATE TABLE ledger_batches (
    journal_id  BLOB NOT NULL,
    -- The place in the journal's chain, from 1. Not the sequence: a journal restored from a copy reuses numbers.
    ordinal     INTEGER NOT NULL,
    first_seq   INTEGER NOT NULL,
    last_seq    INTEGER NOT NULL,
    entry_count INTEGER NOT NULL,
    cost        INTEGER NOT NULL,
    previous    BLOB NOT NULL,
    digest      BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (journal_id, ordinal)
) STRICT;
CREATE INDEX ledger_batches_last ON ledger_batches (journal_id, last_seq);

CREATE TABLE ledger_conflicts (
    event_id      BLOB NOT NULL,
    revision      INTEGER NOT NULL,
    content_hash  BLOB NOT NULL,
    stored_hash   BLOB NOT NULL,
    journal_id    BLOB NOT NULL,
    journal_seq   INTEGER NOT NULL,
    body          TEXT NOT NULL,
    recorded_at   INTEGER NOT NULL,
    PRIMARY KEY (event_id, revision, content_hash)
) STRICT;

CREATE TABLE rollups (
    bucket             INTEGER NOT NULL,
    writer             BLOB NOT NULL,
    key_id             BLOB NOT NULL,
    team               TEXT NOT NULL,
    upstream_id        BLOB NOT NULL,
    model              TEXT NOT NULL,
    attempts           INTEGER NOT NULL,
    billed             INTEGER NOT NULL,
    unbilled           INTEGER NOT NULL,
    no_charge          INTEGER NOT NULL,
    input_tokens       INTEGER NOT NULL,
    cache_read_tokens  INTEGER NOT NULL,
    cache_write_tokens INTEGER NOT NULL,
    output_tokens      INTEGER NOT NULL,
    reasoning_tokens   INTEGER NOT NULL,
    list_cost          INTEGER NOT NULL,
    cost               INTEGER NOT NULL,
    charge             INTEGER NOT NULL,
    estimated_cost     INTEGER NOT NULL,
    PRIMARY KEY (bucket, writer, key_id, team, upstream_id, model)
) STRICT;

CREATE TABLE rollup_histograms (
    bucket      INTEGER NOT NULL,
    writer      BLOB NOT NULL,
    key_id      BLOB NOT NULL,
    team        TEXT NOT NULL,
    upstream_id BLOB NOT NULL,
    model       TEXT NOT NULL,
    metric      TEXT NOT NULL,
    bin         INTEGER NOT NULL,
    count       INTEGER NOT NULL,
    PRIMARY KEY (bucket, writer, key_id, team, upstream_id, model, metric, bin)
) STRICT;

-- Insert-only.
CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'ledger_entries is insert-only: corrections are further revisions');
END;
CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'ledger_entries is insert-only: corrections are further revisions');
END;
CREATE TRIGGER ledger_batches_no_update BEFORE UPDATE ON ledger_batches
BEGIN
    SELECT RAISE(ABORT, 'ledger_batches is insert-only: corrections are further revisions');
END;
CREATE TRIGGER ledger_batches_no_delete BEFORE DELETE ON ledger_batches
BEGIN
    SELECT RAISE(ABORT, 'ledger_batches is insert-only: corrections are further revisions');
END;

-- For people: amounts as exact decimal text.
CREATE VIEW ledger_entries_usd AS
    SELECT
        substr(lower(hex(event_id)), 1, 8) || '-' || substr(lower(hex(event_id)), 9, 4) || '-' || substr(lower(hex(event_id)), 13, 4) || '-'
        || substr(lower(hex(event_id)), 17, 4) || '-' || substr(lower(hex(event_id)), 21) AS event_id,
        revision,
        substr(lower(hex(request_id)), 1, 8) || '-' || substr(lower(hex(request_id)), 9, 4) || '-' || substr(lower(hex(request_id)), 13, 4) || '-'
        || substr(lower(hex(request_id)), 17, 4) || '-' || substr(lower(hex(request_id)), 21) AS request_id,
        attempt,
        kind,
        status,
        reason,
        detail,
        usage_source,
        outcome,
        http_status,
        substr(lower(hex(key_id)), 1, 8) || '-' || substr(lower(hex(key_id)), 9, 4) || '-' || substr(lower(hex(key_id)), 13, 4) || '-'
        || substr(lower(hex(key_id)), 17, 4) || '-' || substr(lower(hex(key_id)), 21) AS key_id,
        key_name,
        key_owner,
        key_team,
        key_tags,
        NULLIF(substr(lower(hex(upstream_id)), 1, 8) || '-' || substr(lower(hex(upstream_id)), 9, 4) || '-' || substr(lower(hex(upstream_id)), 13, 4) || '-'
        || substr(lower(hex(upstream_id)), 17, 4) || '-' || substr(lower(hex(upstream_id)), 21), '----') AS upstream_id,
        upstream_name,
        provider,
        account_label,
        credential_fingerprint,
        protocol,
        stream,
        model_requested,
        model_sent,
        model_served,
        priced_as,
        tier_requested,
        tier_served,
        price_source,
        price_version,
        band_above_tokens,
        CASE WHEN input_multiplier IS NULL THEN NULL ELSE printf('%d.%06d', input_multiplier / 1000000, input_multiplier % 1000000) END AS input_multiplier,
        CASE WHEN output_multiplier IS NULL THEN NULL ELSE printf('%d.%06d', output_multiplier / 1000000, output_multiplier % 1000000) END AS output_multiplier,
        input_tokens,
        cache_read_tokens,
        cache_write_tokens,
        output_tokens,
        reasoning_tokens,
        CASE WHEN list_cost IS NULL THEN NULL ELSE CASE WHEN list_cost < 0 THEN '-' ELSE '' END
        || printf('%d.%012d', abs(list_cost / 1000000000000), abs(list_cost % 1000000000000)) END AS list_cost_usd,
        CASE WHEN cost IS NULL THEN NULL ELSE CASE WHEN cost < 0 THEN '-' ELSE '' END
        || printf('%d.%012d', abs(cost / 1000000000000), abs(cost % 1000000000000)) END AS cost_usd,
        CASE WHEN charge IS NULL THEN NULL ELSE CASE WHEN charge < 0 THEN '-' ELSE '' END
        || printf('%d.%012d', abs(charge / 1000000000000), abs(charge % 1000000000000)) END AS charge_usd,
        zero_reason,
        CASE WHEN provider_reported_cost IS NULL THEN NULL ELSE CASE WHEN provider_reported_cost < 0 THEN '-' ELSE '' END
        || printf('%d.%012d', abs(provider_reported_cost / 1000000000000), abs(provider_reported_cost % 1000000000000)) END AS provider_reported_cost_usd,
        currency,
        response_id,
        end_user,
        caller_request_id,
        idempotency_key,
        sdk_retry_count,
        metadata,
        ttft_us,
        strftime('%Y-%m-%dT%H:%M:%S', occurred_at / 1000000, 'unixepoch')
        || printf('.%06dZ', occurred_at % 1000000) AS occurred_at,
        strftime('%Y-%m-%dT%H:%M:%S', ended_at / 1000000, 'unixepoch')
        || printf('.%06dZ', ended_at % 1000000) AS ended_at,
        strftime('%Y-%m-%dT%H:%M:%S', recorded_at / 1000000, 'unixepoch')
        || printf('.%06dZ', recorded_at % 1000000) AS recorded_at,
        accounting_period,
        NULLIF(substr(lower(hex(run_id)), 1, 8) || '-' || substr(lower(hex(run_id)), 9, 4) || '-' || substr(lower(hex(run_id)), 13, 4) || '-'
        || substr(lower(hex(run_id)), 17, 4) || '-' || substr(lower(hex(run_id)), 21), '----') AS run_id,
        author,
        note,
        substr(lower(hex(journal_id)), 1, 8) || '-' || substr(lower(hex(journal_id)), 9, 4) || '-' || substr(lower(hex(journal_id)), 13, 4) || '-'
        || substr(lower(hex(journal_id)), 17, 4) || '-' || substr(lower(hex(journal_id)), 21) AS journal_id,
        journal_seq,
        lower(hex(content_hash)) AS content_hash,
        lines
    FROM ledger_entries;

CREATE VIEW request_logs_usd AS
    SELECT
        substr(lower(hex(request_id)), 1, 8) || '-' || substr(lower(hex(request_id)), 9, 4) || '-' || substr(lower(hex(request_id)), 13, 4) || '-'
        || substr(lower(hex(request_id)), 17, 4) || '-' || substr(lower(hex(request_id)), 21) AS request_id,
        strftime('%Y-%m-%dT%H:%M:%S', occurred_at / 1000000, 'unixepoch')
        || printf('.%06dZ', occurred_at % 1000000) AS occurred_at,
        strftime('%Y-%m-%dT%H:%M:%S', ended_at / 1000000, 'unixepoch')
        || printf('.%06dZ', ended_at % 1000000) AS ended_at,
        substr(lower(hex(key_id)), 1, 8) || '-' || substr(lower(hex(key_id)), 9, 4) || '-' || substr(lower(hex(key_id)), 13, 4) || '-'
        || substr(lower(hex(key_id)), 17, 4) || '-' || substr(lower(hex(key_id)), 21) AS key_id,
        key_name,
        key_owner,
        key_team,
        NULLIF(substr(lower(hex(upstream_id)), 1, 8) || '-' || substr(lower(hex(upstream_id)), 9, 4) || '-' || substr(lower(hex(upstream_id)), 13, 4) || '-'
        || substr(lower(hex(upstream_id)), 17, 4) || '-' || substr(lower(hex(upstream_id)), 21), '----') AS upstream_id,
        upstream_name,
        protocol,
        path,
        stream,
        model_requested,
        http_status,
        error_origin,
        error,
        attempts,
        ttft_us,
        duration_us,
        caller_request_id,
        status,
        reason,
        reasons,
        detail,
        CASE WHEN list_cost IS NULL THEN NULL ELSE CASE WHEN list_cost < 0 THEN '-' ELSE '' END
        || printf('%d.%012d', abs(list_cost / 1000000000000), abs(list_cost % 1000000000000)) END AS list_cost_usd,
        CASE WHEN cost IS NULL THEN NULL ELSE CASE WHEN cost < 0 THEN '-' ELSE '' END
        || printf('%d.%012d', abs(cost / 1000000000000), abs(cost % 1000000000000)) END AS cost_usd,
        CASE WHEN charge IS NULL THEN NULL ELSE CASE WHEN charge < 0 THEN '-' ELSE '' END
        || printf('%d.%012d', abs(charge / 1000000000000), abs(charge % 1000000000000)) END AS charge_usd
    FROM request_logs;
