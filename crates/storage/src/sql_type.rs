//! SQL types that both databases share, each stored natively: diesel's own exist for one backend only, or go
//! through a float on the other.

use diesel::query_builder::QueryId;
use diesel::sql_types::{SqlType, ops};

/// Exact decimals: NUMERIC on `PostgreSQL`, an integer of the value's smallest unit on `SQLite`.
///
/// Named like diesel's, because `table!` derives arithmetic from the name.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 1700, array_oid = 1231))]
#[diesel(sqlite_type(name = "Long"))]
pub struct Numeric;

/// Instants: TIMESTAMPTZ on `PostgreSQL`, microseconds since 1970 on `SQLite`.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 1184, array_oid = 1185))]
#[diesel(sqlite_type(name = "Long"))]
pub struct Instant;

/// UUIDs: UUID on `PostgreSQL`, a blob of 16 bytes on `SQLite`.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[diesel(postgres_type(oid = 2950, array_oid = 2951))]
#[diesel(sqlite_type(name = "Binary"))]
pub struct UniqueId;

macro_rules! arithmetic {
    ($($operation:ident),*) => {
        $(impl ops::$operation for Numeric {
            type Rhs = Self;
            type Output = Self;
        })*
    };
}

arithmetic!(Add, Sub, Mul, Div);
