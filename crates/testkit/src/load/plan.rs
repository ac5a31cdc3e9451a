//! What a load run sends.

use std::time::Duration;

use crate::error::TestkitError;

use super::traffic::{Endpoint, Traffic};

/// A load run. The same seed sends the same requests.
#[derive(Debug, Clone)]
pub struct LoadPlan {
    /// `http://host:port`, optionally with a path before the protocols' own.
    pub base_url: String,
    /// The caller's key, sent in the header of each request's dialect.
    pub key: String,
    /// What is mixed, by weight.
    pub traffic: Vec<Traffic>,
    /// How many requests.
    pub requests: u64,
    /// How many at a time.
    pub concurrency: usize,
    /// Chooses traffic and prompts.
    pub seed: u64,
    /// About how long a prompt is, in bytes.
    pub prompt_bytes: usize,
    /// How long one request may take as a whole.
    pub timeout: Duration,
    /// No request starts after this; `None` sends all of them.
    pub time_limit: Option<Duration>,
}

impl LoadPlan {
    /// A thousand requests of every kind at a concurrency of 16.
    pub fn new(base_url: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            key: key.into(),
            traffic: Traffic::mixed(),
            requests: 1_000,
            concurrency: 16,
            seed: 1,
            prompt_bytes: 200,
            timeout: Duration::from_mins(1),
            time_limit: None,
        }
    }

    /// The same with this many requests.
    #[must_use]
    pub fn requests(mut self, requests: u64) -> Self {
        self.requests = requests;
        self
    }

    /// The same with this many at a time.
    #[must_use]
    pub fn concurrency(mut self, concurrency: usize) -> Self {
        self.concurrency = concurrency;
        self
    }

    /// The same with other traffic.
    #[must_use]
    pub fn traffic(mut self, traffic: Vec<Traffic>) -> Self {
        self.traffic = traffic;
        self
    }

    pub(super) fn check(&self) -> Result<(), TestkitError> {
        if self.traffic.iter().all(|traffic| traffic.weight == 0) {
            return Err(TestkitError::NoTraffic);
        }
        let absolute = self
            .base_url
            .parse::<http::Uri>()
            .is_ok_and(|uri| uri.scheme().is_some());
        if absolute {
            Ok(())
        } else {
            Err(TestkitError::BaseUrl {
                url: self.base_url.clone(),
            })
        }
    }

    /// The kind of request `number` is, and the numbers that fill it.
    pub(super) fn choose(&self, number: u64) -> Option<(&Traffic, fastrand::Rng)> {
        let mut random = fastrand::Rng::with_seed(self.seed.wrapping_mul(0x9e37_79b9).wrapping_add(number));
        let total: u64 = self.traffic.iter().map(|traffic| u64::from(traffic.weight)).sum();
        let mut at = random.u64(0..total.max(1));
        let chosen = self.traffic.iter().find(|traffic| {
            let weight = u64::from(traffic.weight);
            let hit = at < weight;
            at = at.saturating_sub(weight);
            hit
        })?;
        Some((chosen, random))
    }
}

impl Traffic {
    /// All protocols, streaming and not, at models of the built-in price list.
    pub fn mixed() -> Vec<Self> {
        let kinds = [
            (Endpoint::OpenAiChat, "gpt-4o", 4),
            (Endpoint::OpenAiChat, "gpt-4o-mini", 2),
            (Endpoint::OpenAiResponses, "gpt-5", 3),
            (Endpoint::AnthropicMessages, "claude-sonnet-4-5", 4),
            (Endpoint::AnthropicMessages, "claude-haiku-4-5", 2),
            (Endpoint::Gemini, "gemini-2.5-pro", 2),
            (Endpoint::Gemini, "gemini-2.5-flash", 2),
        ];
        let mut mixed: Vec<Self> = kinds
            .into_iter()
            .flat_map(|(endpoint, model, weight)| {
                [false, true].map(|stream| Self {
                    stream,
                    ..Self::new(endpoint, model, weight)
                })
            })
            .collect();
        mixed.push(Self::new(Endpoint::OpenAiEmbeddings, "text-embedding-3-small", 2));
        mixed.push(Self {
            tier: Some("flex".to_owned()),
            ..Self::new(Endpoint::OpenAiResponses, "gpt-5", 1)
        });
        mixed
    }
}
