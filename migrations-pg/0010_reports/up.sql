-- Sums of attempts as they stand: a correction moves what its attempt adds. The parts that rest on estimates, and the
-- tokens without a price, have columns of their own. All of it is derived from the ledger, and the first start on this
-- schema adds it up: a binary that knows fewer columns would leave them out, so from here on it refuses to start.
DROP TABLE rollups;
CREATE TABLE rollups (
    bucket                 TIMESTAMPTZ NOT NULL,
    writer                 UUID NOT NULL,
    key_id                 UUID NOT NULL,
    team                   TEXT NOT NULL,
    upstream_id            UUID NOT NULL,
    model                  TEXT NOT NULL,
    requests               BIGINT NOT NULL,
    attempts               BIGINT NOT NULL,
    billed                 BIGINT NOT NULL,
    unbilled               BIGINT NOT NULL,
    no_charge              BIGINT NOT NULL,
    estimated              BIGINT NOT NULL,
    input_tokens           BIGINT NOT NULL,
    cache_read_tokens      BIGINT NOT NULL,
    cache_write_tokens     BIGINT NOT NULL,
    output_tokens          BIGINT NOT NULL,
    reasoning_tokens       BIGINT NOT NULL,
    unbilled_input_tokens  BIGINT NOT NULL,
    unbilled_output_tokens BIGINT NOT NULL,
    list_cost              NUMERIC NOT NULL,
    cost                   NUMERIC NOT NULL,
    charge                 NUMERIC NOT NULL,
    estimated_list_cost    NUMERIC NOT NULL,
    estimated_cost         NUMERIC NOT NULL,
    estimated_charge       NUMERIC NOT NULL,
    PRIMARY KEY (bucket, writer, key_id, team, upstream_id, model)
) WITH (fillfactor = 70);

-- The same by longer buckets: UTC hours, and days of the accounting zone that `meta` names.
CREATE TABLE rollup_spans (
    span                   TEXT NOT NULL,
    bucket                 TIMESTAMPTZ NOT NULL,
    writer                 UUID NOT NULL,
    key_id                 UUID NOT NULL,
    team                   TEXT NOT NULL,
    upstream_id            UUID NOT NULL,
    model                  TEXT NOT NULL,
    requests               BIGINT NOT NULL,
    attempts               BIGINT NOT NULL,
    billed                 BIGINT NOT NULL,
    unbilled               BIGINT NOT NULL,
    no_charge              BIGINT NOT NULL,
    estimated              BIGINT NOT NULL,
    input_tokens           BIGINT NOT NULL,
    cache_read_tokens      BIGINT NOT NULL,
    cache_write_tokens     BIGINT NOT NULL,
    output_tokens          BIGINT NOT NULL,
    reasoning_tokens       BIGINT NOT NULL,
    unbilled_input_tokens  BIGINT NOT NULL,
    unbilled_output_tokens BIGINT NOT NULL,
    list_cost              NUMERIC NOT NULL,
    cost                   NUMERIC NOT NULL,
    charge                 NUMERIC NOT NULL,
    estimated_list_cost    NUMERIC NOT NULL,
    estimated_cost         NUMERIC NOT NULL,
    estimated_charge       NUMERIC NOT NULL,
    PRIMARY KEY (span, bucket, writer, key_id, team, upstream_id, model)
) WITH (fillfactor = 70);

-- What was recorded later than the quarter hour after its bucket, by the quarter hour it was recorded in: taken away, it
-- leaves the sums as they were.
CREATE TABLE rollup_late (
    bucket                 TIMESTAMPTZ NOT NULL,
    recorded               TIMESTAMPTZ NOT NULL,
    writer                 UUID NOT NULL,
    key_id                 UUID NOT NULL,
    team                   TEXT NOT NULL,
    upstream_id            UUID NOT NULL,
    model                  TEXT NOT NULL,
    requests               BIGINT NOT NULL,
    attempts               BIGINT NOT NULL,
    billed                 BIGINT NOT NULL,
    unbilled               BIGINT NOT NULL,
    no_charge              BIGINT NOT NULL,
    estimated              BIGINT NOT NULL,
    input_tokens           BIGINT NOT NULL,
    cache_read_tokens      BIGINT NOT NULL,
    cache_write_tokens     BIGINT NOT NULL,
    output_tokens          BIGINT NOT NULL,
    reasoning_tokens       BIGINT NOT NULL,
    unbilled_input_tokens  BIGINT NOT NULL,
    unbilled_output_tokens BIGINT NOT NULL,
    list_cost              NUMERIC NOT NULL,
    cost                   NUMERIC NOT NULL,
    charge                 NUMERIC NOT NULL,
    estimated_list_cost    NUMERIC NOT NULL,
    estimated_cost         NUMERIC NOT NULL,
    estimated_charge       NUMERIC NOT NULL,
    PRIMARY KEY (bucket, recorded, writer, key_id, team, upstream_id, model)
) WITH (fillfactor = 70);

-- What wants attention, by day of the accounting zone.
CREATE TABLE attention_days (
    day                TIMESTAMPTZ NOT NULL,
    writer             UUID NOT NULL,
    id                 TEXT NOT NULL,
    kind               TEXT NOT NULL,
    upstream_id        UUID,
    upstream_name      TEXT,
    provider           TEXT,
    model_sent         TEXT,
    model_served       TEXT,
    journal_id         UUID,
    count              BIGINT NOT NULL,
    input_tokens       BIGINT NOT NULL,
    cache_read_tokens  BIGINT NOT NULL,
    cache_write_tokens BIGINT NOT NULL,
    output_tokens      BIGINT NOT NULL,
    reasoning_tokens   BIGINT NOT NULL,
    list_cost          NUMERIC NOT NULL,
    cost               NUMERIC NOT NULL,
    reported_cost      NUMERIC NOT NULL,
    at_stake           NUMERIC NOT NULL,
    first_at           TIMESTAMPTZ NOT NULL,
    last_at            TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (day, writer, id)
) WITH (fillfactor = 70);
CREATE INDEX attention_days_of ON attention_days (id, day);

-- What people say of it.
CREATE TABLE attention_states (
    id            TEXT PRIMARY KEY,
    owner         TEXT,
    snoozed_until TIMESTAMPTZ,
    note          TEXT,
    updated_at    TIMESTAMPTZ NOT NULL,
    updated_by    TEXT NOT NULL,
    revision      BIGINT NOT NULL
);

-- The last half hour before an instant, and entries by what they are filtered by, newest first.
CREATE INDEX ledger_entries_recorded ON ledger_entries (recorded_at);
CREATE INDEX ledger_entries_of_key ON ledger_entries (key_id, event_id, revision);
CREATE INDEX ledger_entries_of_upstream ON ledger_entries (upstream_id, event_id, revision);
CREATE INDEX ledger_entries_of_provider ON ledger_entries (provider, event_id, revision);
CREATE INDEX ledger_entries_of_model
    ON ledger_entries (COALESCE(model_served, model_sent, model_requested), event_id, revision);
CREATE INDEX ledger_entries_not_billed ON ledger_entries (event_id, revision) WHERE status <> 'billed';
CREATE INDEX ledger_conflicts_newest ON ledger_conflicts (recorded_at);

UPDATE meta SET value = '0010' WHERE name = 'oldest_compatible' AND value < '0010';
