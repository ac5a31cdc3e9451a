//! Objects that an upstream keeps: stored responses, files, batches.

use http::Method;
use tollgate_domain::{Dialect, EndpointBilling, Protocol};

use super::path::{climbs, decoded};
use super::{CallPath, Place, gemini_objects};
use crate::deferred::DeferredUse;
use crate::error::ProxyError;
use crate::listing::Listed;

/// A call that belongs to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ObjectCall {
    pub(crate) call: CallPath,
    pub(crate) action: Action,
    /// What a caller calls it.
    pub(crate) what: &'static str,
}

/// What is wanted of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// A batch is to be made of a file.
    MakeFileBatch,
    /// A batch is to be made of messages.
    MakeMessageBatch,
    /// A batch of a model of Gemini's is to be made.
    MakeGeminiBatch,
    /// A file is to be stored.
    StoreFile,
    /// A file is to be sent to Gemini: it begins, or goes on where its address says.
    Upload,
    /// A file is to be looked at.
    File { id: String },
    /// A file is to be deleted.
    DeleteFile { id: String },
    /// A response or batch is to be looked at or cancelled: the answer is the object.
    Show { id: String },
    /// What belongs to it is wanted: its results, its input.
    Below { id: String },
    /// It is to be deleted.
    Delete { id: String },
    /// The key's own objects are to be listed.
    List(Listed),
}

/// Finds the call of a natural path, if it belongs to something that may be used later. `guessed` is the dialect its
/// caller most likely speaks, `allowed` says what may be used.
pub(crate) fn find(
    method: &Method,
    path: &str,
    guessed: Dialect,
    allowed: impl Fn(DeferredUse) -> bool,
) -> Option<Result<ObjectCall, ProxyError>> {
    if let Some(found) = gemini_objects::find(method, path, guessed, &allowed) {
        return Some(found);
    }
    let below = ["/v1/", "/openai/v1/", "/openai/"]
        .into_iter()
        .find_map(|tree| path.strip_prefix(tree))?;
    let (tree, what, wanted, protocol) = TREES.into_iter().find(|(tree, ..)| {
        below
            .strip_prefix(tree)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })?;
    let messages = protocol == Protocol::AnthropicMessages;
    if !allowed(wanted) || (messages && !path.starts_with("/v1/")) {
        return None;
    }
    let rest = below.strip_prefix(tree)?.strip_prefix('/').unwrap_or_default();
    let mut segments = rest.split('/');
    let id = segments.next().unwrap_or_default();
    let (tail, more) = (segments.next(), segments.next());
    if id.is_empty() && tree == "responses" {
        return None;
    }
    let unknown = || ProxyError::UnknownPath {
        path: path.to_owned(),
    };
    let Some(name) = decoded(id).filter(|name| id.is_empty() || !climbs(name)) else {
        return if id.is_empty() {
            Some(at_the_tree(method, path, tree, what, protocol))
        } else {
            Some(Err(unknown()))
        };
    };
    let refused = |allowed| {
        Err(ProxyError::MethodNotAllowed {
            path: path.to_owned(),
            allowed,
        })
    };
    let action = match (tree, tail, more, method.as_str()) {
        (_, _, Some(_), _) => Err(unknown()),
        ("files", None | Some("content"), _, "GET") => Ok(Action::File { id: name }),
        ("files", None, _, "DELETE") => Ok(Action::DeleteFile { id: name }),
        ("responses" | "batches" | "messages/batches", None, _, "GET") => Ok(Action::Show { id: name }),
        ("responses" | "messages/batches", None, _, "DELETE") => Ok(Action::Delete { id: name }),
        ("responses" | "batches" | "messages/batches", Some("cancel"), _, "POST") => {
            Ok(Action::Show { id: name })
        }
        ("responses", Some("input_items"), _, "GET") | ("messages/batches", Some("results"), _, "GET") => {
            Ok(Action::Below { id: name })
        }
        ("batches", None, _, _) | (_, Some("content" | "input_items" | "results"), _, _) => refused("GET"),
        (_, None, _, _) => refused("GET, DELETE"),
        (_, Some("cancel"), _, _) => refused("POST"),
        _ => Err(unknown()),
    };
    let natural = format!("/v1/{below}");
    Some(action.map(|action| ObjectCall {
        call: call(method, protocol, natural, EndpointBilling::Free),
        action,
        what,
    }))
}

const TREES: [(&str, &str, DeferredUse, Protocol); 4] = [
    (
        "responses",
        "background response",
        DeferredUse::BackgroundResponses,
        Protocol::OpenaiResponses,
    ),
    ("batches", "batch", DeferredUse::Batches, Protocol::OpenaiChat),
    (
        "messages/batches",
        "batch",
        DeferredUse::Batches,
        Protocol::AnthropicMessages,
    ),
    ("files", "file", DeferredUse::Files, Protocol::OpenaiChat),
];

/// Making one, or listing them.
fn at_the_tree(
    method: &Method,
    path: &str,
    tree: &str,
    what: &'static str,
    protocol: Protocol,
) -> Result<ObjectCall, ProxyError> {
    let lists = *method == Method::GET;
    if !lists && *method != Method::POST {
        return Err(ProxyError::MethodNotAllowed {
            path: path.to_owned(),
            allowed: "GET, POST",
        });
    }
    let (action, billing) = match (tree, lists) {
        ("files", true) => (Action::List(Listed::OpenaiFiles), EndpointBilling::Free),
        ("messages/batches", true) => (Action::List(Listed::AnthropicBatches), EndpointBilling::Free),
        (_, true) => (Action::List(Listed::OpenaiBatches), EndpointBilling::Free),
        ("files", false) => (Action::StoreFile, EndpointBilling::Free),
        ("messages/batches", false) => (Action::MakeMessageBatch, EndpointBilling::NotMetered),
        (_, false) => (Action::MakeFileBatch, EndpointBilling::NotMetered),
    };
    Ok(ObjectCall {
        call: call(method, protocol, format!("/v1/{tree}"), billing),
        action,
        what,
    })
}

pub(super) fn call(method: &Method, protocol: Protocol, path: String, billing: EndpointBilling) -> CallPath {
    CallPath {
        protocol,
        method: method.clone(),
        billing,
        model: None,
        place: Place::Object(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(method: &Method, path: &str) -> Option<Result<ObjectCall, ProxyError>> {
        find(method, path, Dialect::Openai, |_| true)
    }

    fn action(method: &Method, path: &str) -> Action {
        found(method, path).unwrap().unwrap().action
    }

    #[test]
    fn every_call_of_an_object_is_known() {
        let id = || "x1".to_owned();
        let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
        for (method, path, wanted) in [
            (&get, "/v1/responses/x1", Action::Show { id: id() }),
            (&post, "/v1/responses/x1/cancel", Action::Show { id: id() }),
            (&get, "/v1/responses/x1/input_items", Action::Below { id: id() }),
            (&delete, "/v1/responses/x1", Action::Delete { id: id() }),
            (&post, "/v1/batches", Action::MakeFileBatch),
            (&get, "/openai/v1/batches/x1", Action::Show { id: id() }),
            (&post, "/v1/batches/x1/cancel", Action::Show { id: id() }),
            (&post, "/v1/files", Action::StoreFile),
            (&get, "/v1/files/x1", Action::File { id: id() }),
            (&get, "/v1/files/x1/content", Action::File { id: id() }),
            (&delete, "/v1/files/x1", Action::DeleteFile { id: id() }),
            (&post, "/v1/messages/batches", Action::MakeMessageBatch),
            (
                &get,
                "/v1/messages/batches/x1/results",
                Action::Below { id: id() },
            ),
            (&get, "/v1/batches", Action::List(Listed::OpenaiBatches)),
            (&get, "/openai/files", Action::List(Listed::OpenaiFiles)),
            (
                &get,
                "/v1/messages/batches",
                Action::List(Listed::AnthropicBatches),
            ),
        ] {
            assert_eq!(action(method, path), wanted, "{method} {path}");
        }
        let call = found(&get, "/openai/files/x1").unwrap().unwrap().call;
        assert_eq!(call.place, Place::Object("/v1/files/x1".to_owned()));
    }

    #[test]
    fn strange_calls_are_refused_and_other_paths_are_not_touched() {
        for path in ["/v1/files/..%2fmodels", "/v1/files/a/b/c", "/v1/batches/../x"] {
            let refused = found(&Method::GET, path).unwrap().unwrap_err();
            assert!(matches!(refused, ProxyError::UnknownPath { .. }), "{path}");
        }
        let refused = found(&Method::PUT, "/v1/files/x").unwrap().unwrap_err();
        assert!(matches!(refused, ProxyError::MethodNotAllowed { .. }));
        for path in [
            "/v1/responses",
            "/v1/messages",
            "/v1/filesystem",
            "/v1/chat/completions",
        ] {
            assert_eq!(
                found(&Method::POST, path).map(|found| found.is_ok()),
                None,
                "{path}"
            );
        }
        assert!(find(&Method::GET, "/v1/files/x", Dialect::Openai, |_| false).is_none());
    }
}
