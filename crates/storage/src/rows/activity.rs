//! What single keys and upstreams did.

use diesel::prelude::*;
use diesel::sql_types::Nullable;

use crate::sql_type::{Instant, UniqueId};
use crate::value::{At, Id};

/// When one of them was last used.
#[derive(Debug, QueryableByName)]
pub(crate) struct LastUsedRow {
    #[diesel(sql_type = UniqueId)]
    pub(crate) id: Id,
    #[diesel(sql_type = Nullable<Instant>)]
    pub(crate) logged_at: Option<At>,
    #[diesel(sql_type = Nullable<Instant>)]
    pub(crate) bucket: Option<At>,
}
