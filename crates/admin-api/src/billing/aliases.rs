//! `/api/admin/billing/aliases`: other names for models that have a price.

mod create;
mod delete;
mod draft;
mod export;
mod get;
mod history;
mod import;
mod json;
mod list;
mod row;
mod update;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(super) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(list::list_aliases))
        .viewer(routes!(get::get_alias))
        .viewer(routes!(history::list_alias_versions))
        .viewer(routes!(export::export_aliases))
        .finance(routes!(create::create_alias))
        .finance(routes!(import::import_aliases))
        .finance(routes!(update::update_alias, delete::delete_alias))
}
