//! Amounts.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;
use tollgate_domain::Usd;

use super::pg_numeric;
use crate::sql_type::Numeric;

/// An amount: NUMERIC on `PostgreSQL`, an integer of 1e-12 USD on `SQLite` (there at most 9,223,372 USD; beyond
/// it the statement fails, nothing is stored wrong).
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Numeric)]
pub struct Money(pub(crate) Usd);

impl ToSql<Numeric, Sqlite> for Money {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(i64::try_from(self.0.pico())?);
        Ok(IsNull::No)
    }
}

impl FromSql<Numeric, Sqlite> for Money {
    fn from_sql(value: <Sqlite as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let pico = <i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?;
        Ok(Self(Usd::from_pico(i128::from(pico))))
    }
}

impl ToSql<Numeric, Pg> for Money {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        pg_numeric::write(self.0.pico(), out)
    }
}

impl FromSql<Numeric, Pg> for Money {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(Usd::from_pico(pg_numeric::read(value.as_bytes())?)))
    }
}
