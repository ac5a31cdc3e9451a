//! PostgreSQL and SQLite behind the domain's ports.
