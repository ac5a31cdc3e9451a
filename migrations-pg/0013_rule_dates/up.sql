-- Since when aliases and multipliers are right in the operator's view, as of overrides.
ALTER TABLE price_aliases ADD COLUMN effective_from TIMESTAMPTZ;
ALTER TABLE price_multipliers ADD COLUMN effective_from TIMESTAMPTZ;
