//! Keys and upstreams in memory.

use std::collections::HashMap;
use std::sync::Arc;

use tollgate_domain::ports::GatewayConfig;
use tollgate_domain::{
    ApiKey, KeyGrants, KeyId, KeyRef, OnUnpriced, RoutingDecision, RoutingResult, Timestamp, TokenHash,
    UpstreamId,
};

use crate::route::{Route, RouteError, candidate};

/// An immutable snapshot of the configuration, made for lookups.
#[derive(Debug, Default)]
pub struct RoutingTable {
    version: i64,
    keys: HashMap<TokenHash, KeySlot>,
    /// The keys that say themselves what happens to requests without a price.
    on_unpriced: HashMap<KeyId, OnUnpriced>,
    /// The keys that may not use everything.
    grants: HashMap<KeyId, KeyGrants>,
    /// Enabled upstreams, lowest priority number first.
    routes: Vec<Arc<Route>>,
    /// Upstreams that take no traffic: they are disabled, or why they cannot be called.
    resting: HashMap<UpstreamId, Result<Arc<Route>, RouteError>>,
    /// The same as request logs tell them: those nearest to being used, and how many more there are.
    unavailable: RoutingDecision,
}

/// A key as authentication needs it.
#[derive(Debug)]
pub(crate) struct KeySlot {
    pub(crate) reference: Arc<KeyRef>,
    pub(crate) enabled: bool,
    pub(crate) expires_at: Option<Timestamp>,
    /// Set for the token that another one has replaced: from when on it is refused.
    pub(crate) retired_at: Option<Timestamp>,
}

impl RoutingTable {
    /// Makes a snapshot. An upstream that cannot be called (its base URL or credential is malformed) is left out
    /// and reported in the log; the others serve.
    pub fn build(config: GatewayConfig) -> Self {
        let keys = config.keys.iter().flat_map(slots).collect();
        let limited = config.keys.iter().filter(|key| !key.grants.is_unlimited());
        let grants = limited.map(|key| (key.id, key.grants.clone())).collect();
        let on_unpriced = config
            .keys
            .iter()
            .filter_map(|key| Some((key.id, key.on_unpriced?)));
        let on_unpriced = on_unpriced.collect();
        let (mut routes, mut resting) = (Vec::new(), HashMap::new());
        let mut unavailable = RoutingDecision::default();
        for with_credential in config.upstreams {
            let (id, enabled) = (with_credential.upstream.id, with_credential.upstream.enabled);
            let name = with_credential.upstream.name.clone();
            let why = if enabled {
                RoutingResult::Unusable
            } else {
                RoutingResult::Disabled
            };
            let passed_over = candidate(&with_credential.upstream, name.as_str().into(), why);
            match Route::try_new(with_credential).map(Arc::new) {
                Ok(route) if enabled => routes.push(route),
                route => {
                    if let Err(error) = &route
                        && enabled
                    {
                        tracing::warn!(upstream = name, %error, "an upstream takes no traffic");
                    }
                    unavailable.add(passed_over);
                    resting.insert(id, route);
                }
            }
        }
        routes.sort_by_key(|route| route.upstream.priority);
        Self {
            version: config.version,
            keys,
            on_unpriced,
            grants,
            routes,
            resting,
            unavailable,
        }
    }

    /// Upstreams that take no traffic, as request logs tell them.
    pub(crate) fn unavailable(&self) -> RoutingDecision {
        self.unavailable.clone()
    }

    /// What a key may use; `None` where that is everything.
    pub(crate) fn grants(&self, key: KeyId) -> Option<&KeyGrants> {
        self.grants.get(&key)
    }

    /// An upstream whether it takes traffic or not; `None` where it is not known here.
    pub(crate) fn route(&self, id: UpstreamId) -> Option<Result<Arc<Route>, RouteError>> {
        let serving = self.routes.iter().find(|route| route.upstream.id == id);
        serving
            .map(|route| Ok(Arc::clone(route)))
            .or_else(|| self.resting.get(&id).cloned())
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

    /// The slot of a key's current token.
    pub(crate) fn key_of(&self, id: KeyId) -> Option<&KeySlot> {
        let mut current = self.keys.values().filter(|slot| slot.retired_at.is_none());
        current.find(|slot| slot.reference.id == id)
    }

    /// An upstream that takes traffic.
    pub(crate) fn serving(&self, id: UpstreamId) -> Option<&Arc<Route>> {
        self.routes.iter().find(|route| route.upstream.id == id)
    }

    pub(crate) fn routes(&self) -> &[Arc<Route>] {
        &self.routes
    }
}

/// A slot for each token of a key.
fn slots(key: &ApiKey) -> impl Iterator<Item = (TokenHash, KeySlot)> {
    let reference = Arc::new(key.as_ref_now());
    let (enabled, expires_at) = (key.enabled, key.expires_at);
    let retiring = key.retiring.as_ref();
    let retiring = retiring.map(|token| (token.token_hash, Some(token.until)));
    let tokens = std::iter::once((key.token_hash, None)).chain(retiring);
    tokens.map(move |(hash, retired_at)| {
        let slot = KeySlot {
            reference: Arc::clone(&reference),
            enabled,
            expires_at,
            retired_at,
        };
        (hash, slot)
    })
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
            retiring: None,
            rotated_at: None,
            grants: tollgate_domain::KeyGrants::default(),
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
