UPDATE meta SET value = '0001' WHERE name = 'oldest_compatible' AND value = '0006';
CREATE TABLE release_models (
    release_id        BLOB NOT NULL REFERENCES price_releases (id),
    name              TEXT NOT NULL,
    card_id           BLOB NOT NULL REFERENCES rate_cards (card_id),
    provider          TEXT,
    mode              TEXT,
    stale             INTEGER NOT NULL,
    max_input_tokens  INTEGER,
    max_output_tokens INTEGER,
    PRIMARY KEY (release_id, name)
) STRICT;
