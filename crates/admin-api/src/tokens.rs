//! `/api/admin/tokens`: who may manage the gateway.

mod create;
mod delete;
mod draft;
mod get;
mod json;
mod list;
mod rotate;
mod update;

use utoipa_axum::routes;

use crate::guarded::Guarded;

pub(crate) fn routes() -> Guarded {
    Guarded::default()
        .admin(routes!(list::list_admin_tokens, create::create_admin_token))
        .admin(routes!(
            get::get_admin_token,
            update::update_admin_token,
            delete::revoke_admin_token
        ))
        .admin(routes!(rotate::rotate_admin_token))
}
