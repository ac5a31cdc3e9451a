//! The OpenAPI document.

use utoipa::OpenApi as _;
use utoipa::openapi::schema::{AdditionalProperties, Schema};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Components, OpenApi, RefOr};
use utoipa_axum::router::OpenApiRouter;

use crate::guarded::SESSION_SCHEME;
use crate::problem::problem_schemas;
use crate::router::{admin_routes, public_routes};

const DESCRIPTION: &str = "Manages upstreams and keys, and shows what every request cost and why.\n\n\
    Money and rates are decimal strings, in USD; each amount is a `list_cost` (card rates), a `cost` (what the \
    upstream charges us) or a `charge` (what the key's owner pays). Instants are RFC 3339 in UTC. Lists are paged by \
    `cursor` and `limit`. Edits take `If-Match`. Errors are `application/problem+json` (RFC 9457).";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Tollgate admin API"),
    tags(
        (name = "upstreams", description = "Where requests go, and what that costs relative to the list price"),
        (name = "keys", description = "Who may send requests"),
        (name = "request logs", description = "What happened to each request, and what it cost"),
        (name = "deferred usage", description = "Background responses and batches: what is used later than it is asked for"),
        (name = "stats", description = "How well it goes: errors, latencies, speed, what caching saved"),
        (name = "billing", description = "What was spent, and why exactly that much"),
        (name = "prices", description = "What models cost and where that comes from, what changed, what waits for a decision, what has no price"),
        (name = "price rules", description = "The operator's own prices, names and multipliers"),
        (name = "system", description = "What runs here, how it is set up, and what it does in the background"),
        (name = "access", description = "Who may manage the gateway, signing in, and who changed what"),
        (name = "health", description = "For supervisors and load balancers"),
        (name = "reference", description = "This document"),
    ),
)]
struct Base;

/// The OpenAPI 3.1 document of everything [`router`](crate::router()) serves.
pub fn openapi() -> OpenApi {
    let routes = OpenApiRouter::<crate::AdminState>::with_openapi(Base::openapi())
        .merge(admin_routes())
        .merge(public_routes());
    let mut document = routes.into_openapi();
    document.info.description = Some(DESCRIPTION.to_owned());
    let components = document.components.get_or_insert_with(Components::new);
    let mut schemas = Vec::new();
    problem_schemas(&mut schemas);
    components.schemas.extend(schemas);
    components.add_security_scheme(
        "admin_token",
        SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
    );
    components.add_security_scheme(
        SESSION_SCHEME,
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            "tollgate-session",
            "Opened by POST /api/admin/session. Requests that are not a GET also carry its csrf_token in the header \
             x-csrf-token. Over https the cookie is named __Host-tollgate-session.",
        ))),
    );
    for (name, schema) in &mut components.schemas {
        if let RefOr::T(Schema::Object(object)) = schema {
            if name.ends_with("Request") {
                object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            } else if !SHARED_SCHEMAS.contains(&name.as_str()) {
                // Answers always carry every field; what is unknown is null.
                object.required = object.properties.keys().cloned().collect();
            }
        }
    }
    document
}

/// Schemas of objects some of whose fields may be absent in answers too.
const SHARED_SCHEMAS: &[&str] = &[
    "ModelRule",
    "Problem",
    "FurtherRate",
    "ModelMultipliers",
    "PriceBand",
];
