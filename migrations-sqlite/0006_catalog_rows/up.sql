-- Whatever still wrote whole releases wrote them here. A binary that reads this table would find no prices, so from here
-- on it refuses to start.
DROP TABLE release_models;
UPDATE meta SET value = '0006' WHERE name = 'oldest_compatible' AND value < '0006';
