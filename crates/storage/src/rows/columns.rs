//! Columns that many tables have: what sums are keyed by, and what they sum.

use diesel::prelude::*;
use tollgate_domain::{JournalId, KeyId, RollupExtras, RollupKey, RollupValues, UpstreamId};

use crate::schema::{
    request_rollups, rollup_combined, rollup_extras, rollup_histograms, rollup_late, rollups,
};
use crate::sum_columns::with_columns;
use crate::value::{At, Id, Money};

/// The columns of a [`RollupKey`].
#[derive(Debug, Insertable, Queryable)]
#[diesel(table_name = request_rollups, table_name = rollup_extras, table_name = rollup_histograms)]
#[diesel(table_name = rollup_combined, table_name = rollup_late, table_name = rollups)]
#[diesel(treat_none_as_default_value = false)]
pub(crate) struct KeyColumns {
    bucket: At,
    writer: Id,
    key_id: Id,
    team: String,
    upstream_id: Id,
    model: String,
}

/// Declares the columns of a kind of sums.
macro_rules! columns {
    ($(#[$attribute:meta])* $columns:ident of $sums:ident: $($count:ident),+; $($amount:ident),+) => {
        $(#[$attribute])*
        #[diesel(treat_none_as_default_value = false)]
        pub(crate) struct $columns {
            $($count: i64,)+
            $($amount: Money,)+
        }

        impl From<&$sums> for $columns {
            fn from(sums: &$sums) -> Self {
                Self {
                    $($count: sums.$count,)+
                    $($amount: Money(sums.$amount),)+
                }
            }
        }

        impl From<$columns> for $sums {
            fn from(columns: $columns) -> Self {
                Self {
                    $($count: columns.$count,)+
                    $($amount: columns.$amount.0,)+
                }
            }
        }
    };
}

with_columns!(values columns!
    /// The columns of [`RollupValues`].
    #[derive(Debug, Insertable, Queryable)]
    #[diesel(table_name = rollup_late, table_name = rollups)]
    ValueColumns of RollupValues:
);

with_columns!(extras columns!
    /// The columns of [`RollupExtras`].
    #[derive(Debug, Insertable, Queryable)]
    #[diesel(table_name = rollup_extras)]
    ExtrasColumns of RollupExtras:
);

impl From<&RollupKey> for KeyColumns {
    fn from(key: &RollupKey) -> Self {
        Self {
            bucket: At(key.bucket),
            writer: Id(key.writer.uuid()),
            key_id: Id(key.key_id.uuid()),
            team: key.team.clone(),
            upstream_id: Id(key.upstream_id.uuid()),
            model: key.model.clone(),
        }
    }
}

impl From<KeyColumns> for RollupKey {
    fn from(columns: KeyColumns) -> Self {
        Self {
            bucket: columns.bucket.0,
            writer: JournalId::new(columns.writer.0),
            key_id: KeyId::new(columns.key_id.0),
            team: columns.team,
            upstream_id: UpstreamId::new(columns.upstream_id.0),
            model: columns.model,
        }
    }
}
