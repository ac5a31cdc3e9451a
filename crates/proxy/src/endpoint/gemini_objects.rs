//! Objects that Gemini keeps: batches and their files.

use http::Method;
use tollgate_domain::{Dialect, EndpointBilling, ModelName, Protocol};

use super::Place;
use super::objects::{Action, ObjectCall, call};
use super::path::{climbs, decoded};
use crate::deferred::DeferredUse;
use crate::error::ProxyError;
use crate::listing::Listed;

/// The versions of the API. The paths of the first are others' as well: there the caller's credential tells.
const VERSIONS: [&str; 3] = [SHARED, "v1beta", "v1alpha"];
const SHARED: &str = "v1";

/// What makes a batch, and the protocol its items are answered in.
const MAKERS: [(&str, Protocol); 2] = [
    (":batchGenerateContent", Protocol::GeminiGenerate),
    (":asyncBatchEmbedContent", Protocol::GeminiEmbed),
];

const BATCHES: &str = "batches";
const FILES: &str = "files";

/// Finds the call of a natural path, if it belongs to something that may be used later. `guessed` is the dialect its
/// caller most likely speaks.
pub(super) fn find(
    method: &Method,
    path: &str,
    guessed: Dialect,
    allowed: &impl Fn(DeferredUse) -> bool,
) -> Option<Result<ObjectCall, ProxyError>> {
    let (at, rest) = path.strip_prefix('/')?.split_once('/')?;
    let (version, below) = match at {
        "upload" | "download" => rest.split_once('/')?,
        version => (version, rest),
    };
    if !VERSIONS.contains(&version) {
        return None;
    }
    let found = match at {
        "upload" => (below == FILES && allowed(DeferredUse::Files)).then(|| upload(method, path)),
        "download" => content(below)
            .filter(|_| allowed(DeferredUse::Files))
            .map(|id| object(method, path, FILES, id, Some("download"))),
        _ if below.starts_with("models/") => {
            if !allowed(DeferredUse::Batches) {
                return None;
            }
            return maker(method, path, below);
        }
        SHARED if guessed != Dialect::Gemini => None,
        _ => {
            let (tree, name) = below.split_once('/').unwrap_or((below, ""));
            let wanted = match tree {
                BATCHES => DeferredUse::Batches,
                FILES => DeferredUse::Files,
                _ => return None,
            };
            if !allowed(wanted) {
                return None;
            }
            let (id, verb) = match name.rsplit_once(':') {
                Some((id, verb)) => (id, Some(verb)),
                None => (name, None),
            };
            Some(if name.is_empty() {
                at_the_tree(method, path, tree)
            } else {
                object(
                    method,
                    path,
                    if tree == FILES { FILES } else { BATCHES },
                    id,
                    verb,
                )
            })
        }
    };
    found.map(|found| found.map(|found| placed(found, path)))
}

/// `/download/v1beta/files/{id}:download` is `/v1beta/files/{id}:download`, which providers and relays all have.
fn placed(mut found: ObjectCall, path: &str) -> ObjectCall {
    if let Some(natural) = path.strip_prefix("/download") {
        found.call.place = Place::Object(natural.to_owned());
    }
    found
}

fn content(below: &str) -> Option<&str> {
    below.strip_prefix("files/")?.strip_suffix(":download")
}

fn maker(method: &Method, path: &str, below: &str) -> Option<Result<ObjectCall, ProxyError>> {
    let name = below.strip_prefix("models/")?;
    let (model, protocol) = MAKERS.into_iter().find_map(|(verb, protocol)| {
        let model = name.strip_suffix(verb)?;
        Some((model, protocol))
    })?;
    if *method != Method::POST {
        return Some(Err(not_allowed(path, "POST")));
    }
    let Some(model) = decoded(model) else {
        return Some(Err(unknown(path)));
    };
    let mut made = call(method, protocol, path.to_owned(), EndpointBilling::NotMetered);
    made.model = Some(ModelName::new(model));
    Some(Ok(ObjectCall {
        call: made,
        action: Action::MakeGeminiBatch,
        what: "batch",
    }))
}

fn upload(method: &Method, path: &str) -> Result<ObjectCall, ProxyError> {
    if *method != Method::POST && *method != Method::PUT {
        return Err(not_allowed(path, "POST, PUT"));
    }
    Ok(free(method, path, Action::Upload, "file"))
}

fn at_the_tree(method: &Method, path: &str, tree: &str) -> Result<ObjectCall, ProxyError> {
    if *method != Method::GET {
        return Err(not_allowed(path, "GET"));
    }
    let (listed, what) = if tree == FILES {
        (Listed::GeminiFiles, "file")
    } else {
        (Listed::GeminiBatches, "batch")
    };
    Ok(free(method, path, Action::List(listed), what))
}

fn object(
    method: &Method,
    path: &str,
    tree: &'static str,
    id: &str,
    verb: Option<&str>,
) -> Result<ObjectCall, ProxyError> {
    let name = decoded(id).filter(|name| !climbs(name) && !name.contains(['/', ':']));
    let name = name.ok_or_else(|| unknown(path))?;
    // With its collection, as the provider names it.
    let id = format!("{tree}/{name}");
    let (action, what) = match (tree, verb, method.as_str()) {
        (FILES, None | Some("download"), "GET") => (Action::File { id }, "file"),
        (FILES, None, "DELETE") => (Action::DeleteFile { id }, "file"),
        (BATCHES, None, "GET") | (BATCHES, Some("cancel"), "POST") => (Action::Show { id }, "batch"),
        (BATCHES, None, "DELETE") => (Action::Delete { id }, "batch"),
        (_, None, _) => return Err(not_allowed(path, "GET, DELETE")),
        (FILES, Some("download"), _) => return Err(not_allowed(path, "GET")),
        (BATCHES, Some("cancel"), _) => return Err(not_allowed(path, "POST")),
        _ => return Err(unknown(path)),
    };
    Ok(free(method, path, action, what))
}

fn free(method: &Method, path: &str, action: Action, what: &'static str) -> ObjectCall {
    ObjectCall {
        call: call(
            method,
            Protocol::GeminiGenerate,
            path.to_owned(),
            EndpointBilling::Free,
        ),
        action,
        what,
    }
}

fn unknown(path: &str) -> ProxyError {
    ProxyError::UnknownPath {
        path: path.to_owned(),
    }
}

fn not_allowed(path: &str, allowed: &'static str) -> ProxyError {
    ProxyError::MethodNotAllowed {
        path: path.to_owned(),
        allowed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(method: &Method, path: &str) -> Option<Result<ObjectCall, ProxyError>> {
        find(method, path, Dialect::Gemini, &|_| true)
    }

    #[test]
    fn every_call_of_a_batch_and_a_file_is_known() {
        let id = |name: &str| name.to_owned();
        let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
        let batch = || id("batches/b1");
        let file = || id("files/f1");
        for (method, path, wanted) in [
            (&get, "/v1beta/batches/b1", Action::Show { id: batch() }),
            (&post, "/v1beta/batches/b1:cancel", Action::Show { id: batch() }),
            (&delete, "/v1alpha/batches/b1", Action::Delete { id: batch() }),
            (&get, "/v1/batches/b1", Action::Show { id: batch() }),
            (&get, "/v1beta/files/f1", Action::File { id: file() }),
            (&get, "/v1beta/files/f1:download", Action::File { id: file() }),
            (&delete, "/v1beta/files/f1", Action::DeleteFile { id: file() }),
            (&post, "/upload/v1beta/files", Action::Upload),
            (&post, "/upload/v1/files", Action::Upload),
            (&get, "/v1beta/batches", Action::List(Listed::GeminiBatches)),
            (&get, "/v1/files", Action::List(Listed::GeminiFiles)),
        ] {
            let found = found(method, path).unwrap().unwrap();
            assert_eq!(found.action, wanted, "{method} {path}");
            assert_eq!(found.call.place, Place::Object(path.to_owned()));
            assert_eq!(found.call.billing, EndpointBilling::Free);
        }
        let download = found(&get, "/download/v1beta/files/f1:download")
            .unwrap()
            .unwrap();
        assert_eq!(download.action, Action::File { id: file() });
        assert_eq!(
            download.call.place,
            Place::Object("/v1beta/files/f1:download".to_owned())
        );
        for (path, protocol) in [
            (
                "/v1beta/models/g%20x:batchGenerateContent",
                Protocol::GeminiGenerate,
            ),
            ("/v1/models/g%20x:asyncBatchEmbedContent", Protocol::GeminiEmbed),
        ] {
            let made = found(&post, path).unwrap().unwrap();
            assert_eq!(
                (made.action, made.call.protocol),
                (Action::MakeGeminiBatch, protocol)
            );
            assert_eq!(made.call.model.unwrap().as_str(), "g x");
            assert_eq!(made.call.billing, EndpointBilling::NotMetered);
        }
    }

    #[test]
    fn strange_calls_are_refused_and_other_paths_are_not_touched() {
        for path in [
            "/v1beta/files/..%2fmodels",
            "/v1beta/files/a/b",
            "/v1beta/batches/..",
            "/v1beta/batches/b:update",
            "/v1beta/models/..%2fx:batchGenerateContent",
        ] {
            let refused = found(&Method::POST, path).unwrap().unwrap_err();
            assert!(matches!(refused, ProxyError::UnknownPath { .. }), "{path}");
        }
        let refused = found(&Method::PUT, "/v1beta/batches/b1").unwrap().unwrap_err();
        assert!(matches!(refused, ProxyError::MethodNotAllowed { .. }));
        for path in [
            "/v1beta/models/m:generateContent",
            "/v1beta/cachedContents",
            "/upload/v1beta/fileSearchStores",
            "/v1beta",
        ] {
            assert!(found(&Method::POST, path).is_none(), "{path}");
        }
        let find = |path, guessed, allowed: bool| find(&Method::GET, path, guessed, &|_| allowed).is_some();
        assert!(!find("/v1beta/files/x", Dialect::Gemini, false));
        // A path of both dialects is whose caller's it is.
        assert!(find("/v1/files/x", Dialect::Gemini, true));
        assert!(!find("/v1/files/x", Dialect::Openai, true));
        assert!(find("/v1beta/files/x", Dialect::Openai, true));
    }
}
