//! Groups of attempts without a price.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use tollgate_domain::ports::UnpricedGroup;
use tollgate_domain::{ProviderName, UpstreamId};

use super::stored::{model, number};
use crate::error::Corrupt;
use crate::sql_type::{Instant, UniqueId};
use crate::value::{At, Id};

/// One group.
#[derive(Debug, QueryableByName)]
pub(crate) struct UnpricedRow {
    #[diesel(sql_type = Nullable<Text>)]
    model_served: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    model_sent: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    model_requested: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    tier_served: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    tier_requested: Option<String>,
    #[diesel(sql_type = UniqueId)]
    upstream_id: Id,
    #[diesel(sql_type = Text)]
    upstream_name: String,
    #[diesel(sql_type = Text)]
    provider: String,
    #[diesel(sql_type = BigInt)]
    attempts: i64,
    #[diesel(sql_type = BigInt)]
    input_tokens: i64,
    #[diesel(sql_type = BigInt)]
    output_tokens: i64,
    #[diesel(sql_type = Instant)]
    first_seen: At,
    #[diesel(sql_type = Instant)]
    last_seen: At,
}

impl TryFrom<UnpricedRow> for UnpricedGroup {
    type Error = Corrupt;

    fn try_from(row: UnpricedRow) -> Result<Self, Corrupt> {
        Ok(Self {
            model_served: model(row.model_served),
            model_sent: model(row.model_sent),
            model_requested: model(row.model_requested),
            tier_served: row.tier_served,
            tier_requested: row.tier_requested,
            upstream_id: UpstreamId::new(row.upstream_id.0),
            upstream_name: row.upstream_name,
            provider: ProviderName::new(row.provider),
            attempts: number("attempts", row.attempts)?,
            input_tokens: number("tokens", row.input_tokens)?,
            output_tokens: number("tokens", row.output_tokens)?,
            first_seen: row.first_seen.0,
            last_seen: row.last_seen.0,
        })
    }
}
