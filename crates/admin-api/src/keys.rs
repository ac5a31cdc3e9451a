//! `/api/admin/keys`: who may send requests.

mod create;
mod delete;
mod draft;
mod get;
mod grants;
mod json;
mod list;
mod rotate;
mod update;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(crate) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(list::list_keys))
        .viewer(routes!(get::get_key))
        .admin(routes!(create::create_key))
        .admin(routes!(update::update_key, delete::delete_key))
        .admin(routes!(rotate::rotate_key))
}
