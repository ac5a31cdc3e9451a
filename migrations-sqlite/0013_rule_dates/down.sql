ALTER TABLE price_multipliers DROP COLUMN effective_from;
ALTER TABLE price_aliases DROP COLUMN effective_from;
