-- Which upstreams came into question for a request and what came of each, as JSON; NULL where nobody asked.
ALTER TABLE request_logs ADD COLUMN routing TEXT;
