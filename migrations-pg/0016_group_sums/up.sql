-- Sums with fewer dimensions than `rollup_spans`: of everything, by upstream, key, team or model, and by two of them, as
-- `dims` says. `one` and `two` are the members, empty where there is none; ids are 32 hexadecimal digits. Reports read
-- these in order instead of grouping all combinations. The first start on this schema adds them up; a binary that does
-- not know them would leave them out, so from here on it refuses to start.
CREATE TABLE rollup_groups (
    dims                   TEXT COLLATE "C" NOT NULL,
    span                   TEXT COLLATE "C" NOT NULL,
    one                    TEXT COLLATE "C" NOT NULL,
    bucket                 TIMESTAMPTZ NOT NULL,
    two                    TEXT COLLATE "C" NOT NULL,
    writer                 UUID NOT NULL,
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
    PRIMARY KEY (dims, span, one, bucket, two, writer)
) WITH (fillfactor = 70);
CREATE INDEX rollup_groups_of_second ON rollup_groups (dims, span, two, bucket, one);

-- What statistics need beside sums, by the same dimensions: speed, caching, and in `counts` how many attempts had which
-- latency and how many requests ended how (see `rows/tally.rs`).
CREATE TABLE rollup_tallies (
    dims                TEXT COLLATE "C" NOT NULL,
    span                TEXT COLLATE "C" NOT NULL,
    one                 TEXT COLLATE "C" NOT NULL,
    bucket              TIMESTAMPTZ NOT NULL,
    two                 TEXT COLLATE "C" NOT NULL,
    writer              UUID NOT NULL,
    requests            BIGINT NOT NULL,
    timed_output_tokens BIGINT NOT NULL,
    generation_us       BIGINT NOT NULL,
    cache_saved_cost    NUMERIC NOT NULL,
    cache_known         BIGINT NOT NULL,
    cache_unknown       BIGINT NOT NULL,
    counts              BYTEA NOT NULL,
    PRIMARY KEY (dims, span, one, bucket, two, writer)
) WITH (fillfactor = 70);
CREATE INDEX rollup_tallies_of_second ON rollup_tallies (dims, span, two, bucket, one);

-- The sums of all combinations, by one member.
CREATE INDEX rollup_spans_of_key ON rollup_spans (span, key_id, bucket);
CREATE INDEX rollup_spans_of_team ON rollup_spans (span, team, bucket);
CREATE INDEX rollup_spans_of_upstream ON rollup_spans (span, upstream_id, bucket);
CREATE INDEX rollup_spans_of_model ON rollup_spans (span, model, bucket);

-- What wants attention by weeks of the accounting zone, which begin on Mondays: `day` is the first.
CREATE TABLE attention_weeks (
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
CREATE INDEX attention_days_of_kind ON attention_days (kind, day);

-- Lists of requests by what few of them have, newest first. Rows without it cost nothing.
DROP INDEX request_logs_with_error;
CREATE INDEX request_logs_of_class ON request_logs ((http_status / 100), occurred_at, request_id)
    WHERE http_status IS NULL OR http_status < 200 OR http_status > 299;
CREATE INDEX request_logs_of_origin ON request_logs (error_origin, occurred_at, request_id)
    WHERE error_origin IS NOT NULL;
CREATE INDEX request_logs_not_billed ON request_logs (status, occurred_at, request_id) WHERE status <> 'billed';

UPDATE meta SET value = '0016' WHERE name = 'oldest_compatible' AND value < '0016';
