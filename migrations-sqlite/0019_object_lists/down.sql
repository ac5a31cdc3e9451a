DROP TABLE hidden_objects;
DROP INDEX upstream_objects_of_key;
DROP INDEX deferred_operations_of_key;
