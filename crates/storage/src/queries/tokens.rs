//! Admin tokens.

use diesel::prelude::*;
use tollgate_domain::ports::AdminToken;
use tollgate_domain::{Actor, TokenHash};

use super::{Conn, audit, dialect, sessions};
use crate::error::QueryError;
use crate::rows::{AdminTokenRow, noted_token};
use crate::schema::admin_tokens;
use crate::value::Digest32;

/// By what it hashes to, now or before its last rotation.
pub(crate) fn find(conn: &mut Conn, hash: TokenHash) -> Result<Option<AdminToken>, QueryError> {
    let digest = Digest32(*hash.as_bytes());
    let row = admin_tokens::table
        .filter(
            admin_tokens::token_hash
                .eq(digest)
                .or(admin_tokens::previous_hash.eq(digest).assume_not_null()),
        )
        .select(AdminTokenRow::as_select())
        .first(conn)
        .optional()?;
    Ok(row.map(AdminToken::try_from).transpose()?)
}

/// Stores the token if it is the installation's first.
pub(crate) fn create_first(conn: &mut Conn, token: AdminToken, actor: &Actor) -> Result<bool, QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_installation(conn)?;
        let tokens: i64 = admin_tokens::table.count().get_result(conn)?;
        if tokens > 0 {
            return Ok(false);
        }
        let at = token.created_at;
        let edit = noted_token("token.create", None, Some(&token));
        diesel::insert_into(admin_tokens::table)
            .values(AdminTokenRow::from(token))
            .execute(conn)?;
        audit::note(conn, actor, at, edit)?;
        Ok(true)
    })
}

/// Creates the token or replaces what the one of its name hashes to and may do.
pub(crate) fn put(conn: &mut Conn, token: AdminToken, actor: &Actor) -> Result<(), QueryError> {
    dialect::write(conn, |conn| {
        dialect::lock_installation(conn)?;
        let at = token.created_at;
        let found: Option<AdminTokenRow> = admin_tokens::table
            .filter(admin_tokens::name.eq(&token.name))
            .select(AdminTokenRow::as_select())
            .first(conn)
            .optional()?;
        let Some(before) = found else {
            let edit = noted_token("token.create", None, Some(&token));
            diesel::insert_into(admin_tokens::table)
                .values(AdminTokenRow::from(token))
                .execute(conn)?;
            return audit::note(conn, actor, at, edit);
        };
        let before = AdminToken::try_from(before)?;
        let after = AdminToken {
            id: before.id,
            expires_at: None,
            previous: None,
            last_used_at: before.last_used_at,
            created_at: before.created_at,
            updated_at: at,
            revision: before.revision + 1,
            ..token
        };
        let same = (before.token_hash, before.role, before.expires_at)
            == (after.token_hash, after.role, after.expires_at);
        if same {
            return Ok(());
        }
        let edit = noted_token("token.update", Some(&before), Some(&after));
        sessions::end_of_token(conn, after.id, None)?;
        let row = AdminTokenRow::from(after);
        diesel::update(admin_tokens::table.find(row.id))
            .set(&row)
            .execute(conn)?;
        audit::note(conn, actor, at, edit)
    })
}
