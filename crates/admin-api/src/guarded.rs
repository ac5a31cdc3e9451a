//! Which role an endpoint needs, said where it is mounted. There is no way to mount one under `/api/admin` without.

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tollgate_domain::AdminRole;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{PathItem, RefOr};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::AdminState;
use crate::auth::Author;
use crate::problem::{Problem, forbidden_response};

/// Where the document says which role an operation needs.
const EXTENSION: &str = "x-required-role";

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
        for item in paths.paths.values_mut() {
            operations(item).for_each(|operation| document(operation, needed));
        }
        let methods = methods.route_layer(from_fn_with_state(needed, require_role));
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

fn document(operation: &mut Operation, needed: AdminRole) {
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
    // Everybody who is let in may read.
    if needed != AdminRole::Viewer {
        let response = RefOr::T(forbidden_response());
        operation.responses.responses.insert("403".to_owned(), response);
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let all = [
        &mut item.get,
        &mut item.put,
        &mut item.post,
        &mut item.delete,
        &mut item.options,
        &mut item.head,
        &mut item.patch,
        &mut item.trace,
    ];
    all.into_iter().filter_map(Option::as_mut)
}
