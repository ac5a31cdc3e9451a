use axum::http::Method;
use insta::assert_json_snapshot;
use serde_json::{Value, json};
use tollgate_domain::ports::{GapStretch, JobStart, PendingGap};

use crate::fake::Failure;
use crate::test_api::{Answer, TestApi};

const JOB: &str = "/api/admin/system/jobs/sweep";

async fn post(api: &TestApi, path: &str) -> Answer {
    api.call(Method::POST, path, &[], None).await
}

#[tokio::test]
async fn the_version_names_build_database_and_age() {
    let api = TestApi::new();
    let version = api.get("/api/admin/system/version").await;
    assert_eq!(version.status, 200);
    assert_json_snapshot!(version.json());
}

#[tokio::test]
async fn every_setting_names_its_value_and_its_source() {
    let api = TestApi::new();
    let config = api.get("/api/admin/system/config").await;
    assert_eq!(config.status, 200);
    assert_json_snapshot!(config.json());
}

#[tokio::test]
async fn the_journal_shows_what_waits_and_what_was_lost() {
    let api = TestApi::new();
    let at = |text: &str| text.parse().unwrap();
    api.runtime.pending_gaps.lock().unwrap().push(PendingGap {
        position: None,
        stretch: GapStretch {
            attempts: 3,
            from: at("2026-11-05T06:00:00Z"),
            until: at("2026-11-05T06:00:09Z"),
        },
    });
    let journal = api.get("/api/admin/system/journal").await;
    assert_eq!(journal.status, 200);
    assert_json_snapshot!(journal.json());
}

#[tokio::test]
async fn jobs_are_listed_with_their_last_runs() {
    let api = TestApi::new();
    let jobs = api.get("/api/admin/system/jobs").await;
    assert_eq!(jobs.status, 200);
    assert_eq!(*api.jobs.asked_runs.lock().unwrap(), 3);
    assert_json_snapshot!(jobs.json());
    let one = api.get(JOB).await;
    assert_eq!(one.json(), jobs.json()["items"][0]);
    assert_eq!(*api.jobs.asked_runs.lock().unwrap(), 20);
}

#[tokio::test]
async fn a_job_runs_on_demand_unless_it_runs_already() {
    let api = TestApi::new();
    let started = post(&api, &format!("{JOB}/run")).await;
    assert_eq!((started.status.as_u16(), started.header("location")), (202, JOB));
    assert_eq!(*api.jobs.asked.lock().unwrap(), ["ada"]);
    *api.jobs.start.lock().unwrap() = JobStart::Busy;
    let busy = post(&api, &format!("{JOB}/run")).await;
    let problem = busy.problem(409, "job_running");
    assert!(problem["detail"].as_str().unwrap().contains(JOB));
}

#[tokio::test]
async fn a_pause_names_who_set_it_and_ends_when_resumed() {
    let api = TestApi::new();
    for _ in 0..2 {
        let paused = post(&api, &format!("{JOB}/pause")).await;
        assert_eq!(paused.status, 200);
        let job = paused.json();
        assert_eq!(
            (&job["state"], &job["paused_by"]),
            (&json!("paused"), &json!("ada"))
        );
    }
    assert_eq!(api.store.shelves().pauses.len(), 1);
    for _ in 0..2 {
        let resumed = post(&api, &format!("{JOB}/resume")).await.json();
        assert_eq!(
            (&resumed["state"], &resumed["paused_by"]),
            (&json!("idle"), &Value::Null)
        );
    }
}

#[tokio::test]
async fn an_unknown_job_is_a_404_and_nothing_is_paused() {
    let api = TestApi::new();
    api.get("/api/admin/system/jobs/nothing")
        .await
        .problem(404, "not_found");
    for verb in ["run", "pause", "resume"] {
        let answer = post(&api, &format!("/api/admin/system/jobs/nothing/{verb}")).await;
        answer.problem(404, "not_found");
    }
    assert!(api.store.shelves().pauses.is_empty());
}

#[tokio::test]
async fn without_a_database_the_system_says_so() {
    let api = TestApi::new();
    api.store.shelves().failure = Some(Failure::Unavailable);
    for path in ["version", "jobs", "jobs/sweep", "journal"] {
        let answer = api.get(&format!("/api/admin/system/{path}")).await;
        answer.problem(503, "database_unavailable");
    }
    for verb in ["pause", "resume"] {
        post(&api, &format!("{JOB}/{verb}"))
            .await
            .problem(503, "database_unavailable");
    }
}
