//! Models seen in traffic.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use tollgate_domain::ports::SeenModels;
use tollgate_domain::{ModelName, ProviderName, Timestamp};

use super::{Conn, dialect};
use crate::error::QueryError;
use crate::sql_type::Instant;
use crate::value::At;

/// The rollups say what was served, or else sent.
const SERVED: &str = "
    SELECT DISTINCT u.provider AS provider, r.model AS model
    FROM rollups r JOIN upstreams u ON u.id = r.upstream_id
    WHERE r.bucket >= $1 AND r.model <> ''";

/// Callers name models too. Each step jumps to the next name in the index, however many requests named the last.
const REQUESTED: &str = "
    WITH RECURSIVE names(model) AS (
        SELECT MIN(model_requested) FROM request_logs
        UNION ALL
        SELECT (SELECT MIN(l.model_requested) FROM request_logs l WHERE l.model_requested > names.model)
        FROM names WHERE names.model IS NOT NULL
    )
    SELECT '' AS provider, model FROM names
    WHERE model IS NOT NULL
        AND EXISTS (SELECT 1 FROM request_logs l WHERE l.model_requested = names.model AND l.occurred_at >= $1)";

#[derive(QueryableByName)]
struct SeenRow {
    #[diesel(sql_type = Text)]
    provider: String,
    #[diesel(sql_type = Text)]
    model: String,
}

/// Models in traffic since then.
pub(crate) fn models(conn: &mut Conn, since: Timestamp) -> Result<SeenModels, QueryError> {
    dialect::snapshot(conn, |conn| {
        let mut rows = |query: &str| {
            sql_query(query)
                .bind::<Instant, _>(At(since))
                .load::<SeenRow>(conn)
        };
        let (served, requested) = (rows(SERVED)?, rows(REQUESTED)?);
        Ok(SeenModels {
            served: served
                .into_iter()
                .map(|row| (ProviderName::new(row.provider), ModelName::new(row.model)))
                .collect(),
            requested: requested
                .into_iter()
                .map(|row| ModelName::new(row.model))
                .collect(),
        })
    })
}
