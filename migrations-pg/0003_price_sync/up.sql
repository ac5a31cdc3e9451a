-- The catalog becomes rows with a validity of their own: a sync that changes twelve prices writes twelve rows, not
-- the whole catalog again. A release becomes the record of one run, whatever came of it.

CREATE TABLE catalog_models (
    name               TEXT NOT NULL,
    valid_from_version BIGINT NOT NULL,
    valid_to_version   BIGINT,
    card_id            BYTEA NOT NULL REFERENCES rate_cards (card_id),
    provider           TEXT,
    mode               TEXT,
    stale              BOOLEAN NOT NULL,
    max_input_tokens   BIGINT,
    max_output_tokens  BIGINT,
    PRIMARY KEY (name, valid_from_version)
);
CREATE UNIQUE INDEX catalog_models_in_force ON catalog_models (name) WHERE valid_to_version IS NULL;
CREATE INDEX catalog_models_from ON catalog_models (valid_from_version, name);
CREATE INDEX catalog_models_to ON catalog_models (valid_to_version, name) WHERE valid_to_version IS NOT NULL;

-- Each release was a full copy of the catalog, in force from the version that brought it to the next release's. The
-- table stays, empty, for the migration after this one; limits of models come back with the next release.
INSERT INTO catalog_models (name, valid_from_version, valid_to_version, card_id, provider, mode, stale)
    SELECT m.name, span.from_version, span.to_version, m.card_id, m.provider, m.mode, m.stale
    FROM (
        SELECT release_id, id AS from_version, LEAD(id) OVER (ORDER BY id) AS to_version
        FROM (
            SELECT id, release_id, LAG(release_id) OVER (ORDER BY id) AS before
            FROM price_book_versions
        ) AS versions
        WHERE release_id IS NOT NULL AND (before IS NULL OR before <> release_id)
    ) AS span
    JOIN release_models m ON m.release_id = span.release_id;
DELETE FROM release_models;

ALTER TABLE price_releases RENAME COLUMN published_at TO started_at;
ALTER TABLE price_releases ALTER COLUMN content_hash DROP NOT NULL;
ALTER TABLE price_releases ALTER COLUMN models DROP NOT NULL;
ALTER TABLE price_releases ADD COLUMN state TEXT NOT NULL DEFAULT 'success';
ALTER TABLE price_releases ADD COLUMN set_off_by TEXT NOT NULL DEFAULT 'start';
ALTER TABLE price_releases ADD COLUMN finished_at TIMESTAMPTZ;
ALTER TABLE price_releases ADD COLUMN url TEXT;
ALTER TABLE price_releases ADD COLUMN etag TEXT;
ALTER TABLE price_releases ADD COLUMN last_modified TEXT;
-- How the map was read: validators of a map that would be read differently now are not used.
ALTER TABLE price_releases ADD COLUMN grammar TEXT;
ALTER TABLE price_releases ADD COLUMN refused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE price_releases ADD COLUMN reason TEXT;
ALTER TABLE price_releases ADD COLUMN alarm TEXT;
ALTER TABLE price_releases ADD COLUMN version BIGINT;
UPDATE price_releases SET
    finished_at = started_at,
    version = (SELECT MIN(v.id) FROM price_book_versions v WHERE v.release_id = price_releases.id);
CREATE INDEX price_releases_running ON price_releases (id) WHERE state = 'running';
CREATE INDEX price_book_versions_of_release ON price_book_versions (release_id, id);

-- Prices that were not put in force by themselves. Without a card the model is gone from the map.
CREATE TABLE price_holds (
    release_id      UUID NOT NULL REFERENCES price_releases (id),
    model           TEXT NOT NULL,
    card_id         BYTEA REFERENCES rate_cards (card_id),
    provider        TEXT,
    mode            TEXT,
    max_input_tokens  BIGINT,
    max_output_tokens BIGINT,
    current_card_id BYTEA REFERENCES rate_cards (card_id),
    reason          TEXT NOT NULL,
    detail          TEXT NOT NULL,
    state           TEXT NOT NULL,
    decided_at      TIMESTAMPTZ,
    decided_by      TEXT,
    decided_version BIGINT,
    PRIMARY KEY (release_id, model)
);
CREATE INDEX price_holds_of_state ON price_holds (state, model);

-- One runner of a job among all processes. The fence moves with every taking of the lease.
CREATE TABLE job_leases (
    job              TEXT PRIMARY KEY,
    fence            BIGINT NOT NULL,
    holder           UUID,
    expires_at       TIMESTAMPTZ,
    last_started_at  TIMESTAMPTZ,
    last_finished_at TIMESTAMPTZ,
    next_due_at      TIMESTAMPTZ
);
