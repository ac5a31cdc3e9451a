//! Where a call is found at an upstream.

use std::borrow::Cow;

use super::base::Base;
use crate::endpoint::{CallPath, Place, azure_has_deployments, escaped};
use crate::query;

/// Names the version of Azure's API.
const API_VERSION: &str = "api-version";

/// Versions that belong to the paths below `/openai/v1`.
const VERSIONS_OF_V1: [&str; 3] = ["preview", "latest", "v1"];

/// Path and query at an upstream.
pub(super) struct Target<'c> {
    pub(super) path: Cow<'c, str>,
    pub(super) query: Option<Cow<'c, str>>,
}

/// As the protocol's own provider has it. `None` where the path needs a model and there is none.
pub(super) fn natural<'c>(
    call: &'c CallPath,
    model: Option<&str>,
    query: Option<&'c str>,
) -> Option<Target<'c>> {
    let path = match &call.place {
        Place::Fixed(path) | Place::Deployment(path) => Cow::Borrowed(*path),
        Place::Gemini(version, method) => Cow::Owned(format!(
            "{version}/models/{}:{}",
            escaped(model?),
            method.as_str()
        )),
        Place::CodeAssist(method) => Cow::Owned(format!("/v1internal:{}", method.as_str())),
        Place::Object(path) | Place::AsCalled(path) => Cow::Borrowed(path.as_str()),
    };
    let query = if call.is_azure() {
        // Means nothing to anyone else.
        query
            .and_then(|query| query::without(query, API_VERSION))
            .map(Cow::Owned)
    } else {
        query.map(Cow::Borrowed)
    };
    Some(Target { path, query })
}

/// As an Azure resource has it: below a deployment where a version of the API is known, from the base URL or from the
/// caller; otherwise below `/openai/v1`, which needs none. `None` for what Azure has not.
pub(super) fn azure<'c>(
    call: &'c CallPath,
    model: Option<&str>,
    base: &Base,
    query: Option<&'c str>,
) -> Option<Target<'c>> {
    let path = match &call.place {
        Place::Fixed(path) | Place::Deployment(path) => *path,
        Place::Object(path) => path.as_str(),
        _ => return None,
    };
    let version = base
        .parameter(API_VERSION)
        .or_else(|| query.and_then(|query| query::parameter(query, API_VERSION)));
    let dated = version.is_some_and(|version| !VERSIONS_OF_V1.contains(&version));
    let operation = path.strip_prefix("/v1")?;
    let path = match model {
        Some(model) if dated && azure_has_deployments(call.protocol) => {
            format!("/openai/deployments/{}{operation}", escaped(model))
        }
        _ if dated => format!("/openai{operation}"),
        _ => format!("/openai/v1{operation}"),
    };
    Some(Target {
        path: path.into(),
        query: query.map(Cow::Borrowed),
    })
}
