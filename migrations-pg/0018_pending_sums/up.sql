-- What transactions add to the sums, until it is added: `body` as `pending.rs` packs it. Adding up many transactions at
-- once writes each row of sums once instead of once for each of them. A binary that does not know this table would
-- leave its rows out of what it shows, so from here on it refuses to start.
CREATE TABLE pending_sums (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recorded_at TIMESTAMPTZ NOT NULL,
    entries     BIGINT NOT NULL,
    body        BYTEA NOT NULL
);

-- The hours of `rollup_groups`, a row for each UTC day: `hours` has its hours as `packed.rs` packs them. A month of hours
-- is read from 31 rows instead of 744. The first start on this schema makes them of `rollup_spans`.
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
DELETE FROM rollup_groups WHERE span = 'hour';

UPDATE meta SET value = '0018' WHERE name = 'oldest_compatible' AND value < '0018';
