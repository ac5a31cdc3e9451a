UPDATE meta SET value = '0001' WHERE name = 'oldest_compatible' AND value = '0006';
CREATE TABLE release_models (
    release_id        UUID NOT NULL REFERENCES price_releases (id),
    name              TEXT NOT NULL,
    card_id           BYTEA NOT NULL REFERENCES rate_cards (card_id),
    provider          TEXT,
    mode              TEXT,
    stale             BOOLEAN NOT NULL,
    max_input_tokens  BIGINT,
    max_output_tokens BIGINT,
    PRIMARY KEY (release_id, name)
);
