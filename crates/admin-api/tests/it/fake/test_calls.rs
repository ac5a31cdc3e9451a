use std::sync::Mutex;

use async_trait::async_trait;
use tollgate_domain::ports::{
    StoreError, TestCall, TestCallStore, TestCalls, TestOutcome, TestPlan, TestRefusal,
};
use tollgate_domain::{Actor, Meter, ModelName, Protocol, RequestId, Timestamp, Upstream, Usage};
use uuid::Uuid;

use super::FakeStore;

/// Tests that send nothing.
#[derive(Default)]
pub(crate) struct FakeTests {
    /// Why nothing can be sent.
    pub(crate) refusal: Mutex<Option<TestRefusal>>,
    /// What was asked for.
    pub(crate) calls: Mutex<Vec<TestCall>>,
}

#[async_trait]
impl TestCalls for FakeTests {
    fn plan(&self, call: &TestCall) -> Result<TestPlan, TestRefusal> {
        if let Some(refusal) = self.refusal.lock().unwrap().clone() {
            return Err(refusal);
        }
        let model = call.model.clone().unwrap_or_else(|| ModelName::new("first"));
        Ok(TestPlan {
            protocol: call.protocol.unwrap_or(Protocol::OpenaiChat),
            model_sent: model.clone(),
            model,
            routed: true,
            usage_at_most: Usage::new()
                .with(Meter::Input, 100)
                .unwrap()
                .with(Meter::Output, 16)
                .unwrap(),
            is_billed: true,
        })
    }

    async fn call(&self, call: TestCall) -> Result<TestOutcome, TestRefusal> {
        self.calls.lock().unwrap().push(call);
        Ok(TestOutcome {
            request_id: RequestId::new(Uuid::from_u128(77)),
            status: 503,
            error: Some("upstream_unreachable".to_owned()),
            said: "{}".to_owned(),
            is_cut: false,
            duration_us: 1200,
            entry: None,
        })
    }
}

#[async_trait]
impl TestCallStore for FakeStore {
    async fn note_test(
        &self,
        upstream: &Upstream,
        plan: &TestPlan,
        actor: &Actor,
        _: Timestamp,
    ) -> Result<(), StoreError> {
        let note = format!("{} tested {} with {}", actor.name, upstream.name, plan.model);
        self.open()?.tested.push(note);
        Ok(())
    }
}
