//! Who sends requests, where to, and for which models: dozens of upstreams, hundreds of keys and models.

use std::sync::Arc;

use tollgate_domain::ports::{Edited, KeyStore, UpstreamStore};
use tollgate_domain::{
    Actor, ApiKey, BillBy, KeyGrants, KeyId, KeyRef, ModelName, Multiplier, Protocol, ProviderName,
    ReportedCostPolicy, Timestamp, TokenHash, Upstream, UpstreamId, UpstreamRef,
};
use tollgate_storage::Database;
use uuid::Uuid;

use crate::Failure;

pub(crate) const UPSTREAMS: u32 = 24;
pub(crate) const KEYS: u32 = 300;
pub(crate) const TEAMS: u32 = 20;
const OWNERS: u32 = 80;
/// Edits of each key.
const EDITS: u32 = 10;

const PROVIDERS: [&str; 8] = [
    "openai",
    "anthropic",
    "gemini",
    "azure",
    "bedrock",
    "deepseek",
    "mistral",
    "together_ai",
];
const FAMILIES: [&str; 12] = [
    "gpt-5",
    "gpt-4o",
    "o3",
    "claude-opus-4",
    "claude-sonnet-4",
    "claude-haiku-4",
    "gemini-2.5-pro",
    "gemini-2.5-flash",
    "deepseek-chat",
    "mistral-large",
    "llama-4-maverick",
    "qwen3",
];
/// Variants of each family.
const VARIANTS: u32 = 16;
/// What nothing prices.
pub(crate) const UNPRICED: [&str; 8] = [
    "acme-large",
    "acme-small",
    "gpt-5-unheard-of",
    "claude-sonnet-4-internal",
    "gemini-preview-0",
    "house-finetune-1",
    "house-finetune-2",
    "llama-4-secret",
];

/// The same numbers in every run.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    /// Of a thing by its number, the same every time.
    fn of(number: u64) -> Self {
        Self((number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from((self.0 >> 11) % u64::from(limit.max(1))).unwrap_or(0)
    }

    /// Low numbers are frequent: the first of a hundred has more than a twentieth of all.
    pub(crate) fn skewed(&mut self, limit: u32) -> u32 {
        let (one, other) = (u64::from(self.below(1 << 16)), u64::from(self.below(1 << 16)));
        u32::try_from((one * other * u64::from(limit)) >> 32).unwrap_or(0)
    }

    /// One in so many.
    pub(crate) fn once_in(&mut self, times: u32) -> bool {
        self.below(times) == 0
    }
}

/// The upstreams and keys of the bench.
pub(crate) struct World {
    pub(crate) keys: Vec<Arc<KeyRef>>,
    pub(crate) upstreams: Vec<Arc<UpstreamRef>>,
    pub(crate) models: Vec<String>,
}

impl World {
    pub(crate) fn new() -> Self {
        let variants = |family: &'static str| {
            (0..VARIANTS).map(move |variant| match variant {
                0 => family.to_owned(),
                1 => format!("{family}-mini"),
                2 => format!("{family}-nano"),
                other => format!("{family}-{other}"),
            })
        };
        Self {
            keys: (0..KEYS).map(|number| Arc::new(key_ref(number))).collect(),
            upstreams: (0..UPSTREAMS)
                .map(|number| Arc::new(upstream_ref(number)))
                .collect(),
            models: FAMILIES.into_iter().flat_map(variants).collect(),
        }
    }

    /// Stores them.
    pub(crate) async fn store(&self, store: &Database, at: Timestamp) -> Result<(), Failure> {
        let author = Actor::system("bench");
        for upstream in &self.upstreams {
            store
                .create_upstream(whole_upstream(upstream, at), None, &author)
                .await?;
        }
        for key in &self.keys {
            let mut key = store.create_key(whole_key(key, at), &author).await?;
            // Something for the audit log.
            for edit in 0..EDITS {
                key.tags = vec![format!("edited {edit}")];
                if let Edited::Done(edited) = store.update_key(key.clone(), None, &author).await? {
                    key = edited;
                }
            }
        }
        Ok(())
    }

    /// The model of a key's choice: each has a handful, the first of them most of the time.
    pub(crate) fn model_of(&self, key: u32, draw: &mut Draw) -> String {
        if draw.once_in(300) {
            let name = UNPRICED.get(draw.skewed(8) as usize).copied();
            return name.unwrap_or("acme-large").to_owned();
        }
        let count = u32::try_from(self.models.len()).unwrap_or(1);
        let choice = draw.skewed(1 + key % 8);
        // Popular models are many keys' first.
        let spread = Draw::of(u64::from(key * 31 + choice * 977)).skewed(count);
        self.models.get(spread as usize).cloned().unwrap_or_default()
    }
}

/// One of a model's few upstreams.
pub(crate) fn upstream_of(model: &str, draw: &mut Draw) -> u32 {
    let hash = model.bytes().fold(7_u32, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(u32::from(byte))
    });
    let first = Draw::of(u64::from(hash)).skewed(UPSTREAMS);
    (first + draw.skewed(3) * 5) % UPSTREAMS
}

pub(crate) fn key_id(number: u32) -> KeyId {
    KeyId::new(Uuid::from_u128(
        0x1000_0000_0000_7000_8000_0000_0000_0000 + u128::from(number),
    ))
}

pub(crate) fn upstream_id(number: u32) -> UpstreamId {
    UpstreamId::new(Uuid::from_u128(
        0x2000_0000_0000_7000_8000_0000_0000_0000 + u128::from(number),
    ))
}

fn key_ref(number: u32) -> KeyRef {
    KeyRef {
        id: key_id(number),
        name: format!("service {number}").into(),
        owner: (!number.is_multiple_of(9)).then(|| format!("owner {}", number % OWNERS).into()),
        team: (!number.is_multiple_of(11)).then(|| format!("team {}", number % TEAMS).into()),
        tags: Arc::default(),
    }
}

fn upstream_ref(number: u32) -> UpstreamRef {
    let provider = PROVIDERS.get((number % 8) as usize).copied().unwrap_or("openai");
    UpstreamRef {
        id: upstream_id(number),
        name: format!("{provider} {number}").into(),
        provider: ProviderName::new(provider),
        account_label: None,
        credential_fingerprint: None,
        bill_by: BillBy::Served,
        reported_cost: ReportedCostPolicy::Never,
        price_modifiers: Arc::default(),
    }
}

fn whole_upstream(upstream: &UpstreamRef, at: Timestamp) -> Upstream {
    Upstream {
        id: upstream.id,
        name: upstream.name.to_string(),
        provider: upstream.provider.clone(),
        protocols: [Protocol::OpenaiChat, Protocol::AnthropicMessages].into(),
        base_url: "https://provider.example".to_owned(),
        account_label: None,
        credential_fingerprint: None,
        priority: 0,
        weight: 1,
        models: Vec::new(),
        bill_by: upstream.bill_by,
        reported_cost: upstream.reported_cost,
        input_multiplier: Multiplier::ONE,
        output_multiplier: Multiplier::ONE,
        allow_free: false,
        model_multipliers: Vec::new(),
        price_modifiers: Vec::new(),
        on_unpriced: None,
        estimate_missing_usage: None,
        enabled: true,
        created_at: at,
        updated_at: at,
        revision: 0,
    }
}

fn whole_key(key: &KeyRef, at: Timestamp) -> ApiKey {
    ApiKey {
        id: key.id,
        name: key.name.to_string(),
        token_hash: TokenHash::of(&key.name),
        token_hint: "abcd".to_owned(),
        retiring: None,
        rotated_at: None,
        owner: key.owner.as_deref().map(ToOwned::to_owned),
        team: key.team.as_deref().map(ToOwned::to_owned),
        tags: Vec::new(),
        on_unpriced: None,
        grants: KeyGrants::default(),
        enabled: true,
        expires_at: None,
        created_at: at,
        updated_at: at,
        revision: 0,
    }
}

/// Names with a price.
pub(crate) fn priced_names(world: &World) -> impl Iterator<Item = ModelName> + '_ {
    world.models.iter().map(|name| ModelName::new(name.as_str()))
}
