ALTER TABLE price_multipliers DROP COLUMN note;
