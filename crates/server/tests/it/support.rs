//! What the tests share.

mod admin;
mod backend;
mod books;
mod gateway;
mod setup;

pub(crate) use admin::Admin;
pub(crate) use backend::{Backend, both};
pub(crate) use books::{Books, compare_with_invoice};
pub(crate) use gateway::{ADMIN_TOKEN, Gateway, GatewayBuilder, SECRET_KEY, binary};
pub(crate) use setup::Setup;
