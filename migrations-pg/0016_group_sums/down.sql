UPDATE meta SET value = '0010' WHERE name = 'oldest_compatible' AND value = '0016';
DELETE FROM meta WHERE name = 'group_sums';
DROP INDEX request_logs_not_billed;
DROP INDEX request_logs_of_origin;
DROP INDEX request_logs_of_class;
CREATE INDEX request_logs_with_error ON request_logs (occurred_at, request_id)
    WHERE error_origin IS NOT NULL OR http_status >= 400;
DROP INDEX attention_days_of_kind;
DROP TABLE attention_weeks;
DROP INDEX rollup_spans_of_model;
DROP INDEX rollup_spans_of_upstream;
DROP INDEX rollup_spans_of_team;
DROP INDEX rollup_spans_of_key;
DROP TABLE rollup_tallies;
DROP TABLE rollup_groups;
