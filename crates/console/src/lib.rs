//! The web console, embedded in the binary: for now the one page at `/`.
//!
//! It is a function from [`PageData`] to HTML. The page needs no script, no foreign resource and no token; who serves
//! it decides whether it may show money.

mod html;
mod language;
mod messages;
mod page;
mod page_data;

pub use language::Language;
pub use page::{CONTENT_SECURITY_POLICY, page};
pub use page_data::{Money, PageData, Unrecorded};
