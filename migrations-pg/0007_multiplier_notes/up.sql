-- Why an upstream's multipliers were changed.
ALTER TABLE price_multipliers ADD COLUMN note TEXT;
