DROP TABLE upstream_objects;
DROP TABLE deferred_operations;
