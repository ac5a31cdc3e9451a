//! Which problems an operation may answer with, for the OpenAPI document.

use std::collections::BTreeMap;

use serde_json::json;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::{ContentBuilder, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use super::{Problem, ProblemBody, ProblemType};
use crate::field::FieldError;
use crate::schema::ProblemTypeSchema;

type Responses = BTreeMap<String, RefOr<Response>>;
type Schemas = Vec<(String, RefOr<utoipa::openapi::schema::Schema>)>;

macro_rules! problem_groups {
    ($($(#[$doc:meta])* $name:ident: $($kind:ident),+;)*) => {$(
        $(#[$doc])*
        pub(crate) enum $name {}

        impl IntoResponses for $name {
            fn responses() -> Responses {
                documented(&[$(ProblemType::$kind),+])
            }
        }
    )*};
}

problem_groups! {
    /// Reading something that is always there.
    ReadProblems: Unauthenticated, Internal, DatabaseUnavailable;
    /// Reading one thing by id.
    FindProblems: Unauthenticated, NotFound, Internal, DatabaseUnavailable;
    /// Reading a list by parameters.
    QueryProblems: Unauthenticated, ValidationFailed, Internal, DatabaseUnavailable;
    /// Making something new.
    CreateProblems: InvalidJson, Unauthenticated, NameTaken, BodyTooLarge, UnsupportedMediaType, ValidationFailed,
        Internal, DatabaseUnavailable;
    /// Changing something.
    UpdateProblems: InvalidJson, Unauthenticated, NotFound, NameTaken, Stale, BodyTooLarge, UnsupportedMediaType,
        ValidationFailed, Internal, DatabaseUnavailable;
    /// Removing something.
    DeleteProblems: Unauthenticated, NotFound, Stale, Internal, DatabaseUnavailable;
}

/// Adds the schemas that problem responses refer to.
pub(crate) fn problem_schemas(schemas: &mut Schemas) {
    add::<FieldError>(schemas);
    add::<ProblemTypeSchema>(schemas);
    add::<ProblemBody<'_>>(schemas);
}

fn add<T: ToSchema>(schemas: &mut Schemas) {
    schemas.push((T::name().into_owned(), T::schema()));
}

fn documented(kinds: &[ProblemType]) -> Responses {
    let responses = kinds.iter().map(|kind| {
        let status = kind.status().as_str().to_owned();
        (status, response(*kind).into())
    });
    responses.collect()
}

fn response(kind: ProblemType) -> Response {
    let mut example = json!({
        "type": kind.uri(),
        "title": kind.title(),
        "status": kind.status().as_u16(),
        "detail": "what happened this time",
    });
    if let (ProblemType::ValidationFailed, Some(body)) = (kind, example.as_object_mut()) {
        let errors = json!([{"field": "weight", "message": "0 is outside 1..=1000"}]);
        body.insert("errors".to_owned(), errors);
    }
    let content = ContentBuilder::new()
        .schema(Some(Problem::schema()))
        .example(Some(example));
    let response = ResponseBuilder::new()
        .description(format!("{} (`{}`)", kind.title(), kind.name()))
        .content("application/problem+json", content.build());
    match header(kind) {
        Some((name, description)) => response.header(name, described(description)).build(),
        None => response.build(),
    }
}

fn header(kind: ProblemType) -> Option<(&'static str, &'static str)> {
    match kind {
        ProblemType::Unauthenticated => Some(("WWW-Authenticate", "Asks for a bearer token")),
        ProblemType::DatabaseUnavailable => Some(("Retry-After", "Seconds to wait")),
        _ => None,
    }
}

fn described(description: &str) -> utoipa::openapi::Header {
    HeaderBuilder::new()
        .schema(Some(utoipa::schema!(String)))
        .description(Some(description))
        .build()
}
