//! What handlers take from a request, with problems for what does not fit.

mod change;
mod json_body;
mod optional_json_body;
mod path_id;
mod query;

pub(crate) use change::{Change, given};
pub(crate) use json_body::{JsonBody, message};
pub(crate) use optional_json_body::OptionalJsonBody;
pub(crate) use path_id::PathId;
pub(crate) use query::{QueryReader, parse_bool, parse_id};
