//! What a key may use, as asked for.

use std::collections::HashSet;

use tollgate_domain::{KeyGrants, ModelName, Upstream, UpstreamId};
use uuid::Uuid;

use crate::field::FieldErrors;

const UPSTREAMS_MAX: usize = 100;
const MODELS_MAX: usize = 200;
const MODEL_MAX: usize = 256;
const EMPTY: &str = "is empty, and the key could be used for nothing; null lifts the restriction, and enabled = false \
     stops the key";

/// Notes what is wrong with the upstreams; `living` are those there are, where they have to be known.
pub(super) fn check_upstreams(errors: &mut FieldErrors, ids: &[Uuid], living: &[Upstream]) {
    const FIELD: &str = "allowed_upstreams";
    if ids.is_empty() {
        return errors.push(FIELD, EMPTY);
    }
    if ids.len() > UPSTREAMS_MAX {
        let message = format!("has {} upstreams; allowed are 1..={UPSTREAMS_MAX}", ids.len());
        return errors.push(FIELD, message);
    }
    let mut seen = HashSet::new();
    for (index, id) in ids.iter().enumerate() {
        let field = format!("{FIELD}[{index}]");
        if !living.iter().any(|upstream| upstream.id.uuid() == *id) {
            errors.push(field, format!("there is no upstream {id}"));
        } else if !seen.insert(id) {
            errors.push(field, format!("{id} is there twice"));
        }
    }
}

/// Notes what is wrong with the models.
pub(super) fn check_models(errors: &mut FieldErrors, models: &[String]) {
    const FIELD: &str = "allowed_models";
    if models.is_empty() {
        return errors.push(FIELD, EMPTY);
    }
    if models.len() > MODELS_MAX {
        let message = format!("has {} models; allowed are 1..={MODELS_MAX}", models.len());
        return errors.push(FIELD, message);
    }
    let mut seen = HashSet::new();
    for (index, model) in models.iter().enumerate() {
        let field = format!("{FIELD}[{index}]");
        errors.text(&field, model, MODEL_MAX);
        if model.strip_suffix('*').unwrap_or(model).contains('*') {
            errors.push(
                &field,
                format!("{model:?} has a \"*\" that is not its last character"),
            );
        }
        if !seen.insert(model) {
            errors.push(field, format!("{model:?} is there twice"));
        }
    }
}

/// The grants of two lists.
pub(super) fn grants(upstreams: Option<Vec<Uuid>>, models: Option<Vec<String>>) -> KeyGrants {
    KeyGrants {
        upstreams: upstreams.map(|ids| ids.into_iter().map(UpstreamId::new).collect()),
        models: models.map(|names| names.into_iter().map(ModelName::new).collect()),
    }
}
