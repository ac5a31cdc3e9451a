//! Which problems an operation may answer with, for the OpenAPI document.

use std::collections::BTreeMap;

use serde_json::json;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::{ContentBuilder, RefOr, Response, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use super::{Problem, ProblemBody, ProblemType};
use crate::billing::EffectResponse;
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
    /// Following what happens.
    StreamProblems: Unauthenticated, ValidationFailed, TooManyStreams, Internal, DatabaseUnavailable;
    /// Making something new.
    CreateProblems: InvalidJson, Unauthenticated, NameTaken, BodyTooLarge, UnsupportedMediaType, ValidationFailed,
        Internal, DatabaseUnavailable;
    /// Changing something.
    UpdateProblems: InvalidJson, Unauthenticated, NotFound, NameTaken, Stale, BodyTooLarge, UnsupportedMediaType,
        ValidationFailed, Internal, DatabaseUnavailable;
    /// The same for an upstream, whose multipliers are guarded.
    UpdateUpstreamProblems: InvalidJson, Unauthenticated, NotFound, NameTaken, ConfirmationRequired, Stale, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed, Internal, DatabaseUnavailable;
    /// Changing something that has no name of its own.
    EditProblems: InvalidJson, Unauthenticated, NotFound, Stale, BodyTooLarge, UnsupportedMediaType, ValidationFailed,
        Internal, DatabaseUnavailable;
    /// Asking a question with a body.
    QuestionProblems: InvalidJson, Unauthenticated, BodyTooLarge, UnsupportedMediaType, ValidationFailed, Internal,
        DatabaseUnavailable;
    /// Making a price rule.
    CreateRuleProblems: InvalidJson, Unauthenticated, ConfirmationRequired, RuleExists, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed, Internal, DatabaseUnavailable;
    /// Changing a price rule or multipliers.
    UpdateRuleProblems: InvalidJson, Unauthenticated, NotFound, ConfirmationRequired, Stale, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed, Internal, DatabaseUnavailable;
    /// Removing a price rule.
    DeleteRuleProblems: Unauthenticated, NotFound, ConfirmationRequired, Stale, ValidationFailed, Internal,
        DatabaseUnavailable;
    /// Removing many price rules.
    ResetRuleProblems: InvalidJson, Unauthenticated, ConfirmationRequired, Stale, BodyTooLarge, UnsupportedMediaType,
        ValidationFailed, Internal, DatabaseUnavailable;
    /// Importing price rules.
    ImportProblems: InvalidJson, Unauthenticated, ConfirmationRequired, RuleExists, Stale, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed, Internal, DatabaseUnavailable;
    /// Beginning a price sync.
    SyncProblems: InvalidJson, Unauthenticated, SyncRunning, BodyTooLarge, UnsupportedMediaType, ValidationFailed,
        Internal, DatabaseUnavailable;
    /// Replacing a token.
    RotateProblems: InvalidJson, Unauthenticated, NotFound, Stale, BodyTooLarge, UnsupportedMediaType,
        ValidationFailed, Internal, DatabaseUnavailable;
    /// Testing an upstream.
    TestProblems: InvalidJson, Unauthenticated, NotFound, BodyTooLarge, UnsupportedMediaType, ValidationFailed,
        Internal, DatabaseUnavailable;
    /// Running a job.
    RunJobProblems: Unauthenticated, NotFound, JobRunning, Internal, DatabaseUnavailable;
    /// Reading a list that belongs to one thing.
    PageProblems: Unauthenticated, NotFound, ValidationFailed, Internal, DatabaseUnavailable;
    /// Deciding on held prices.
    DecideProblems: InvalidJson, Unauthenticated, NotFound, NothingHeld, BodyTooLarge, UnsupportedMediaType,
        ValidationFailed, Internal, DatabaseUnavailable;
    /// Going back to a release.
    ActivateProblems: Unauthenticated, NotFound, NotActivatable, Internal, DatabaseUnavailable;
    /// Removing stale models.
    RemoveStaleProblems: InvalidJson, Unauthenticated, ConfirmationRequired, NothingStale, BodyTooLarge, UnsupportedMediaType,
        ValidationFailed, Internal, DatabaseUnavailable;
    /// Changing an admin token.
    UpdateTokenProblems: InvalidJson, Unauthenticated, NotFound, NameTaken, LastAdmin, Stale, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed, Internal, DatabaseUnavailable;
    /// Giving an admin token a new secret.
    RotateTokenProblems: InvalidJson, Unauthenticated, NotFound, LastAdmin, Stale, BodyTooLarge, UnsupportedMediaType,
        ValidationFailed, Internal, DatabaseUnavailable;
    /// Revoking an admin token.
    DeleteTokenProblems: Unauthenticated, NotFound, LastAdmin, Stale, Internal, DatabaseUnavailable;
    /// Signing in.
    SignInProblems: InvalidJson, Unauthenticated, CrossSite, BodyTooLarge, UnsupportedMediaType, ValidationFailed,
        TooManyAttempts, Internal, DatabaseUnavailable;
    /// Removing something.
    DeleteProblems: Unauthenticated, NotFound, Stale, Internal, DatabaseUnavailable;
}

/// What an operation behind the check of tokens and roles may be answered with besides its own problems: `forbidden`
/// where not everybody may call it, `cross_site` where it is not safe.
pub(crate) fn guard_responses(role_needed: bool, is_safe: bool) -> Vec<(&'static str, Response)> {
    let mut kinds = Vec::new();
    if role_needed {
        kinds.push(ProblemType::Forbidden);
    }
    if !is_safe {
        kinds.push(ProblemType::CrossSite);
    }
    let mut responses = vec![("429", response(&[ProblemType::TooManyAttempts]))];
    if !kinds.is_empty() {
        responses.push(("403", response(&kinds)));
    }
    responses
}

/// The answer to parameters and fields that nobody knows, where an operation takes none that could be out of bounds.
pub(crate) fn validation_response() -> Response {
    response(&[ProblemType::ValidationFailed])
}

/// What the idempotency key of an operation may be answered with; for statuses it answers with anyway.
pub(crate) fn idempotency_responses() -> [(&'static str, ProblemType, Response); 3] {
    [
        ProblemType::IdempotencyConflict,
        ProblemType::BodyTooLarge,
        ProblemType::IdempotencyKeyReused,
    ]
    .map(|kind| {
        let status = match kind {
            ProblemType::IdempotencyConflict => "409",
            ProblemType::BodyTooLarge => "413",
            _ => "422",
        };
        (status, kind, response(&[kind]))
    })
}

/// Adds the schemas that problem responses refer to.
pub(crate) fn problem_schemas(schemas: &mut Schemas) {
    add::<FieldError>(schemas);
    add::<ProblemTypeSchema>(schemas);
    add::<ProblemBody<'_>>(schemas);
    add::<EffectResponse>(schemas);
    EffectResponse::schemas(schemas);
}

fn add<T: ToSchema>(schemas: &mut Schemas) {
    schemas.push((T::name().into_owned(), T::schema()));
}

fn documented(kinds: &[ProblemType]) -> Responses {
    let mut by_status: BTreeMap<u16, Vec<ProblemType>> = BTreeMap::new();
    for kind in kinds {
        by_status.entry(kind.status().as_u16()).or_default().push(*kind);
    }
    let responses = by_status
        .into_iter()
        .map(|(status, kinds)| (status.to_string(), response(&kinds).into()));
    responses.collect()
}

/// One answer for all problems of a status; the example is the first one's.
fn response(kinds: &[ProblemType]) -> Response {
    let described: Vec<String> = kinds
        .iter()
        .map(|kind| format!("{} (`{}`)", kind.title(), kind.name()))
        .collect();
    let mut content = ContentBuilder::new().schema(Some(Problem::schema()));
    let first = kinds.first().copied();
    if let Some(kind) = first {
        content = content.example(Some(example(kind)));
    }
    let response = ResponseBuilder::new()
        .description(described.join(", or: "))
        .content("application/problem+json", content.build());
    match first.and_then(header) {
        Some((name, description)) => response.header(name, self::described(description)).build(),
        None => response.build(),
    }
}

fn example(kind: ProblemType) -> serde_json::Value {
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
    example
}

fn header(kind: ProblemType) -> Option<(&'static str, &'static str)> {
    match kind {
        ProblemType::Unauthenticated => Some(("WWW-Authenticate", "Asks for a bearer token")),
        ProblemType::DatabaseUnavailable
        | ProblemType::TooManyAttempts
        | ProblemType::IdempotencyConflict => Some(("Retry-After", "Seconds to wait")),
        _ => None,
    }
}

fn described(description: &str) -> utoipa::openapi::Header {
    HeaderBuilder::new()
        .schema(Some(utoipa::schema!(String)))
        .description(Some(description))
        .build()
}
