//! JSON bodies that may be left out.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use http::StatusCode;
use serde::de::DeserializeOwned;

use super::JsonBody;
use crate::problem::{Problem, ProblemType};

/// A JSON object as the whole body, or no body at all, which says nothing.
#[derive(Debug)]
pub(crate) struct OptionalJsonBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for OptionalJsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let limited = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(limited, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(ProblemType::BodyTooLarge, "a body may have at most 1 MiB")
            } else {
                Problem::new(ProblemType::InvalidJson, "the body ended early")
            }
        })?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        let request = Request::from_parts(parts, Body::from(bytes));
        JsonBody::from_request(request, state)
            .await
            .map(|JsonBody(body)| Self(body))
    }
}
