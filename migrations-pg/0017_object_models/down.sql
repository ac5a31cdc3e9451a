ALTER TABLE upstream_objects DROP COLUMN models;
