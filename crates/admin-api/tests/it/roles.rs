//! Who may call what: every documented operation, as every role.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tollgate_domain::AdminRole;

use crate::test_api::{ADMIN, FINANCE, TestApi, VIEWER};

const TOKENS: [(AdminRole, &str); 3] = [
    (AdminRole::Admin, ADMIN),
    (AdminRole::Finance, FINANCE),
    (AdminRole::Viewer, VIEWER),
];

/// Operations whose least role does not follow from method and path, each with the reason.
const EXCEPTIONS: &[(&str, &str, AdminRole)] = &[
    // Everybody may sign out.
    ("DELETE", "/api/admin/session", AdminRole::Viewer),
    // A question with a body; it changes nothing.
    ("POST", "/api/admin/billing/simulate", AdminRole::Viewer),
    // Everything at once is more than looking at a page.
    ("GET", "/api/admin/billing/export", AdminRole::Finance),
    ("GET", "/api/admin/request-logs/export", AdminRole::Finance),
];

/// The least role that ought to be let in. Reading is for everybody, what sets prices for finance, the rest for admins.
fn expected(method: &str, path: &str) -> AdminRole {
    let exception = EXCEPTIONS
        .iter()
        .find(|(verb, exact, _)| *verb == method && *exact == path);
    if let Some((_, _, role)) = exception {
        return *role;
    }
    match method {
        // Who holds tokens is for those who hand them out.
        _ if path.starts_with("/api/admin/tokens") => AdminRole::Admin,
        "GET" => AdminRole::Viewer,
        _ if path.starts_with("/api/admin/billing/") => AdminRole::Finance,
        _ => AdminRole::Admin,
    }
}

/// Method, path and description of every operation that needs a token.
fn operations() -> Vec<(String, String, Value)> {
    let document = serde_json::to_value(tollgate_admin_api::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap().clone();
    let operations = paths.into_iter().flat_map(|(path, item)| {
        let item = item.as_object().unwrap().clone();
        item.into_iter()
            .map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation))
    });
    operations
        .filter(|(_, _, operation)| operation.get("security").is_some())
        .collect()
}

fn called(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    for part in &mut parts {
        if part.starts_with('{') {
            *part = "00000000-0000-0000-0000-000000000009";
        }
    }
    parts.join("/")
}

async fn status(api: &TestApi, method: &str, path: &str, token: Option<&str>) -> StatusCode {
    let mut request = Request::builder().method(method).uri(called(path));
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    api.status(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn each_role_is_let_in_where_it_may_and_nowhere_else() {
    let api = TestApi::new();
    for (method, path, operation) in operations() {
        let needed = expected(&method, &path);
        assert_eq!(
            operation["x-required-role"],
            needed.as_str(),
            "{method} {path}: mounted for another role than the rule of this test says"
        );
        assert_eq!(status(&api, &method, &path, None).await, 401, "{method} {path}");
        for (role, token) in TOKENS {
            let status = status(&api, &method, &path, Some(token)).await;
            assert_ne!(status, 401, "{method} {path} as {}", role.as_str());
            assert_eq!(
                status == 403,
                !role.covers(needed),
                "{method} {path} as {}: {status}",
                role.as_str()
            );
        }
    }
}

#[test]
fn each_operation_says_who_may_call_it_and_how_it_refuses() {
    for (method, path, operation) in operations() {
        let description = operation["description"].as_str().unwrap_or_default();
        let role = operation["x-required-role"].as_str().unwrap_or_default();
        assert!(
            description.contains("Role") && description.contains(&format!("`{role}`")),
            "{method} {path}: {description}"
        );
        assert!(operation["responses"]["401"].is_object(), "{method} {path}");
        assert!(
            operation["responses"]["403"].is_object() || role == "viewer",
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn a_refusal_names_the_role_needed_and_changes_nothing() {
    let api = TestApi::new();
    let answer = api
        .call_as(
            VIEWER,
            Method::POST,
            "/api/admin/keys",
            &[],
            Some(&json!({"name": "a"})),
        )
        .await;
    let problem = answer.problem(403, "forbidden");
    assert_eq!(
        problem["detail"],
        "it needs the role admin; the token \"vera\" has the role viewer"
    );
    let answer = api
        .call_as(VIEWER, Method::POST, "/api/admin/billing/prices/sync", &[], None)
        .await;
    let problem = answer.problem(403, "forbidden");
    assert_eq!(
        problem["detail"],
        "it needs the role finance or admin; the token \"vera\" has the role viewer"
    );
    let shelves = api.store.shelves();
    assert!(shelves.authors.is_empty() && shelves.keys.is_empty());
    assert!(api.runtime.asked_syncs.lock().unwrap().is_empty());
}
