//! The lists of models, which the gateway answers itself.

use http::Method;

use super::Endpoint;
use super::path::decoded;
use crate::error::ProxyError;

pub(super) fn find(method: &Method, path: &str) -> Result<Endpoint, ProxyError> {
    let unknown = || ProxyError::UnknownPath {
        path: path.to_owned(),
    };
    let (gemini, rest) = match path.strip_prefix("/v1beta/models") {
        Some(rest) => (true, rest),
        None => (false, path.strip_prefix("/v1/models").ok_or_else(unknown)?),
    };
    let Some(name) = rest.strip_prefix('/').filter(|name| !name.is_empty()) else {
        if !rest.trim_start_matches('/').is_empty() {
            return Err(unknown());
        }
        return if *method == Method::GET {
            Ok(Endpoint::Models { gemini })
        } else {
            Err(ProxyError::MethodNotAllowed {
                path: path.to_owned(),
                allowed: "GET",
            })
        };
    };
    if *method == Method::GET {
        return Ok(Endpoint::Model {
            gemini,
            model: decoded(name).ok_or_else(unknown)?,
        });
    }
    Err(unknown())
}
