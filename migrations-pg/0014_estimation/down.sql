ALTER TABLE upstreams DROP COLUMN estimate_missing_usage;
