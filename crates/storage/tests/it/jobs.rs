//! Background jobs.

use chrono::TimeDelta;
use tollgate_domain::ports::{
    FinishedJobRun, JobBegun, JobOutcome, JobRecord, JobStore, KEPT_JOB_RUNS, Lease, NewJobRun,
};
use tollgate_domain::{JobRunId, JournalId, RunTrigger, Timestamp};

use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{actor, id, noon};

on_both!(
    a_run_takes_the_lease_and_gives_it_back,
    one_process_at_a_time_runs_a_job,
    a_paused_job_runs_only_on_request,
    what_another_process_left_open_is_interrupted,
    a_scheduled_run_that_is_not_due_does_not_begin,
    only_the_latest_runs_are_kept,
    a_run_without_anything_to_do_leaves_no_row,
    a_lost_lease_writes_nothing,
);

const JOB: &str = "sweep";

fn after(minutes: i64) -> Timestamp {
    noon() + TimeDelta::minutes(minutes)
}

fn holder(n: u32) -> JournalId {
    JournalId::new(id(n))
}

fn new_run(n: u32, holder_id: u32, trigger: RunTrigger, until: Timestamp) -> NewJobRun {
    NewJobRun {
        id: JobRunId::new(id(n)),
        job: JOB,
        trigger,
        actor: actor("schedule"),
        holder: holder(holder_id),
        lease_until: until,
    }
}

fn finished(n: u32, lease: Lease, due: Timestamp) -> FinishedJobRun {
    FinishedJobRun {
        id: JobRunId::new(id(n)),
        job: JOB,
        lease,
        outcome: JobOutcome::Done,
        detail: Some("3 rows removed".to_owned()),
        keep: true,
        next_due_at: due,
    }
}

async fn begin(fixture: &Fixture, run: &NewJobRun, at: Timestamp) -> Lease {
    match fixture.store.begin_job(run, at).await.unwrap() {
        JobBegun::Yes(lease) => lease,
        other => panic!("{other:?}"),
    }
}

async fn a_run_takes_the_lease_and_gives_it_back(fixture: Fixture) {
    let store = &fixture.store;
    assert_eq!(store.job_record(JOB, 5).await.unwrap(), JobRecord::default());
    let run = new_run(1, 9, RunTrigger::Schedule, after(5));
    let lease = begin(&fixture, &run, noon()).await;
    let running = store.job_record(JOB, 5).await.unwrap();
    assert_eq!(running.state.held, Some((holder(9), after(5))));
    assert_eq!(running.runs[0].ended, None);
    assert!(store.keep_job(JOB, lease, after(9)).await.unwrap());
    let kept = store.job_record(JOB, 5).await.unwrap();
    assert_eq!(kept.state.held, Some((holder(9), after(9))));

    assert!(
        store
            .finish_job(&finished(1, lease, after(60)), after(1))
            .await
            .unwrap()
    );
    let ended = store.job_record(JOB, 5).await.unwrap();
    assert_eq!(
        (ended.state.held, ended.state.next_due_at),
        (None, Some(after(60)))
    );
    let run = &ended.runs[0];
    assert_eq!(run.ended, Some((after(1), JobOutcome::Done)));
    assert_eq!(
        (run.started_at, run.trigger, run.author.as_str()),
        (noon(), RunTrigger::Schedule, "schedule")
    );
    assert_eq!(run.detail.as_deref(), Some("3 rows removed"));
    assert_eq!(
        store.job_record("another", 5).await.unwrap(),
        JobRecord::default()
    );
}

async fn one_process_at_a_time_runs_a_job(fixture: Fixture) {
    let run = new_run(1, 8, RunTrigger::Manual, after(5));
    begin(&fixture, &run, noon()).await;
    let other = new_run(2, 9, RunTrigger::Manual, after(5));
    let busy = fixture.store.begin_job(&other, after(1)).await.unwrap();
    assert_eq!(busy, JobBegun::Busy);
    let elsewhere = NewJobRun {
        job: "another",
        ..new_run(3, 9, RunTrigger::Manual, after(5))
    };
    begin(&fixture, &elsewhere, noon()).await;
}

async fn a_paused_job_runs_only_on_request(fixture: Fixture) {
    let store = &fixture.store;
    store.pause_job(JOB, &actor("ada"), noon()).await.unwrap();
    store.pause_job(JOB, &actor("bob"), after(1)).await.unwrap();
    assert!(store.job_paused(JOB).await.unwrap());
    let paused = store.job_record(JOB, 1).await.unwrap().paused.unwrap();
    assert_eq!((paused.by.as_str(), paused.at), ("ada", noon()));
    let scheduled = new_run(1, 9, RunTrigger::Schedule, after(5));
    let refused = store.begin_job(&scheduled, noon()).await.unwrap();
    assert_eq!(refused, JobBegun::Paused);
    let asked = new_run(2, 9, RunTrigger::Manual, after(5));
    let lease = begin(&fixture, &asked, noon()).await;
    store
        .finish_job(&finished(2, lease, noon()), noon())
        .await
        .unwrap();

    store.resume_job(JOB, &actor("ada"), after(2)).await.unwrap();
    store.resume_job(JOB, &actor("ada"), after(2)).await.unwrap();
    assert!(!store.job_paused(JOB).await.unwrap());
    begin(&fixture, &new_run(3, 9, RunTrigger::Schedule, after(5)), after(2)).await;
    let noted = "SELECT action || ' ' || actor_name AS value FROM audit_log ORDER BY id";
    assert_eq!(
        fixture.values(noted).await,
        ["job.pause ada", "job.run schedule", "job.resume ada"],
        "once each, and nothing of the schedule's"
    );
}

async fn what_another_process_left_open_is_interrupted(fixture: Fixture) {
    let store = &fixture.store;
    begin(&fixture, &new_run(1, 8, RunTrigger::Schedule, after(5)), noon()).await;
    begin(
        &fixture,
        &new_run(2, 9, RunTrigger::Schedule, after(10)),
        after(5),
    )
    .await;
    let runs = store.job_record(JOB, 5).await.unwrap().runs;
    assert_eq!(runs[0].ended, None);
    assert_eq!(runs[1].ended, Some((after(5), JobOutcome::Interrupted)));
    assert!(runs[1].detail.as_deref().unwrap().contains("went away"));

    assert!(!store.clear_job(JOB, holder(8), after(6)).await.unwrap());
    assert!(store.clear_job(JOB, holder(9), after(6)).await.unwrap());
    let record = store.job_record(JOB, 5).await.unwrap();
    assert_eq!(record.state.held, None);
    assert_eq!(record.runs[0].ended, Some((after(6), JobOutcome::Interrupted)));
}

async fn a_scheduled_run_that_is_not_due_does_not_begin(fixture: Fixture) {
    let run = new_run(1, 9, RunTrigger::Schedule, after(5));
    let lease = begin(&fixture, &run, noon()).await;
    fixture
        .store
        .finish_job(&finished(1, lease, after(60)), noon())
        .await
        .unwrap();
    let early = new_run(2, 8, RunTrigger::Schedule, after(65));
    let begun = fixture.store.begin_job(&early, after(59)).await.unwrap();
    assert_eq!(begun, JobBegun::NotDue);
    begin(&fixture, &early, after(60)).await;
}

async fn only_the_latest_runs_are_kept(fixture: Fixture) {
    let kept = u32::from(KEPT_JOB_RUNS);
    for n in 1..=kept + 3 {
        let run = new_run(n, 9, RunTrigger::Manual, after(5));
        let lease = begin(&fixture, &run, noon()).await;
        fixture
            .store
            .finish_job(&finished(n, lease, noon()), noon())
            .await
            .unwrap();
    }
    let runs = fixture.store.job_record(JOB, 200).await.unwrap().runs;
    assert_eq!(runs.len(), usize::from(KEPT_JOB_RUNS));
    assert_eq!(runs[0].id, JobRunId::new(id(kept + 3)));
    assert_eq!(fixture.store.job_record(JOB, 2).await.unwrap().runs.len(), 2);
}

async fn a_run_without_anything_to_do_leaves_no_row(fixture: Fixture) {
    let run = new_run(1, 9, RunTrigger::Schedule, after(5));
    let lease = begin(&fixture, &run, noon()).await;
    let idle = FinishedJobRun {
        keep: false,
        ..finished(1, lease, after(1))
    };
    assert!(fixture.store.finish_job(&idle, noon()).await.unwrap());
    let record = fixture.store.job_record(JOB, 5).await.unwrap();
    assert!(record.runs.is_empty());
    assert_eq!(record.state.last_finished_at, Some(noon()));
}

async fn a_lost_lease_writes_nothing(fixture: Fixture) {
    let store = &fixture.store;
    let lost = begin(&fixture, &new_run(1, 8, RunTrigger::Manual, after(5)), noon()).await;
    begin(&fixture, &new_run(2, 9, RunTrigger::Manual, after(15)), after(6)).await;
    assert!(!store.keep_job(JOB, lost, after(20)).await.unwrap());
    assert!(
        !store
            .finish_job(&finished(1, lost, after(99)), after(7))
            .await
            .unwrap()
    );
    let record = store.job_record(JOB, 5).await.unwrap();
    assert_eq!(record.state.held, Some((holder(9), after(15))));
    assert_eq!(record.state.next_due_at, None);
}
