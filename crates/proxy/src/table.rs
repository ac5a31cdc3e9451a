//! Keys and upstreams in memory.

use std::collections::HashMap;
use std::sync::Arc;

use tollgate_domain::ports::GatewayConfig;
use tollgate_domain::{KeyId, KeyRef, OnUnpriced, Timestamp, TokenHash};

use crate::route::Route;

/// An immutable snapshot of the configuration, made for lookups.
#[derive(Debug, Default)]
pub struct RoutingTable {
    version: i64,
    keys: HashMap<TokenHash, KeySlot>,
    /// The keys that say themselves what happens to requests without a price.
    on_unpriced: HashMap<KeyId, OnUnpriced>,
    /// Enabled upstreams, lowest priority number first.
    routes: Vec<Arc<Route>>,
}

/// A key as authentication needs it.
#[derive(Debug)]
pub(crate) struct KeySlot {
    pub(crate) reference: Arc<KeyRef>,
    pub(crate) enabled: bool,
    pub(crate) expires_at: Option<Timestamp>,
}

impl RoutingTable {
    /// Makes a snapshot. An upstream that cannot be called (its base URL or credential is malformed) is left out
    /// and reported in the log; the others serve.
    pub fn build(config: GatewayConfig) -> Self {
        let keys = config.keys.iter().map(|key| {
            let slot = KeySlot {
                reference: Arc::new(key.as_ref_now()),
                enabled: key.enabled,
                expires_at: key.expires_at,
            };
            (key.token_hash, slot)
        });
        let keys = keys.collect();
        let on_unpriced = config
            .keys
            .iter()
            .filter_map(|key| Some((key.id, key.on_unpriced?)));
        let on_unpriced = on_unpriced.collect();
        let mut routes: Vec<_> = config
            .upstreams
            .into_iter()
            .filter(|with_credential| with_credential.upstream.enabled)
            .filter_map(|with_credential| {
                let name = with_credential.upstream.name.clone();
                Route::try_new(with_credential)
                    .inspect_err(
                        |error| tracing::warn!(upstream = name, %error, "an upstream takes no traffic"),
                    )
                    .ok()
            })
            .map(Arc::new)
            .collect();
        routes.sort_by_key(|route| route.upstream.priority);
        Self {
            version: config.version,
            keys,
            on_unpriced,
            routes,
        }
    }

    /// What a key says about requests without a price.
    pub(crate) fn on_unpriced(&self, key: KeyId) -> Option<OnUnpriced> {
        self.on_unpriced.get(&key).copied()
    }

    /// The configuration version it was made from; 0 for an empty table.
    pub fn version(&self) -> i64 {
        self.version
    }

    pub(crate) fn key(&self, hash: &TokenHash) -> Option<&KeySlot> {
        self.keys.get(hash)
    }

    pub(crate) fn routes(&self) -> &[Arc<Route>] {
        &self.routes
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use tollgate_domain::ports::UpstreamWithCredential;
    use tollgate_domain::{
        ApiKey, BillBy, KeyId, ModelName, ModelRule, Multiplier, Protocol, ProviderName, ReportedCostPolicy,
        Upstream, UpstreamId,
    };

    use super::*;

    fn at() -> Timestamp {
        "2026-11-22T00:00:00Z".parse().unwrap()
    }

    pub(crate) fn key(name: &str, token: &str) -> ApiKey {
        ApiKey {
            id: KeyId::new(uuid::Uuid::from_u128(1)),
            name: name.to_owned(),
            token_hash: TokenHash::of(token),
            token_hint: String::new(),
            owner: None,
            team: None,
            tags: vec![],
            on_unpriced: None,
            enabled: true,
            expires_at: None,
            created_at: at(),
            updated_at: at(),
            revision: 1,
        }
    }

    pub(crate) fn upstream(name: &str) -> UpstreamWithCredential {
        let upstream = Upstream {
            id: UpstreamId::new(uuid::Uuid::from_u128(2)),
            name: name.to_owned(),
            provider: ProviderName::new("openai"),
            protocols: Protocol::ALL.into_iter().collect(),
            base_url: "https://api.example.com".to_owned(),
            account_label: None,
            credential_fingerprint: None,
            priority: 0,
            weight: 1,
            models: vec![],
            bill_by: BillBy::Served,
            reported_cost: ReportedCostPolicy::Never,
            input_multiplier: Multiplier::ONE,
            output_multiplier: Multiplier::ONE,
            allow_free: false,
            price_modifiers: Vec::new(),
            model_multipliers: Vec::new(),
            on_unpriced: None,
            estimate_missing_usage: None,
            enabled: true,
            created_at: at(),
            updated_at: at(),
            revision: 1,
        };
        UpstreamWithCredential {
            upstream,
            credential: Some("provider-secret".into()),
        }
    }

    pub(crate) fn rule(model: &str, send_as: Option<&str>) -> ModelRule {
        ModelRule {
            model: ModelName::new(model),
            send_as: send_as.map(ModelName::new),
        }
    }

    pub(crate) fn table(upstreams: Vec<UpstreamWithCredential>, keys: Vec<ApiKey>) -> RoutingTable {
        RoutingTable::build(GatewayConfig {
            version: 7,
            upstreams,
            keys,
        })
    }

    #[test]
    fn disabled_and_malformed_upstreams_take_no_traffic() {
        let (mut off, mut bad) = (upstream("off"), upstream("bad"));
        off.upstream.enabled = false;
        bad.upstream.base_url = "nowhere".to_owned();
        let table = table(vec![off, bad, upstream("good")], vec![]);
        let names: Vec<_> = table
            .routes()
            .iter()
            .map(|route| route.upstream.name.as_str())
            .collect();
        assert_eq!((names, table.version()), (vec!["good"], 7));
    }
}
