//! Reading routing decisions.

use diesel::prelude::*;
use tollgate_domain::{RequestId, RoutingDecision};

use super::Conn;
use crate::error::QueryError;
use crate::rows::routing_decision;
use crate::schema::request_logs;
use crate::value::Id;

/// Of one request.
pub(crate) fn find(conn: &mut Conn, id: RequestId) -> Result<Option<RoutingDecision>, QueryError> {
    let stored: Option<Option<String>> = request_logs::table
        .find(Id(id.uuid()))
        .select(request_logs::routing)
        .first(conn)
        .optional()?;
    Ok(routing_decision(stored.flatten().as_deref())?)
}
