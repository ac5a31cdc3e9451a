-- Undoes up.sql: each release that was in force is a full copy of the catalog again, as it last stood under it.
-- What was held, and runs that put nothing in force, are lost.
DROP TABLE job_leases;
DROP TABLE price_holds;

INSERT INTO release_models (release_id, name, card_id, provider, mode, stale)
    SELECT last.release_id, m.name, m.card_id, m.provider, m.mode, m.stale
    FROM (
        SELECT release_id, MAX(id) AS version FROM price_book_versions WHERE release_id IS NOT NULL GROUP BY release_id
    ) AS last
    JOIN catalog_models m ON m.valid_from_version <= last.version
        AND (m.valid_to_version IS NULL OR m.valid_to_version > last.version);
DROP TABLE catalog_models;

DROP INDEX price_book_versions_of_release;
DROP INDEX price_releases_running;
DELETE FROM price_releases WHERE version IS NULL;
ALTER TABLE price_releases RENAME COLUMN started_at TO published_at;
UPDATE price_releases SET content_hash = COALESCE(content_hash, ''), models = COALESCE(models, 0);
ALTER TABLE price_releases ALTER COLUMN content_hash SET NOT NULL;
ALTER TABLE price_releases ALTER COLUMN models SET NOT NULL;
ALTER TABLE price_releases DROP COLUMN state;
ALTER TABLE price_releases DROP COLUMN set_off_by;
ALTER TABLE price_releases DROP COLUMN finished_at;
ALTER TABLE price_releases DROP COLUMN url;
ALTER TABLE price_releases DROP COLUMN etag;
ALTER TABLE price_releases DROP COLUMN last_modified;
ALTER TABLE price_releases DROP COLUMN grammar;
ALTER TABLE price_releases DROP COLUMN refused;
ALTER TABLE price_releases DROP COLUMN reason;
ALTER TABLE price_releases DROP COLUMN alarm;
ALTER TABLE price_releases DROP COLUMN version;
