//! Providers, gateway, upstreams and keys.

use std::fmt;
use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};
use tempfile::TempDir;
use tollgate_testkit::{Meter, PriceList, Simulator};

use crate::admin::Admin;
use crate::gateway::Gateway;

/// The name of the upstream that is a reseller's channel.
pub(crate) const RESELLER: &str = "reseller";
/// A model the provider has a price for and the public price map does not.
pub(crate) const UNPRICED_MODEL: &str = "acme-large";

/// The reseller's discount on what is sent and on what is generated, for the gateway and in millionths.
const DISCOUNT: [(&str, u32); 2] = [("0.8", 800_000), ("0.9", 900_000)];
/// Pico-USD per million tokens in one USD per million.
const USD_PER_MILLION: i128 = 1_000_000_000_000;

/// Everything that runs; processes end and files go when it is dropped.
pub(crate) struct Stage {
    pub(crate) provider: Simulator,
    pub(crate) reseller: Simulator,
    pub(crate) admin: Admin,
    gateway: Gateway,
    keys: Vec<Key>,
    directory: TempDir,
}

/// A client's key.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) token: String,
}

impl Stage {
    /// Starts everything.
    pub(crate) async fn set(binary: &Path) -> Result<Self> {
        let [(_, input), (_, output)] = DISCOUNT;
        let list = PriceList::builtin().with_flat(
            UNPRICED_MODEL,
            &[
                (Meter::Input, 3 * USD_PER_MILLION),
                (Meter::Output, 9 * USD_PER_MILLION),
            ],
        );
        let discounted = PriceList::builtin().with_multipliers(input, output);
        let provider = Simulator::builder().prices(list).start().await?;
        let reseller = Simulator::builder().prices(discounted).start().await?;
        let directory = tempfile::Builder::new().prefix("tollgate-demo-").tempdir()?;
        let gateway = Gateway::start(binary, directory.path()).await?;
        let admin = Admin::new(gateway.base_url(), gateway.admin_token())?;
        for upstream in upstreams(&provider, &reseller) {
            admin.create("/upstreams", &upstream).await?;
        }
        let mut keys = Vec::new();
        for (name, team) in [("search-backend", "search"), ("chat-app", "support")] {
            let token = admin
                .create_key(&json!({"name": name, "team": team, "tags": ["demo"]}))
                .await?;
            keys.push(Key { name, token });
        }
        Ok(Self {
            provider,
            reseller,
            admin,
            gateway,
            keys,
            directory,
        })
    }

    /// Where the gateway listens.
    pub(crate) fn base_url(&self) -> &str {
        self.gateway.base_url()
    }

    /// The token of its admin API.
    pub(crate) fn admin_token(&self) -> &str {
        self.gateway.admin_token()
    }

    /// Who sends requests.
    pub(crate) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// How many attempts have reached a provider.
    pub(crate) fn attempts(&self) -> usize {
        self.provider.invoice().len() + self.reseller.invoice().len()
    }

    /// Stops everything in order and removes the data directory.
    pub(crate) async fn clear(self) -> Result<()> {
        self.gateway.stop().await?;
        self.provider.shutdown().await;
        self.reseller.shutdown().await;
        self.directory.close()?;
        Ok(())
    }
}

/// Three dialects at the provider itself; a reseller that comes first for what it offers.
fn upstreams(provider: &Simulator, reseller: &Simulator) -> Vec<Value> {
    let [(input, _), (output, _)] = DISCOUNT;
    let direct = |name: &str, protocols: &[&str]| {
        json!({
            "name": name, "provider": name, "protocols": protocols, "priority": 10,
            "base_url": provider.base_url(), "credential": provider.credential(),
        })
    };
    vec![
        direct(
            "openai",
            &["openai_chat", "openai_responses", "openai_embeddings"],
        ),
        direct("anthropic", &["anthropic_messages"]),
        direct("gemini", &["gemini_generate"]),
        json!({
            "name": RESELLER, "provider": "openai", "protocols": ["openai_chat"], "priority": 0,
            "models": [{"model": "gpt-4.1*"}],
            "base_url": reseller.base_url(), "credential": reseller.credential(),
            "input_multiplier": input, "output_multiplier": output,
        }),
    ]
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [(input, _), (output, _)] = DISCOUNT;
        writeln!(f, "THE STAGE")?;
        writeln!(f, "  gateway    {} on an embedded database", self.base_url())?;
        writeln!(
            f,
            "  upstreams  openai, anthropic, gemini at a simulated provider"
        )?;
        writeln!(
            f,
            "             {RESELLER} for gpt-4.1*: {input} of the input price, {output} of the output price"
        )?;
        let keys: Vec<&str> = self.keys.iter().map(|key| key.name).collect();
        writeln!(f, "  keys       {}", keys.join(", "))
    }
}
