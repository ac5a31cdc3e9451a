//! Requests under an idempotency key.

use diesel::prelude::*;
use tollgate_domain::Timestamp;
use tollgate_domain::ports::{Claim, IdempotentRequest};
use uuid::Uuid;

use super::{Conn, dialect};
use crate::error::QueryError;
use crate::rows::{IdempotentRow, StoredClaim};
use crate::schema::idempotent_requests;
use crate::value::{At, Id};

/// Claims a request, or says what is known of it. Of several that claim at once the database lets one insert its row.
pub(crate) fn claim(
    conn: &mut Conn,
    request: &IdempotentRequest,
    claim: &Claim,
) -> Result<StoredClaim, QueryError> {
    dialect::write(conn, |conn| {
        let row = IdempotentRow::new(request, claim);
        let of_key = idempotent_requests::table
            .filter(idempotent_requests::token_id.eq(row.token_id))
            .filter(idempotent_requests::request_key.eq(&row.request_key));
        let inserted = diesel::insert_into(idempotent_requests::table)
            .values(&row)
            .on_conflict((idempotent_requests::token_id, idempotent_requests::request_key))
            .do_nothing()
            .execute(conn)?;
        if inserted == 1 {
            return Ok(StoredClaim::Yes);
        }
        // A row that is over, or whose claimer did not come back, is taken over: by one, since the update looks again.
        let over = idempotent_requests::expires_at
            .le(At(claim.at))
            .assume_not_null()
            .or(idempotent_requests::sealed_answer
                .is_null()
                .and(idempotent_requests::request_hash.eq(row.request_hash))
                .and(idempotent_requests::claimed_until.le(At(claim.at))));
        let taken = diesel::update(of_key.filter(over))
            .set((
                idempotent_requests::request_hash.eq(row.request_hash),
                idempotent_requests::claim_id.eq(row.claim_id),
                idempotent_requests::claimed_until.eq(row.claimed_until),
                idempotent_requests::sealed_answer.eq(None::<String>),
                idempotent_requests::expires_at.eq(row.expires_at),
            ))
            .execute(conn)?;
        if taken == 1 {
            return Ok(StoredClaim::Yes);
        }
        let stored: Option<IdempotentRow> =
            of_key.select(IdempotentRow::as_select()).first(conn).optional()?;
        Ok(match stored {
            Some(stored) if stored.request_hash != row.request_hash => StoredClaim::Different,
            Some(IdempotentRow {
                sealed_answer: Some(sealed),
                ..
            }) => StoredClaim::Answered(sealed),
            // Or given back this moment: the caller asks again.
            Some(_) | None => StoredClaim::Running,
        })
    })
}

/// Keeps the answer, unless somebody else has taken the request over.
pub(crate) fn answer(
    conn: &mut Conn,
    request: &IdempotentRequest,
    claim: Uuid,
    sealed: &str,
) -> Result<(), QueryError> {
    let row = idempotent_requests::table
        .filter(idempotent_requests::token_id.eq(Id(request.token_id.uuid())))
        .filter(idempotent_requests::request_key.eq(&request.key))
        .filter(idempotent_requests::claim_id.eq(Id(claim)));
    diesel::update(row)
        .set(idempotent_requests::sealed_answer.eq(Some(sealed)))
        .execute(conn)?;
    Ok(())
}

/// Gives the claim back.
pub(crate) fn release(conn: &mut Conn, request: &IdempotentRequest, claim: Uuid) -> Result<(), QueryError> {
    let row = idempotent_requests::table
        .filter(idempotent_requests::token_id.eq(Id(request.token_id.uuid())))
        .filter(idempotent_requests::request_key.eq(&request.key))
        .filter(idempotent_requests::claim_id.eq(Id(claim)))
        .filter(idempotent_requests::sealed_answer.is_null());
    diesel::delete(row).execute(conn)?;
    Ok(())
}

/// Removes answers past their time; how many.
pub(super) fn purge(conn: &mut Conn, at: Timestamp) -> Result<usize, QueryError> {
    let over = idempotent_requests::table.filter(idempotent_requests::expires_at.le(At(at)));
    Ok(diesel::delete(over).execute(conn)?)
}
