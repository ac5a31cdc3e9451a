//! Named stages of a long task, with the seconds each took.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use crate::out;

/// The stages run so far.
#[derive(Debug, Default)]
pub(crate) struct Stages {
    finished: Vec<(&'static str, Duration, bool)>,
}

impl Stages {
    /// Runs one stage under a headline; a failed one is timed as well.
    pub(crate) fn stage<T>(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        out::line(format_args!("\n=== {name}"))?;
        let started = Instant::now();
        let outcome = work();
        self.finished.push((name, started.elapsed(), outcome.is_ok()));
        outcome
    }

    /// One line per stage, then the sum.
    pub(crate) fn report(&self) -> String {
        let mut report = String::from("\nseconds per stage\n");
        for (name, took, passed) in &self.finished {
            let remark = if *passed { "" } else { "  FAILED" };
            writeln!(report, "{:>7}  {name}{remark}", took.as_secs()).ok();
        }
        let total: Duration = self.finished.iter().map(|(_, took, _)| *took).sum();
        write!(report, "{:>7}  total", total.as_secs()).ok();
        report
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_lists_every_stage_and_marks_the_failed_one() {
        let mut stages = Stages::default();
        assert_eq!(stages.stage("build", || Ok(1)).unwrap(), 1);
        stages
            .stage::<()>("tests", || anyhow::bail!("one failed"))
            .unwrap_err();
        assert_eq!(
            stages.report(),
            "\nseconds per stage\n      0  build\n      0  tests  FAILED\n      0  total"
        );
    }
}
