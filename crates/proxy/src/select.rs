//! Which upstreams are tried, and in which order.

use std::sync::Arc;

use tollgate_domain::{ModelName, RoutingDecision, RoutingResult};

use crate::RoutingTable;
use crate::endpoint::{CallPath, Place};
use crate::error::ProxyError;
use crate::grants::Granted;
use crate::route::Route;

/// An upstream to try.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) route: Arc<Route>,
    /// The model to send; `None` when the caller named none.
    pub(crate) model_sent: Option<ModelName>,
    /// The request goes as the caller wrote it: the upstream seems to have refused what the gateway added.
    pub(crate) without_addition: bool,
}

/// The upstreams that speak the protocol and serve the model: by priority, and within a priority in random order
/// by weight. What is only carried goes to whoever speaks any protocol of its dialect. The others are noted with why
/// they were passed over.
///
/// # Errors
/// [`ProxyError::ModelNotFound`] or [`ProxyError::ModelMissing`] when there is none.
pub(crate) fn targets(
    table: &RoutingTable,
    granted: Granted<'_>,
    call: &CallPath,
    model: Option<&ModelName>,
    rng: impl FnOnce() -> fastrand::Rng,
    routing: &mut RoutingDecision,
) -> Result<Vec<Target>, ProxyError> {
    let protocol = call.protocol;
    let any = matches!(call.place, Place::AsCalled(_));
    let speaks = |route: &Route| {
        let mut spoken = route.upstream.protocols.iter();
        spoken.any(|known| *known == protocol || (any && known.dialect() == protocol.dialect()))
    };
    *routing = table.unavailable();
    let mut targets = Vec::new();
    for route in table.routes() {
        let considered = if !speaks(route) {
            Err(RoutingResult::WrongProtocol)
        } else if !granted.allows_upstream(route.upstream.id) {
            Err(RoutingResult::NotGranted)
        } else {
            target(route, model, any).ok_or(RoutingResult::ModelNotServed)
        };
        match considered {
            Ok(target) => targets.push(target),
            Err(why) => routing.add(route.candidate(why)),
        }
    }
    match (targets.len(), model) {
        (0, Some(model)) if granted.limits_upstreams() => Err(ProxyError::ModelNotReachable {
            model: model.clone(),
            protocol,
        }),
        (0, Some(model)) => Err(ProxyError::ModelNotFound {
            model: model.clone(),
            protocol,
        }),
        (0, None) => Err(ProxyError::ModelMissing { protocol }),
        _ => Ok(spread(targets, rng)),
    }
}

/// Orders upstreams by priority, which they have already, and within one by weight.
pub(crate) fn spread(mut targets: Vec<Target>, rng: impl FnOnce() -> fastrand::Rng) -> Vec<Target> {
    if targets.len() > 1 {
        let mut rng = rng();
        for group in targets.chunk_by_mut(|a, b| priority(a) == priority(b)) {
            shuffle(group, &mut rng);
        }
    }
    targets
}

impl Target {
    /// An upstream that gets the request as it is.
    pub(crate) fn bare(route: Arc<Route>, model_sent: Option<ModelName>) -> Self {
        Self {
            route,
            model_sent,
            without_addition: false,
        }
    }
}

fn target(route: &Arc<Route>, model: Option<&ModelName>, any: bool) -> Option<Target> {
    let model_sent = match model {
        Some(model) => Some(route.upstream.serves(model)?),
        // Without a name only an upstream that takes everything can be meant.
        None if any || route.upstream.models.is_empty() => None,
        None => return None,
    };
    Some(Target {
        route: Arc::clone(route),
        model_sent,
        without_addition: false,
    })
}

fn priority(target: &Target) -> i32 {
    target.route.upstream.priority
}

/// Draws without replacement, each time in proportion to the weights that are left.
fn shuffle(group: &mut [Target], rng: &mut fastrand::Rng) {
    let mut rest = group;
    while rest.len() > 1 {
        let weights = rest
            .iter()
            .map(|target| u64::from(target.route.upstream.weight.max(1)));
        let mut ticket = rng.u64(0..weights.clone().sum());
        let drawn = weights.take_while(|weight| {
            let passed = ticket >= *weight;
            ticket = ticket.saturating_sub(*weight);
            passed
        });
        let drawn = drawn.count();
        rest.swap(0, drawn.min(rest.len() - 1));
        let Some((_, others)) = rest.split_first_mut() else {
            return;
        };
        rest = others;
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use tollgate_domain::Protocol;

    use super::*;
    use crate::endpoint::{Endpoint, find};
    use crate::table::tests::{rule, table, upstream};

    fn for_chat() -> CallPath {
        call("/v1/chat/completions")
    }

    fn call(path: &str) -> CallPath {
        match find(&Method::POST, path, &["/v1/files".to_owned()]) {
            Ok(Endpoint::Call(call)) => call,
            other => panic!("{other:?}"),
        }
    }

    fn names(table: &RoutingTable, model: &str, seed: u64) -> Vec<String> {
        let model = ModelName::new(model);
        let rng = || fastrand::Rng::with_seed(seed);
        let mut routing = RoutingDecision::default();
        let found = targets(
            table,
            Granted::everything(),
            &for_chat(),
            Some(&model),
            rng,
            &mut routing,
        );
        found
            .unwrap()
            .iter()
            .map(|target| target.route.upstream.name.clone())
            .collect()
    }

    fn with(name: &str, priority: i32, weight: u32) -> tollgate_domain::ports::UpstreamWithCredential {
        let mut made = upstream(name);
        made.upstream.priority = priority;
        made.upstream.weight = weight;
        made
    }

    #[test]
    fn lower_priority_numbers_always_go_first() {
        let table = table(
            vec![with("c", 2, 1000), with("a", 0, 1), with("b", 1, 1000)],
            vec![],
        );
        for seed in 0..50 {
            assert_eq!(names(&table, "m", seed), ["a", "b", "c"]);
        }
    }

    #[test]
    fn equals_share_the_first_place_by_weight() {
        let table = table(vec![with("heavy", 0, 900), with("light", 0, 100)], vec![]);
        let heavy = (0..1000)
            .filter(|seed| names(&table, "m", *seed)[0] == "heavy")
            .count();
        assert!((850..=950).contains(&heavy), "{heavy} of 1000");
    }

    #[test]
    fn only_upstreams_with_the_protocol_and_the_model_are_tried() {
        let (mut chat, mut claude, mut renamed) = (upstream("chat"), upstream("claude"), upstream("renamed"));
        chat.upstream.models = vec![rule("gpt-*", None)];
        claude.upstream.protocols = [Protocol::AnthropicMessages].into();
        renamed.upstream.models = vec![rule("gpt-4o", Some("deployment-7"))];
        let table = table(vec![chat, claude, renamed], vec![]);
        assert_eq!(names(&table, "gpt-5", 0), ["chat"]);
        assert_eq!(names(&table, "gpt-4o", 0).len(), 2);

        let model = ModelName::new("claude-x");
        let refused = targets(
            &table,
            Granted::everything(),
            &for_chat(),
            Some(&model),
            fastrand::Rng::new,
            &mut RoutingDecision::default(),
        )
        .unwrap_err();
        assert!(refused.to_string().contains("openai_chat"), "{refused}");
        let refused = targets(
            &table,
            Granted::everything(),
            &for_chat(),
            None,
            fastrand::Rng::new,
            &mut RoutingDecision::default(),
        )
        .unwrap_err();
        assert_eq!(refused.label(), "model_missing");
    }

    #[test]
    fn what_is_only_carried_goes_to_any_upstream_of_its_dialect() {
        let (mut audio, mut claude) = (upstream("audio"), upstream("claude"));
        audio.upstream.protocols = [Protocol::OpenaiSpeech].into();
        audio.upstream.models = vec![rule("tts-1", None)];
        claude.upstream.protocols = [Protocol::AnthropicMessages].into();
        let table = table(vec![claude, audio], vec![]);
        let found = targets(
            &table,
            Granted::everything(),
            &call("/v1/files"),
            None,
            fastrand::Rng::new,
            &mut RoutingDecision::default(),
        )
        .unwrap();
        let names: Vec<_> = found
            .iter()
            .map(|target| target.route.upstream.name.as_str())
            .collect();
        assert_eq!(names, ["audio"]);
    }
}
