//! Where a request could have gone, and what came of each place.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::UpstreamId;

/// The upstreams that came into question for one request, in the order of their chance: those it could go to as they
/// were to be tried, then those that were passed over. Kept short: at most [`RoutingDecision::MAX`] of them, in JSON
/// with one-letter names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RoutingDecision {
    #[serde(rename = "c")]
    candidates: Vec<RoutingCandidate>,
    #[serde(rename = "o", default, skip_serializing_if = "is_zero")]
    omitted: u32,
}

/// An upstream, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoutingCandidate {
    /// The upstream.
    #[serde(rename = "u")]
    pub upstream_id: UpstreamId,
    /// Its name then.
    #[serde(rename = "n")]
    pub name: Arc<str>,
    /// Its priority then; lower goes first.
    #[serde(rename = "p", default, skip_serializing_if = "is_zero_priority")]
    pub priority: i32,
    /// Its share among equals then, 1..=1000.
    #[serde(rename = "w")]
    pub weight: u32,
    /// What came of it.
    #[serde(rename = "r")]
    pub result: RoutingResult,
    /// The status of its answer, if it answered.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub http_status: Option<u16>,
    /// Why it did not answer, by stable name.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Arc<str>>,
}

/// What came of an upstream, the nearest to being used first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutingResult {
    /// It was tried and answered, with whatever status.
    Answered,
    /// It was tried and did not answer.
    Failed,
    /// It would have been next, had one before it not answered.
    NotReached,
    /// Nothing prices the request there, and such requests are refused.
    NoPrice,
    /// The key may not use it.
    NotGranted,
    /// It speaks the protocol and does not serve the model.
    ModelNotServed,
    /// It is switched off.
    Disabled,
    /// Its base URL or credential cannot be used.
    Unusable,
    /// It does not speak the protocol.
    WrongProtocol,
}

impl RoutingResult {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Answered,
        Self::Failed,
        Self::NotReached,
        Self::NoPrice,
        Self::NotGranted,
        Self::ModelNotServed,
        Self::Disabled,
        Self::Unusable,
        Self::WrongProtocol,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::NotReached => "not_reached",
            Self::NoPrice => "no_price",
            Self::NotGranted => "not_granted",
            Self::ModelNotServed => "model_not_served",
            Self::Disabled => "disabled",
            Self::Unusable => "unusable",
            Self::WrongProtocol => "wrong_protocol",
        }
    }

    /// Its place in the list; those that could be used share the first one and keep the order they are tried in.
    const fn rank(self) -> u8 {
        match self {
            Self::Answered | Self::Failed | Self::NotReached => 0,
            passed_over => passed_over as u8,
        }
    }
}

impl RoutingDecision {
    /// So many are kept; of more, the ones nearest to being used.
    pub const MAX: usize = 12;

    /// Those that are kept.
    pub fn candidates(&self) -> &[RoutingCandidate] {
        &self.candidates
    }

    /// How many more there were.
    pub const fn omitted(&self) -> u32 {
        self.omitted
    }

    /// Whether nothing came into question, or nobody asked.
    pub fn is_empty(&self) -> bool {
        self.candidates.is_empty()
    }

    /// Adds one behind those of its kind.
    pub fn add(&mut self, candidate: RoutingCandidate) {
        let rank = candidate.result.rank();
        if self.candidates.len() >= Self::MAX {
            self.omitted = self.omitted.saturating_add(1);
            if self
                .candidates
                .last()
                .is_none_or(|last| last.result.rank() <= rank)
            {
                return;
            }
            self.candidates.pop();
        }
        let place = self
            .candidates
            .partition_point(|before| before.result.rank() <= rank);
        self.candidates.insert(place, candidate);
    }

    /// Notes what came of one that was tried.
    pub fn tried(&mut self, upstream: UpstreamId, outcome: Result<u16, &str>) {
        let mut candidates = self.candidates.iter_mut();
        let Some(candidate) = candidates.find(|candidate| candidate.upstream_id == upstream) else {
            return;
        };
        (candidate.result, candidate.http_status, candidate.error) = match outcome {
            Ok(status) => (RoutingResult::Answered, Some(status), None),
            Err(error) => (RoutingResult::Failed, None, Some(error.into())),
        };
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_zero_priority(priority: &i32) -> bool {
    *priority == 0
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn candidate(n: u128, result: RoutingResult) -> RoutingCandidate {
        RoutingCandidate {
            upstream_id: UpstreamId::new(Uuid::from_u128(n)),
            name: format!("upstream-{n}").into(),
            priority: 0,
            weight: 1,
            result,
            http_status: None,
            error: None,
        }
    }

    fn made(candidates: impl IntoIterator<Item = (u128, RoutingResult)>) -> RoutingDecision {
        let mut decision = RoutingDecision::default();
        for (n, result) in candidates {
            decision.add(candidate(n, result));
        }
        decision
    }

    fn order(decision: &RoutingDecision) -> Vec<u128> {
        let candidates = decision.candidates().iter();
        candidates
            .map(|candidate| candidate.upstream_id.uuid().as_u128())
            .collect()
    }

    #[test]
    fn what_could_be_used_comes_first_in_the_order_it_is_tried() {
        let mut decision = made([
            (1, RoutingResult::WrongProtocol),
            (2, RoutingResult::NoPrice),
            (3, RoutingResult::NotReached),
            (4, RoutingResult::Disabled),
            (5, RoutingResult::NotReached),
        ]);
        decision.tried(UpstreamId::new(Uuid::from_u128(3)), Err("upstream_lost"));
        decision.tried(UpstreamId::new(Uuid::from_u128(5)), Ok(200));
        decision.tried(UpstreamId::new(Uuid::from_u128(9)), Ok(500));
        assert_eq!(order(&decision), [3, 5, 2, 4, 1]);
        let [first, second, ..] = decision.candidates() else {
            panic!("{decision:?}")
        };
        assert_eq!(first.error.as_deref(), Some("upstream_lost"));
        assert_eq!(
            (second.result, second.http_status),
            (RoutingResult::Answered, Some(200))
        );
        assert_eq!(decision.omitted(), 0);
    }

    #[test]
    fn of_many_those_nearest_to_being_used_are_kept() {
        let far = (1..=20).map(|n| (n, RoutingResult::WrongProtocol));
        let near = (21..=25).map(|n| (n, RoutingResult::NotGranted));
        let decision = made(far.chain(near));
        let expected: Vec<u128> = (21..=25).chain(1..=7).collect();
        assert_eq!(order(&decision), expected);
        assert_eq!(decision.omitted(), 13);
        let decision = made((1..=20).map(|n| (n, RoutingResult::NotReached)));
        assert_eq!(order(&decision), (1..=12).collect::<Vec<_>>());
    }

    #[test]
    fn the_stored_form_is_short_and_reads_back() {
        let mut decision = made([(1, RoutingResult::NotReached), (2, RoutingResult::Disabled)]);
        decision.tried(UpstreamId::new(Uuid::from_u128(1)), Ok(200));
        let text = serde_json::to_string(&decision).unwrap();
        assert_eq!(
            text,
            r#"{"c":[{"u":"00000000-0000-0000-0000-000000000001","n":"upstream-1","w":1,"r":"answered","s":200},{"u":"00000000-0000-0000-0000-000000000002","n":"upstream-2","w":1,"r":"disabled"}]}"#
        );
        assert_eq!(serde_json::from_str::<RoutingDecision>(&text).unwrap(), decision);
        for result in RoutingResult::ALL {
            assert_eq!(serde_json::to_value(result).unwrap(), result.as_str());
        }
    }
}
