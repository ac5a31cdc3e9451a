-- Whether usage that an upstream's answers do not tell is estimated; NULL as the installation says.
ALTER TABLE upstreams ADD COLUMN estimate_missing_usage INTEGER;
