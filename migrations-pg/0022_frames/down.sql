-- The first start without this adds everything up anew from the ledger.
UPDATE meta SET value = '0018' WHERE name = 'oldest_compatible' AND value = '0022';
DELETE FROM meta WHERE name IN ('group_sums', 'accounting_zone');
DROP TABLE rollup_combined;
DROP TABLE rollup_frames;
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
CREATE INDEX rollup_spans_of_key ON rollup_spans (span, key_id, bucket);
CREATE INDEX rollup_spans_of_team ON rollup_spans (span, team, bucket);
CREATE INDEX rollup_spans_of_upstream ON rollup_spans (span, upstream_id, bucket);
CREATE INDEX rollup_spans_of_model ON rollup_spans (span, model, bucket);
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
CREATE TABLE rollup_hours (
    dims   TEXT COLLATE "C" NOT NULL,
    one    TEXT COLLATE "C" NOT NULL,
    bucket TIMESTAMPTZ NOT NULL,
    two    TEXT COLLATE "C" NOT NULL,
    writer UUID NOT NULL,
    hours  BYTEA NOT NULL,
    PRIMARY KEY (dims, one, bucket, two, writer)
) WITH (fillfactor = 70);
CREATE INDEX rollup_hours_of_second ON rollup_hours (dims, two, bucket, one);
CREATE INDEX rollup_groups_of_models ON rollup_groups (bucket) WHERE dims = 'upstream_model' AND span = 'day';
