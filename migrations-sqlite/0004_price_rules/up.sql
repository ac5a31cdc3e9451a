-- The operator's price rules: what an override is right since, why a rule ended, multipliers by model, price modifiers
-- that are always on at an upstream, what happens to requests without a price, and a model's limits.
ALTER TABLE price_overrides ADD COLUMN effective_from INTEGER;
ALTER TABLE price_overrides ADD COLUMN end_note TEXT;
ALTER TABLE price_aliases ADD COLUMN note TEXT;
ALTER TABLE price_aliases ADD COLUMN end_note TEXT;
ALTER TABLE price_multipliers ADD COLUMN by_model TEXT NOT NULL DEFAULT '[]';
ALTER TABLE upstreams ADD COLUMN model_multipliers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE upstreams ADD COLUMN price_modifiers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE upstreams ADD COLUMN on_unpriced TEXT;
ALTER TABLE api_keys ADD COLUMN on_unpriced TEXT;
ALTER TABLE release_models ADD COLUMN max_input_tokens INTEGER;
ALTER TABLE release_models ADD COLUMN max_output_tokens INTEGER;

-- One rule in force for a name, globally and for each upstream.
CREATE UNIQUE INDEX price_overrides_in_force_for ON price_overrides (model, COALESCE(upstream_id, x''))
    WHERE valid_to_version IS NULL;
CREATE UNIQUE INDEX price_aliases_in_force_for ON price_aliases (alias, COALESCE(upstream_id, x''))
    WHERE valid_to_version IS NULL;
