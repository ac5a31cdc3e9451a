//! Multipliers.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;
use tollgate_domain::Multiplier;

use super::pg_numeric;
use crate::sql_type::Numeric;

/// A multiplier: NUMERIC on `PostgreSQL`, an integer of 1e-6 on `SQLite`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Numeric)]
pub struct Factor(pub(crate) Multiplier);

/// How many units of `pg_numeric` make one of 1e-6.
const PICO_PER_MICRO: i128 = 1_000_000;

impl ToSql<Numeric, Sqlite> for Factor {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(i64::from(self.0.micro()));
        Ok(IsNull::No)
    }
}

impl FromSql<Numeric, Sqlite> for Factor {
    fn from_sql(value: <Sqlite as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        let micro = <i64 as FromSql<BigInt, Sqlite>>::from_sql(value)?;
        Ok(Self(Multiplier::try_from_micro(i128::from(micro))?))
    }
}

impl ToSql<Numeric, Pg> for Factor {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        pg_numeric::write(i128::from(self.0.micro()) * PICO_PER_MICRO, out)
    }
}

impl FromSql<Numeric, Pg> for Factor {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        let pico = pg_numeric::read(value.as_bytes())?;
        if pico % PICO_PER_MICRO != 0 {
            return Err("a multiplier has more than 6 decimals".into());
        }
        Ok(Self(Multiplier::try_from_micro(pico / PICO_PER_MICRO)?))
    }
}
