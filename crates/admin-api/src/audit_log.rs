//! `/api/admin/audit-log`: who changed what.

mod get;
mod json;
mod list;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(crate) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(list::list_audit_log))
        .viewer(routes!(get::get_audit_entry))
}
