//! What a test sends, and where.

use std::sync::Arc;

use bytes::Bytes;
use tollgate_domain::ports::{TestCall, TestPlan, TestRefusal};
use tollgate_domain::{EndpointBilling, ModelName, Protocol, Upstream};

use super::prompt::{TESTABLE, prompt};
use crate::RoutingTable;
use crate::attempt::billing;
use crate::endpoint::{Endpoint, find};
use crate::route::Route;

/// A test that can be sent.
pub(super) struct Planned {
    pub(super) plan: TestPlan,
    pub(super) route: Arc<Route>,
    /// The path as a caller would name it.
    pub(super) path: String,
    pub(super) body: Bytes,
}

/// Chooses protocol and model and writes the request.
pub(super) fn planned(table: &RoutingTable, call: &TestCall) -> Result<Planned, TestRefusal> {
    let route = table.route(call.upstream).ok_or(TestRefusal::UnknownUpstream)?;
    let route = route.map_err(|error| TestRefusal::NotCallable {
        problem: error.to_string(),
    })?;
    let upstream = &route.upstream;
    let protocol = protocol(upstream, call.protocol)?;
    let model = call.model.clone().or_else(|| first_model(upstream));
    let model = model.ok_or(TestRefusal::ModelMissing)?;
    let served = upstream.serves(&model);
    let prompt = prompt(protocol, &upstream.provider, &model, call.stream)?;
    let is_billed = match find(&http::Method::POST, &prompt.path, &[]) {
        Ok(Endpoint::Call(path)) => billing(&path, &upstream.provider) != EndpointBilling::Free,
        _ => true,
    };
    let plan = TestPlan {
        protocol,
        routed: served.is_some() && upstream.enabled,
        // Who asks for one upstream wants an answer even where a caller would not get there.
        model_sent: served.unwrap_or_else(|| model.clone()),
        model,
        usage_at_most: prompt.usage_at_most,
        is_billed,
    };
    Ok(Planned {
        plan,
        path: prompt.path,
        body: prompt.body,
        route,
    })
}

fn protocol(upstream: &Upstream, asked: Option<Protocol>) -> Result<Protocol, TestRefusal> {
    let list = |protocols: &mut dyn Iterator<Item = &Protocol>| {
        let names: Vec<&str> = protocols.map(|protocol| protocol.as_str()).collect();
        names.join(", ")
    };
    if let Some(asked) = asked
        && !upstream.protocols.contains(&asked)
    {
        return Err(TestRefusal::NotSpoken {
            protocol: asked,
            spoken: list(&mut upstream.protocols.iter()),
        });
    }
    let wanted = |protocol: &&Protocol| match asked {
        Some(asked) => asked == **protocol,
        None => upstream.protocols.contains(*protocol),
    };
    TESTABLE.iter().find(wanted).copied().ok_or_else(|| {
        let protocol = asked.map(|asked| asked.as_str().to_owned());
        TestRefusal::NotTestable {
            protocol: protocol.unwrap_or_else(|| list(&mut upstream.protocols.iter())),
            testable: list(&mut TESTABLE.iter()),
        }
    })
}

fn first_model(upstream: &Upstream) -> Option<ModelName> {
    let mut names = upstream.models.iter().map(|rule| &rule.model);
    names.find(|name| !name.as_str().ends_with('*')).cloned()
}
