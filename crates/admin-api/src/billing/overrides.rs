//! `/api/admin/billing/overrides`: prices the operator sets.

mod create;
mod delete;
mod draft;
mod export;
mod get;
mod history;
mod import;
mod json;
mod list;
mod reset;
mod row;
mod update;
mod warnings;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(super) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(list::list_overrides))
        .viewer(routes!(get::get_override))
        .viewer(routes!(history::list_override_versions))
        .viewer(routes!(export::export_overrides))
        .finance(routes!(create::create_override))
        .finance(routes!(reset::reset_overrides))
        .finance(routes!(import::import_overrides))
        .finance(routes!(update::update_override, delete::delete_override))
}
