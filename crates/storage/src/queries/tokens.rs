//! Admin tokens.

use diesel::prelude::*;
use diesel::upsert::excluded;
use tollgate_domain::TokenHash;
use tollgate_domain::ports::AdminToken;

use super::{Conn, dialect};
use crate::error::QueryError;
use crate::rows::AdminTokenRow;
use crate::schema::admin_tokens;
use crate::value::Digest32;

pub(crate) fn find(conn: &mut Conn, hash: TokenHash) -> Result<Option<AdminToken>, QueryError> {
    let row = admin_tokens::table
        .filter(admin_tokens::token_hash.eq(Digest32(*hash.as_bytes())))
        .select(AdminTokenRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(AdminToken::try_from).transpose()?)
}

/// Stores the token if it is the installation's first.
pub(crate) fn create_first(conn: &mut Conn, token: AdminToken) -> Result<bool, QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_installation(conn)?;
        let tokens: i64 = admin_tokens::table.count().get_result(conn)?;
        if tokens > 0 {
            return Ok(false);
        }
        diesel::insert_into(admin_tokens::table)
            .values(AdminTokenRow::from(token))
            .execute(conn)?;
        Ok(true)
    })
}

/// Creates the token or replaces what the one of its name hashes to and may do.
pub(crate) fn put(conn: &mut Conn, token: AdminToken) -> Result<(), QueryError> {
    diesel::insert_into(admin_tokens::table)
        .values(AdminTokenRow::from(token))
        .on_conflict(admin_tokens::name)
        .do_update()
        .set((
            admin_tokens::token_hash.eq(excluded(admin_tokens::token_hash)),
            admin_tokens::role.eq(excluded(admin_tokens::role)),
        ))
        .execute(conn)?;
    Ok(())
}
