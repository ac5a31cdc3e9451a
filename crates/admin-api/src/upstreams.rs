//! `/api/admin/upstreams`: where requests go.

mod create;
mod delete;
mod draft;
mod get;
mod json;
mod list;
mod test;
mod update;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(crate) fn routes() -> Guarded {
    Guarded::default()
        .viewer(routes!(list::list_upstreams))
        .viewer(routes!(get::get_upstream))
        .admin(routes!(create::create_upstream))
        .admin(routes!(update::update_upstream, delete::delete_upstream))
        .admin(routes!(test::test_upstream))
}
