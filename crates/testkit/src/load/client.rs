//! Sends one request and reads its whole answer.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Response;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::plan::LoadPlan;
use super::report::LoadOutcome;

/// How much of an answer's beginning is searched for its id.
const HEAD: usize = 1_024;

#[derive(Debug, Clone)]
pub(super) struct LoadClient(Client<HttpConnector, Full<Bytes>>);

impl LoadClient {
    pub(super) fn new() -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Self(
            Client::builder(TokioExecutor::new())
                .pool_idle_timeout(Duration::from_secs(30))
                .build(connector),
        )
    }

    pub(super) async fn send(&self, plan: &LoadPlan, number: u64) -> LoadOutcome {
        let started = Instant::now();
        let mut outcome = LoadOutcome {
            number,
            ..LoadOutcome::default()
        };
        let Some((traffic, mut random)) = plan.choose(number) else {
            return outcome;
        };
        outcome.model.clone_from(&traffic.model);
        outcome.stream = traffic.stream;
        let prompt = prompt(&mut random, number, plan.prompt_bytes);
        let Some(request) = traffic.request(&plan.base_url, &plan.key, &prompt, random.bool()) else {
            outcome.error = Some("the request could not be made".to_owned());
            return outcome;
        };
        let exchange = async {
            match self.0.request(request).await {
                Ok(response) => read(response, started, &mut outcome).await,
                Err(error) => outcome.error = Some(chain(&error)),
            }
        };
        if tokio::time::timeout(plan.timeout, exchange).await.is_err() {
            outcome.error = Some("timed out".to_owned());
        }
        outcome.duration = started.elapsed();
        outcome
    }
}

async fn read(response: Response<Incoming>, started: Instant, outcome: &mut LoadOutcome) {
    outcome.status = Some(response.status().as_u16());
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    outcome.request_id = header("x-request-id").map(str::to_owned);
    let mut head = Vec::new();
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        let data = match frame {
            Ok(frame) => frame.into_data().unwrap_or_default(),
            Err(error) => {
                outcome.error = Some(chain(&error));
                break;
            }
        };
        if outcome.first_byte.is_none() && !data.is_empty() {
            outcome.first_byte = Some(started.elapsed());
        }
        outcome.bytes += data.len();
        let room = HEAD.saturating_sub(head.len());
        head.extend(data.iter().take(room));
    }
    outcome.response_id = find_id(&String::from_utf8_lossy(&head));
}

/// An answer's own id: the first `responseId`, else the first `id`.
fn find_id(head: &str) -> Option<String> {
    let after = |name: &str| head.split_once(name).and_then(|(_, rest)| rest.split_once('"'));
    after("\"responseId\":\"")
        .or_else(|| after("\"id\":\""))
        .map(|(id, _)| id.to_owned())
}

/// Different for every number, so that the simulated usage differs too.
fn prompt(random: &mut fastrand::Rng, number: u64, bytes: usize) -> String {
    let mut prompt = format!("Request {number}: Größe, 世界, 🚀.");
    while prompt.len() < bytes {
        prompt.push(' ');
        let letters = random.usize(2..9);
        prompt.extend(std::iter::repeat_with(|| random.lowercase()).take(letters));
    }
    prompt
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_s_own_id_is_found() {
        let id = |head: &str| find_id(head);
        assert_eq!(
            id(r#"data: {"id":"chatcmpl-1","choices":[]}"#).as_deref(),
            Some("chatcmpl-1")
        );
        assert_eq!(
            id(r#"{"candidates":[{"id":"x"}],"responseId":"r"}"#).as_deref(),
            Some("r")
        );
        assert_eq!(id("data"), None);
    }

    #[test]
    fn the_same_seed_makes_the_same_prompt() {
        let make = |seed| prompt(&mut fastrand::Rng::with_seed(seed), 7, 300);
        assert_eq!(make(1), make(1));
        assert_ne!(make(1), make(2));
    }
}
