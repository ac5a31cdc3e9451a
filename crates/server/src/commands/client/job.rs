//! `gateway job`

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::Value;

use super::connect::{Connect, Context};
use super::show;
use super::show::{Column, number, text};
use crate::logging::say;

const PATH: &str = "system/jobs";
const COLUMNS: [Column; 6] = [
    text("NAME", "/name"),
    text("STATE", "/state"),
    number("EVERY S", "/every_seconds"),
    text("NEXT RUN", "/next_run_at"),
    text("LAST OUTCOME", "/runs/0/outcome"),
    text("LAST RUN", "/runs/0/started_at"),
];
const RUNS: [Column; 6] = [
    text("STARTED", "/started_at"),
    number("MS", "/duration_ms"),
    text("OUTCOME", "/outcome"),
    text("TRIGGER", "/trigger"),
    text("BY", "/author"),
    text("DETAIL", "/detail"),
];

#[derive(Debug, Args)]
pub(crate) struct JobArgs {
    #[command(flatten)]
    pub(super) connect: Connect,
    #[command(subcommand)]
    pub(super) command: JobCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum JobCommand {
    /// List jobs with their state and schedule.
    List,
    /// Show one with its latest runs.
    Get {
        /// Its name.
        job: String,
    },
    /// Run one now, paused or not.
    Run {
        /// Its name.
        job: String,
    },
    /// Stop its schedule on all replicas.
    Pause {
        /// Its name.
        job: String,
    },
    /// Let its schedule go on.
    Resume {
        /// Its name.
        job: String,
    },
}

pub(super) async fn run(context: &Context, command: JobCommand) -> Result<()> {
    let job = match command {
        JobCommand::List => {
            let jobs = context.api.get(PATH, &Vec::new()).await?;
            show::list(context, &jobs, &COLUMNS);
            return Ok(());
        }
        JobCommand::Get { job } => context.api.get(&format!("{PATH}/{job}"), &Vec::new()).await?,
        JobCommand::Run { job } => act(context, &job, "run").await?,
        JobCommand::Pause { job } => act(context, &job, "pause").await?,
        JobCommand::Resume { job } => act(context, &job, "resume").await?,
    };
    one(context, job);
    Ok(())
}

async fn act(context: &Context, job: &str, verb: &str) -> Result<Value> {
    context.api.post(&format!("{PATH}/{job}/{verb}"), None).await
}

fn one(context: &Context, mut job: Value) {
    if context.json {
        return show::one(context, &job);
    }
    let runs = job.as_object_mut().and_then(|members| members.remove("runs"));
    show::one(context, &job);
    if let Some(Value::Array(runs)) = runs.filter(|runs| runs.as_array().is_some_and(|runs| !runs.is_empty()))
    {
        say("");
        show::rows(&runs, &RUNS);
    }
}
