//! Ids in paths.

use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use crate::field::clipped;
use crate::problem::{Problem, ProblemType};

/// The id in the path. What is no id names nothing, so it is not found.
#[derive(Debug)]
pub(crate) struct PathId<T>(pub(crate) T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for PathId<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        let text = text.map(|Path(text)| text).unwrap_or_default();
        let id = text.parse().ok().map(Self);
        id.ok_or_else(|| Problem::new(ProblemType::NotFound, format!("{:?} is no id", clipped(&text))))
    }
}
