//! Background jobs of running gateways.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tollgate_testkit::postgres::PgCluster;

use crate::support::{Admin, Backend, GatewayBuilder, Setup, both};

const JOB: &str = "/system/jobs/partition_maintenance";

async fn act(admin: &Admin, verb: &str) -> (StatusCode, Value) {
    admin.call(Method::POST, &format!("{JOB}/{verb}"), None).await
}

/// The job once its latest run has ended.
async fn ended(admin: &Admin) -> Value {
    let waiting = async {
        loop {
            let job = admin.get(JOB).await;
            if job["state"] != "running" && job["runs"][0]["outcome"].is_string() {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_runs_on_demand_and_tells_how_it_went() {
    both(|backend| async {
        let setup = Setup::new(backend).await;
        let (status, _) = act(&setup.admin, "run").await;
        assert_eq!(status, StatusCode::ACCEPTED);
        let job = ended(&setup.admin).await;
        let run = &job["runs"][0];
        assert_eq!(
            (&run["outcome"], &run["trigger"]),
            (&json!("done"), &json!("manual"))
        );
        assert!(run["duration_ms"].is_number() && run["process_id"].is_string());
        assert!(job["next_run_at"].is_string());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_holds_on_all_replicas_and_over_restarts() {
    let cluster = PgCluster::shared().unwrap();
    let mut setup = Setup::new(Backend::postgres(cluster).await).await;
    let other_dir = tempfile::tempdir().unwrap();
    let url = setup.backend.url(setup.data_dir.path());
    let other = GatewayBuilder::new(other_dir.path(), &url).start().await;
    let other = Admin::new(other.admin_url());
    let (status, paused) = act(&setup.admin, "pause").await;
    assert_eq!((status, &paused["state"]), (StatusCode::OK, &json!("paused")));
    assert_eq!(other.get(JOB).await["state"], "paused");
    setup.gateway.stop().await;
    setup.restart().await;
    let after = setup.admin.get(JOB).await;
    assert_eq!(
        (&after["state"], &after["paused_by"]),
        (&paused["state"], &paused["paused_by"])
    );
    // The price sync is a job as any other.
    let path = "/system/jobs/price_sync";
    let (status, _) = other.call(Method::POST, &format!("{path}/pause"), None).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(setup.admin.get(path).await["state"], "paused");
    let (_, resumed) = other.call(Method::POST, &format!("{path}/resume"), None).await;
    assert_eq!(
        (&resumed["state"], &resumed["every_seconds"]),
        (&json!("idle"), &Value::Null)
    );
}
