//! Usage made up from a request's bytes: varied, and the same for the same request.

use crate::counts::{Counts, Meter};
use crate::protocol::Protocol;

use super::request::RequestFacts;

/// Thresholds of context bands worth crossing now and then, per model name's beginning.
const BIG_CONTEXTS: &[(&str, u64)] = &[("gemini-2.5-pro", 200_000), ("gpt-5.6", 272_000)];
/// Models that reason.
const REASONING_MODELS: &[&str] = &["gpt-5", "o3", "gemini-2.5", "claude-sonnet"];
/// Models of the OpenAI protocols that report cache writes.
const CACHE_WRITING_MODELS: &[&str] = &["gpt-5.6"];

/// A stream of numbers that depends on a request's bytes alone (FNV-1a, then splitmix64).
struct Draws(u64);

/// Derives what a request uses.
pub(super) fn derive(protocol: Protocol, model: &str, facts: &RequestFacts, body: &[u8]) -> Counts {
    let mut draws = Draws::new(body);
    if let Some(counts) = media(protocol, model, facts, &mut draws) {
        return counts.only(protocol.expressible());
    }
    let starts = |names: &[&str]| names.iter().any(|name| model.starts_with(name));
    let mut counts = Counts::text(draws.between(20, 2_000), draws.between(1, 800));
    if draws.one_in(2) {
        counts = counts.with(Meter::CacheRead, draws.between(1, 4_000));
    }
    let (write, reasoning) = (draws.one_in(3), draws.one_in(2));
    if write && (protocol == Protocol::AnthropicMessages || starts(CACHE_WRITING_MODELS)) {
        counts = counts
            .with(Meter::CacheWrite5m, draws.between(1, 1_500))
            .with(Meter::CacheWrite1h, draws.between(0, 700));
    }
    if reasoning && starts(REASONING_MODELS) {
        counts = counts.with(Meter::Reasoning, draws.between(1, 1_200));
    }
    if let Some((_, above)) = BIG_CONTEXTS.iter().find(|(name, _)| model.starts_with(name))
        && draws.one_in(16)
    {
        counts = counts.with(Meter::Input, above + draws.between(1, 50_000));
    }
    counts.only(protocol.expressible())
}

/// What the protocols count that are not about text alone.
fn media(protocol: Protocol, model: &str, facts: &RequestFacts, draws: &mut Draws) -> Option<Counts> {
    let counts = Counts::new();
    Some(match protocol {
        Protocol::OpenaiImages => counts
            .with(Meter::Input, draws.between(5, 300))
            .with(Meter::ImageOutput, facts.images * draws.between(200, 6_000)),
        Protocol::OpenaiTranscriptions if model.starts_with("whisper") => {
            counts.with(Meter::SecondsIn, draws.between(1, 600))
        }
        Protocol::OpenaiTranscriptions => counts
            .with(Meter::AudioInput, draws.between(10, 4_000))
            .with(Meter::Input, draws.between(0, 50))
            .with(Meter::Output, draws.between(1, 900)),
        Protocol::OpenaiSpeech if model.starts_with("tts-") => {
            counts.with(Meter::CharactersIn, facts.characters)
        }
        Protocol::OpenaiSpeech => counts
            .with(Meter::Input, draws.between(5, 300))
            .with(Meter::AudioOutput, draws.between(50, 4_000)),
        Protocol::Rerank if model.starts_with("jina") => counts.with(Meter::Input, draws.between(20, 9_000)),
        // One search unit is a query over up to a hundred documents.
        Protocol::Rerank => {
            let documents = u64::try_from(facts.documents).unwrap_or(u64::MAX);
            counts.with(Meter::Queries, documents.div_ceil(100).max(1))
        }
        _ => return None,
    })
}

impl Draws {
    fn new(bytes: &[u8]) -> Self {
        let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(hash)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.next().is_multiple_of(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derived(n: u32) -> Counts {
        derive(
            Protocol::AnthropicMessages,
            "claude-sonnet-4-5",
            &RequestFacts::default(),
            &n.to_le_bytes(),
        )
    }

    #[test]
    fn the_same_bytes_give_the_same_usage_and_others_differ() {
        assert_eq!(derived(1), derived(1));
        assert_ne!(derived(1), derived(2));
    }

    #[test]
    fn mixed_traffic_reaches_every_meter_of_the_protocol() {
        for meter in [
            Meter::Input,
            Meter::CacheRead,
            Meter::CacheWrite5m,
            Meter::CacheWrite1h,
            Meter::Output,
        ] {
            assert!((0..50).any(|n| derived(n).get(meter) > 0), "{meter:?}");
        }
    }

    #[test]
    fn some_requests_cross_the_context_threshold_and_most_do_not() {
        let big = |n: &u32| {
            derive(
                Protocol::GeminiGenerate,
                "gemini-2.5-pro",
                &RequestFacts::default(),
                &n.to_le_bytes(),
            )
            .context()
                > 200_000
        };
        let crossed = (0..320).filter(big).count();
        assert!((5..80).contains(&crossed), "{crossed}");
    }

    #[test]
    fn only_meters_the_protocol_can_report_are_used() {
        let counts = derive(
            Protocol::OpenaiEmbeddings,
            "text-embedding-3-small",
            &RequestFacts::default(),
            b"x",
        );
        assert!(counts.iter().all(|(meter, _)| meter == Meter::Input));
    }
}
