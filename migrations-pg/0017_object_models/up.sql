-- Every model that the requests in a file name, as a JSON array; NULL where nobody has read all of them. What a key may
-- use can change between storing a file and making a batch of it.
ALTER TABLE upstream_objects ADD COLUMN models TEXT;
