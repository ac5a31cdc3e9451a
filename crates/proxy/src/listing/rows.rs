//! A key's own objects, as they are noted here.

use tollgate_domain::ports::{DeferredRow, ObjectPlace};
use tollgate_domain::{ModelName, Timestamp, UpstreamId, UpstreamObject};

use crate::deferred::batch_path;
use crate::endpoint::escaped;
use crate::grants::Granted;

/// One of them.
#[derive(Debug, Clone)]
pub(crate) enum Noted {
    Batch(Box<DeferredRow>),
    File(UpstreamObject),
}

impl Noted {
    /// Its name at the provider.
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Batch(row) => &row.operation.object_id,
            Self::File(file) => &file.object_id,
        }
    }

    pub(crate) fn upstream(&self) -> UpstreamId {
        match self {
            Self::Batch(row) => row.operation.attempt.upstream.id,
            Self::File(file) => file.upstream_id,
        }
    }

    pub(crate) fn created_at(&self) -> Timestamp {
        match self {
            Self::Batch(row) => row.operation.created_at,
            Self::File(file) => file.created_at,
        }
    }

    pub(super) fn place(&self) -> ObjectPlace {
        ObjectPlace {
            created_at: self.created_at(),
            object_id: self.id().to_owned(),
        }
    }

    /// Where it is at its upstream.
    pub(super) fn path(&self) -> String {
        match self {
            Self::Batch(row) => batch_path(&row.operation),
            Self::File(file) if file.object_id.starts_with("files/") => {
                format!("/v1beta/{}", escaped(&file.object_id))
            }
            Self::File(file) => format!("/v1/files/{}", escaped(&file.object_id)),
        }
    }

    /// Whether a key's present grants leave it in its lists: not at an upstream the key may not use, nor for a model
    /// that it may not. What names no model is the key's whatever it may use.
    pub(super) fn is_granted(&self, granted: Granted<'_>) -> bool {
        let allowed = |model: &ModelName| granted.allows_model(model);
        let models = match self {
            Self::Batch(row) => {
                let attempt = &row.operation.attempt;
                attempt.model_requested.as_ref().is_none_or(allowed)
            }
            Self::File(file) => {
                let models = file.models.as_deref().unwrap_or(file.model.as_slice());
                models.iter().all(allowed)
            }
        };
        models && granted.allows_upstream(self.upstream())
    }
}
