-- The weeks are made of the days by the first start without this.
UPDATE meta SET value = '0022' WHERE name = 'oldest_compatible' AND value = '0023';
DELETE FROM meta WHERE name IN ('attention_months', 'group_sums');
DROP TABLE attention_months;
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
