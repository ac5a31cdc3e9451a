//! Errors as callers see them: RFC 9457 problems.

mod documented;
mod kind;

use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use tollgate_domain::ports::StoreError;
use tollgate_domain::{Actor, AdminRole, MoneyError};
use utoipa::ToSchema;

use crate::RandomnessUnavailable;
use crate::billing::EffectResponse;
use crate::field::FieldError;
use crate::schema::ProblemTypeSchema;

pub(crate) use documented::{
    ActivateProblems, CreateProblems, CreateRuleProblems, DecideProblems, DeleteProblems, DeleteRuleProblems,
    DeleteTokenProblems, EditProblems, FindProblems, ImportProblems, PageProblems, QueryProblems,
    QuestionProblems, ReadProblems, RemoveStaleProblems, ResetRuleProblems, RotateProblems,
    RotateTokenProblems, RunJobProblems, SignInProblems, StreamProblems, SyncProblems, TestProblems,
    UpdateProblems, UpdateRuleProblems, UpdateTokenProblems, UpdateUpstreamProblems, guard_responses,
    idempotency_responses, problem_schemas, validation_response,
};
pub(crate) use kind::ProblemType;

/// How soon to try again when the database is away, in seconds.
const RETRY_AFTER_SECONDS: &str = "2";

/// A request that failed, and how.
#[derive(Debug)]
pub(crate) struct Problem {
    kind: ProblemType,
    detail: String,
    errors: Vec<FieldError>,
    effect: Option<Box<EffectResponse>>,
    retry_after: Option<i64>,
}

/// The body of every error answer (RFC 9457, `application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem, examples(json!({
    "type": "urn:tollgate:problem:validation_failed",
    "title": "The request breaks a rule",
    "status": 422,
    "detail": "1 field is not acceptable",
    "errors": [{"field": "weight", "message": "0 is outside 1..=1000"}],
})))]
struct ProblemBody<'a> {
    /// Which problem; stable, for programs to branch on.
    #[serde(rename = "type")]
    #[schema(value_type = ProblemTypeSchema)]
    kind: String,
    /// The same for every occurrence of the type.
    title: &'a str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What happened this time.
    detail: &'a str,
    /// The fields at fault; only for `validation_failed`.
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    #[schema(value_type = Vec<FieldError>)]
    errors: &'a [FieldError],
    /// What the change would do; only for `confirmation_required`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = EffectResponse, required = false)]
    effect: Option<&'a EffectResponse>,
}

impl Problem {
    /// A problem of a type, with what happened this time.
    pub(crate) fn new(kind: ProblemType, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self {
            kind,
            detail,
            errors: Vec::new(),
            effect: None,
            retry_after: None,
        }
    }

    /// A change of prices that the operator has to confirm.
    pub(crate) fn confirmation_required(effect: EffectResponse) -> Self {
        let detail = "it moves prices by more than the guard allows, to zero, or leaves a model without a price; see \
                      effect, and send it again with confirm set to true if that is wanted";
        Self {
            effect: Some(Box::new(effect)),
            ..Self::new(ProblemType::ConfirmationRequired, detail)
        }
    }

    /// No valid admin token.
    pub(crate) fn unauthenticated(detail: &str) -> Self {
        Self::new(ProblemType::Unauthenticated, detail)
    }

    /// Somebody who failed too often, and in how many seconds they may try again.
    pub(crate) fn too_many_attempts(seconds: i64) -> Self {
        let detail = format!("try again in {seconds} s");
        Self {
            retry_after: Some(seconds),
            ..Self::new(ProblemType::TooManyAttempts, detail)
        }
    }

    /// The actor's role does not cover the one needed.
    pub(crate) fn forbidden(actor: &Actor, needed: AdminRole) -> Self {
        let roles = AdminRole::ALL
            .into_iter()
            .rev()
            .filter(|role| role.covers(needed));
        let roles: Vec<&str> = roles.map(AdminRole::as_str).collect();
        let detail = format!(
            "it needs the role {}; the token {:?} has the role {}",
            roles.join(" or "),
            actor.name,
            actor.role.as_str()
        );
        Self::new(ProblemType::Forbidden, detail)
    }

    /// No living thing of that id.
    pub(crate) fn not_found(what: &str, id: impl std::fmt::Display) -> Self {
        Self::new(ProblemType::NotFound, format!("there is no {what} {id}"))
    }

    /// Somebody else changed it since.
    pub(crate) fn stale(revision: i64) -> Self {
        let detail = format!("it is at revision {revision} now; read it again and repeat the edit");
        Self::new(ProblemType::Stale, detail)
    }

    /// Fields at fault.
    pub(crate) fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.len() {
            1 => "1 field is not acceptable".to_owned(),
            count => format!("{count} fields are not acceptable"),
        };
        Self {
            errors,
            ..Self::new(ProblemType::ValidationFailed, detail)
        }
    }

    /// One field at fault.
    pub(crate) fn invalid_field(field: impl Into<String>, message: impl Into<String>) -> Self {
        let (field, message) = (field.into(), message.into());
        Self::invalid(vec![FieldError { field, message }])
    }

    /// Our own fault; the error goes to the log, never to the caller.
    pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = chain(error), "an admin request failed");
        Self::new(ProblemType::Internal, "the gateway's log says more")
    }

    fn schema() -> utoipa::openapi::Ref {
        utoipa::openapi::Ref::from_schema_name(<ProblemBody<'_> as ToSchema>::name())
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let mut add = |name: HeaderName, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        add(CONTENT_TYPE, "application/problem+json");
        match self.kind {
            ProblemType::Unauthenticated => add(WWW_AUTHENTICATE, "Bearer realm=\"tollgate admin\""),
            ProblemType::DatabaseUnavailable => add(RETRY_AFTER, RETRY_AFTER_SECONDS),
            ProblemType::IdempotencyConflict => add(RETRY_AFTER, "1"),
            _ => {}
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        headers
    }
}

/// The answer to a known path with the wrong verb; what is allowed stands in the `Allow` header.
pub(crate) async fn method_not_allowed() -> Problem {
    Problem::new(ProblemType::MethodNotAllowed, format!("see the {ALLOW} header"))
}

/// The answer to every unknown path.
pub(crate) async fn no_such_endpoint(uri: http::Uri) -> Problem {
    let detail = format!("there is nothing at {}; see /api/docs", uri.path());
    Problem::new(ProblemType::NoSuchEndpoint, detail)
}

/// An error and all it stems from, in one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let texts: Vec<String> = causes.map(ToString::to_string).collect();
    texts.join(": ")
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = ProblemBody {
            kind: self.kind.uri(),
            title: self.kind.title(),
            status: self.kind.status().as_u16(),
            detail: &self.detail,
            errors: &self.errors,
            effect: self.effect.as_deref(),
        };
        let body = serde_json::to_vec(&body).unwrap_or_default();
        (self.kind.status(), self.headers(), body).into_response()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable { .. } => {
                tracing::warn!(error = chain(&error), "an admin request found the database away");
                let detail = "the database is not available at the moment; the proxy keeps serving";
                Self::new(ProblemType::DatabaseUnavailable, detail)
            }
            StoreError::NameTaken { .. } => Self::new(ProblemType::NameTaken, error.to_string()),
            _ => Self::internal(&error),
        }
    }
}

impl From<MoneyError> for Problem {
    fn from(error: MoneyError) -> Self {
        Self::internal(&error)
    }
}

impl From<RandomnessUnavailable> for Problem {
    fn from(error: RandomnessUnavailable) -> Self {
        Self::internal(&error)
    }
}
