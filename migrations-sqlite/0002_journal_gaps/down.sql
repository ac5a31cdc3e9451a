-- Undoes up.sql. What is known of unrecorded attempts is lost.
DROP TABLE journal_gaps;
