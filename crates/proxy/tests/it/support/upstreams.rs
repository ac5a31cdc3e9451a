use std::sync::atomic::{AtomicU64, Ordering};

use tollgate_domain::ports::UpstreamWithCredential;
use tollgate_domain::{
    BillBy, Clock as _, Multiplier, Protocol, ProviderName, ReportedCostPolicy, Upstream, UpstreamId,
};
use tollgate_testkit::Simulator;
use uuid::Uuid;

use super::ids::FixedClock;

/// What the gateway authenticates with at the upstreams.
pub(crate) const CREDENTIAL: &str = Simulator::DEFAULT_CREDENTIAL;

/// An upstream that is the simulator; named `a`, `b` … by priority from 0 on.
pub(crate) fn of(simulator: &Simulator, priority: i32) -> UpstreamWithCredential {
    at_url(&simulator.base_url(), priority)
}

/// An upstream at an address.
pub(crate) fn at_url(base_url: &str, priority: i32) -> UpstreamWithCredential {
    static COUNT: AtomicU64 = AtomicU64::new(100);
    let id = COUNT.fetch_add(1, Ordering::Relaxed);
    let now = FixedClock.now();
    let upstream = Upstream {
        id: UpstreamId::new(Uuid::from_u128(u128::from(id))),
        name: format!("upstream-{priority}"),
        provider: ProviderName::new("openai"),
        protocols: Protocol::ALL.into_iter().collect(),
        base_url: base_url.to_owned(),
        account_label: None,
        credential_fingerprint: None,
        priority,
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
        created_at: now,
        updated_at: now,
        revision: 1,
    };
    UpstreamWithCredential {
        upstream,
        credential: Some(CREDENTIAL.into()),
    }
}

/// An upstream that refuses connections.
pub(crate) fn dead(priority: i32) -> UpstreamWithCredential {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    at_url(&format!("http://{}", listener.local_addr().unwrap()), priority)
}
