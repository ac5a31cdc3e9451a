//! What a caller's key may use.

use tollgate_domain::{KeyGrants, KeyId, ModelName, UpstreamId};

use crate::RoutingTable;
use crate::error::ProxyError;

/// The grants of a key, for one request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Granted<'t>(Option<&'t KeyGrants>);

impl<'t> Granted<'t> {
    /// Those of a key.
    pub(crate) fn of(table: &'t RoutingTable, key: KeyId) -> Self {
        Self(table.grants(key))
    }

    /// No restriction.
    #[cfg(test)]
    pub(crate) fn everything() -> Self {
        Self(None)
    }

    /// Whether the key is for certain upstreams only.
    pub(crate) fn limits_upstreams(self) -> bool {
        self.0.is_some_and(|grants| grants.upstreams.is_some())
    }

    /// Whether the key is for certain models only.
    pub(crate) fn limits_models(self) -> bool {
        self.0.is_some_and(|grants| grants.models.is_some())
    }

    pub(crate) fn allows_upstream(self, upstream: UpstreamId) -> bool {
        self.0.is_none_or(|grants| grants.allows_upstream(upstream))
    }

    pub(crate) fn allows_model(self, model: &ModelName) -> bool {
        self.0.is_none_or(|grants| grants.allows_model(Some(model)))
    }

    /// The names the key is for, without those that end in `*`.
    pub(crate) fn exact_models(self) -> impl Iterator<Item = &'t ModelName> + use<'t> {
        let names = self.0.and_then(|grants| grants.models.as_deref());
        names
            .unwrap_or_default()
            .iter()
            .filter(|name| !name.as_str().ends_with('*'))
    }

    /// Refuses what the key is not for. It names what the key itself is allowed, nothing of others.
    ///
    /// # Errors
    /// [`ProxyError::ModelNotGranted`], [`ProxyError::ModelNotNamed`].
    pub(crate) fn check_model(self, model: Option<&ModelName>) -> Result<(), ProxyError> {
        let Some(grants) = self.0.filter(|grants| !grants.allows_model(model)) else {
            return Ok(());
        };
        let names = grants.models.as_deref().unwrap_or_default();
        let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        let allowed = names.join(", ");
        Err(match model {
            Some(model) => ProxyError::ModelNotGranted {
                model: model.clone(),
                allowed,
            },
            None => ProxyError::ModelNotNamed { allowed },
        })
    }
}
