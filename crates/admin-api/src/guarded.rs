//! Which role an endpoint needs, said where it is mounted. There is no way to mount one under `/api/admin` without.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::Method;
use tollgate_domain::AdminRole;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{PathItem, RefOr, Required};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::AdminState;
use crate::auth::Author;
use crate::field::FieldErrors;
use crate::problem::{Problem, guard_responses, idempotency_responses, validation_response};

/// Where the document says which role an operation needs.
const EXTENSION: &str = "x-required-role";
/// The console's way in, beside the bearer token that each operation names itself.
pub(crate) const SESSION_SCHEME: &str = "session_cookie";

/// Endpoints that need an admin token, each with the least role that may call it.
#[derive(Default)]
pub(crate) struct Guarded(OpenApiRouter<AdminState>);

impl Guarded {
    /// Endpoints that everybody with a token may call: they change nothing and show no secret.
    pub(crate) fn viewer(self, routes: UtoipaMethodRouter<AdminState>) -> Self {
        self.routes(AdminRole::Viewer, routes)
    }

    /// Endpoints that change what sets prices.
    pub(crate) fn finance(self, routes: UtoipaMethodRouter<AdminState>) -> Self {
        self.routes(AdminRole::Finance, routes)
    }

    /// Endpoints that change anything else, or show a secret.
    pub(crate) fn admin(self, routes: UtoipaMethodRouter<AdminState>) -> Self {
        self.routes(AdminRole::Admin, routes)
    }

    /// The endpoints of both.
    pub(crate) fn merge(self, other: Self) -> Self {
        Self(self.0.merge(other.0))
    }

    /// All of them, to be put behind the check of the token.
    pub(crate) fn into_router(self) -> OpenApiRouter<AdminState> {
        self.0
    }

    fn routes(self, needed: AdminRole, routes: UtoipaMethodRouter<AdminState>) -> Self {
        let (schemas, mut paths, methods) = routes;
        let mut queryless = Vec::new();
        for item in paths.paths.values_mut() {
            for (method, operation) in operations(item) {
                if !takes_query(operation) {
                    queryless.push(method.clone());
                }
                document(operation, needed, &method);
            }
        }
        let methods = methods
            .route_layer(from_fn_with_state(Arc::<[Method]>::from(queryless), refuse_query))
            .route_layer(from_fn_with_state(needed, require_role));
        Self(self.0.routes((schemas, paths, methods)))
    }
}

/// Lets a request pass if its actor's role covers the one needed.
async fn require_role(
    State(needed): State<AdminRole>,
    author: Author,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    if author.0.role.covers(needed) {
        Ok(next.run(request).await)
    } else {
        Err(Problem::forbidden(&author.0, needed))
    }
}

/// Refuses every parameter of a query where none is known: those who know some refuse the others themselves.
async fn refuse_query(
    State(queryless): State<Arc<[Method]>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let query = request.uri().query().unwrap_or_default();
    if query.is_empty() || !queryless.contains(request.method()) {
        return Ok(next.run(request).await);
    }
    let mut errors = FieldErrors::default();
    for (name, _) in url::form_urlencoded::parse(query.as_bytes()) {
        errors.push(name, "is not a parameter of this operation");
    }
    errors.into_result().map_err(Problem::invalid)?;
    Ok(next.run(request).await)
}

fn takes_query(operation: &Operation) -> bool {
    let parameters = operation.parameters.iter().flatten();
    parameters
        .filter_map(|parameter| match parameter {
            RefOr::T(parameter) => Some(parameter),
            RefOr::Ref(_) => None,
        })
        .any(|parameter| matches!(parameter.parameter_in, ParameterIn::Query))
}

fn document(operation: &mut Operation, needed: AdminRole, method: &Method) {
    let who = match needed {
        AdminRole::Admin => "Role: `admin`.",
        AdminRole::Finance => "Roles: `finance`, `admin`.",
        AdminRole::Viewer => "Roles: `viewer`, `finance`, `admin`.",
    };
    let description = operation.description.take().filter(|text| !text.is_empty());
    operation.description = Some(match description {
        Some(text) => format!("{text}\n\n{who}"),
        None => who.to_owned(),
    });
    let extension = ExtensionsBuilder::new().add(EXTENSION, needed.as_str()).build();
    match &mut operation.extensions {
        Some(extensions) => extensions.merge(extension),
        none => *none = Some(extension),
    }
    let known = &mut operation.responses.responses;
    for (status, response) in guard_responses(needed != AdminRole::Viewer, method.is_safe()) {
        known.insert(status.to_owned(), RefOr::T(response));
    }
    known
        .entry("422".to_owned())
        .or_insert_with(|| RefOr::T(validation_response()));
    if method == Method::POST {
        document_idempotency(operation);
    }
    // Either way in.
    let security = operation.security.get_or_insert_default();
    security.push(SecurityRequirement::new::<_, [&str; 0], &str>(SESSION_SCHEME, []));
}

/// Every `POST` takes an idempotency key.
fn document_idempotency(operation: &mut Operation) {
    let known = &mut operation.responses.responses;
    for (status, kind, response) in idempotency_responses() {
        match known.get_mut(status) {
            Some(RefOr::T(there)) => {
                let more = format!("{} (`{}`)", kind.title(), kind.name());
                if !there.description.contains(kind.name()) {
                    there.description = format!("{}, or: {more}", there.description);
                }
            }
            _ => {
                known.insert(status.to_owned(), RefOr::T(response));
            }
        }
    }
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(255))
        .pattern(Some("^[!-~]+$"));
    let parameter = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Names this request: sent again within 24 hours, it is carried out once and answered alike",
        ))
        .schema(Some(schema));
    operation
        .parameters
        .get_or_insert_default()
        .push(RefOr::T(parameter.build()));
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    let all = [
        (Method::GET, &mut item.get),
        (Method::PUT, &mut item.put),
        (Method::POST, &mut item.post),
        (Method::DELETE, &mut item.delete),
        (Method::PATCH, &mut item.patch),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}
