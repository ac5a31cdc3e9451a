//! What the demo sends.

use std::fmt;

use anyhow::{Context, Result, ensure};
use tollgate_testkit::load::{self, Endpoint, LoadPlan, LoadReport, Traffic};
use tollgate_testkit::{Report, Script};

use crate::stage::{Key, Stage, UNPRICED_MODEL};

const MIXED_REQUESTS_PER_KEY: u64 = 36;
const RESELLER_MODEL: &str = "gpt-4.1";

/// What came back.
pub(crate) struct Sent {
    mixed: LoadReport,
    /// What each request out of the ordinary is about, and the status it got.
    special: Vec<(&'static str, Option<u16>)>,
}

/// Sends everything.
pub(crate) async fn send(stage: &Stage) -> Result<Sent> {
    let mut mixed = LoadReport::default();
    for (seed, key) in (1..).zip(stage.keys()) {
        let mut plan = plan(stage, key).requests(MIXED_REQUESTS_PER_KEY).traffic(mix());
        plan.seed = seed;
        let report = load::run(plan).await?;
        mixed.outcomes.extend(report.outcomes);
    }
    let failed = mixed.failures().next();
    ensure!(
        failed.is_none(),
        "a request of the ordinary traffic failed: {failed:?}"
    );
    Ok(Sent {
        mixed,
        special: special(stage).await?,
    })
}

/// What every protocol does every day, and some of the reseller's.
fn mix() -> Vec<Traffic> {
    let mut mix = Traffic::mixed();
    let reseller = Traffic::new(Endpoint::OpenAiChat, RESELLER_MODEL, 4);
    mix.push(reseller.clone().streamed());
    mix.push(reseller);
    mix
}

/// One after the other, so that each meets the answer prepared for it.
async fn special(stage: &Stage) -> Result<Vec<(&'static str, Option<u16>)>> {
    let key = stage.keys().first().context("there is no key")?;
    let chat = |model: &str| Traffic::new(Endpoint::OpenAiChat, model, 1);
    let without_usage = Script {
        report: Report::Missing,
        ..Script::default()
    };
    let mut sent = Vec::new();

    stage.reseller.script_next(RESELLER_MODEL, Script::status(503));
    let status = one(stage, key, chat(RESELLER_MODEL)).await?;
    sent.push(("the reseller is overloaded: the next upstream answers", status));

    stage.provider.script_next("gpt-4o", Script::status(400));
    let status = one(stage, key, chat("gpt-4o")).await?;
    sent.push(("the provider refuses a request", status));

    let status = one(stage, key, chat(UNPRICED_MODEL)).await?;
    sent.push(("a model that the price map does not know", status));
    let status = one(stage, key, chat(UNPRICED_MODEL).streamed()).await?;
    sent.push(("the same as a stream", status));

    stage.provider.script_next("gpt-4o-mini", without_usage);
    let status = one(stage, key, chat("gpt-4o-mini")).await?;
    sent.push(("an answer without usage", status));
    Ok(sent)
}

async fn one(stage: &Stage, key: &Key, traffic: Traffic) -> Result<Option<u16>> {
    let report = load::run(plan(stage, key).requests(1).concurrency(1).traffic(vec![traffic])).await?;
    Ok(report.outcomes.first().and_then(|outcome| outcome.status))
}

fn plan(stage: &Stage, key: &Key) -> LoadPlan {
    LoadPlan::new(stage.base_url(), &key.token).concurrency(8)
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.mixed.outcomes.len();
        let streams = self
            .mixed
            .outcomes
            .iter()
            .filter(|outcome| outcome.stream)
            .count();
        writeln!(
            f,
            "  {count} ordinary requests, {streams} of them streams: all answered"
        )?;
        for (what, status) in &self.special {
            let status = status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
            writeln!(f, "  1 special request: {what} ({status})")?;
        }
        Ok(())
    }
}
