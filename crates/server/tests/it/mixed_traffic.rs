//! Mixed traffic at concurrency: the ledger equals the provider's invoice, entry by entry.

use tollgate_testkit::load::{self, LoadPlan};
use tollgate_testkit::total_pico_usd;

use crate::support::{Backend, Setup, both, compare_with_invoice};

const REQUESTS: u64 = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_mixed_requests_equal_the_invoice_entry_by_entry() {
    both(mixed).await;
}

async fn mixed(backend: Backend) {
    let mut setup = Setup::new(backend).await;
    let plan = LoadPlan::new(setup.gateway.base_url(), &setup.key)
        .requests(REQUESTS)
        .concurrency(64);
    let report = load::run(plan).await.unwrap();
    let failures: Vec<_> = report.failures().take(3).collect();
    assert!(failures.is_empty(), "{:?}: {failures:?}", report.by_status());

    let entries = setup
        .books()
        .await
        .wait_for(usize::try_from(REQUESTS).unwrap())
        .await;
    let invoice = setup.simulator.invoice();
    assert_eq!(entries.len(), invoice.len());
    compare_with_invoice(&entries, &invoice);

    // What the operator is shown is the same money.
    let overview = setup.admin.get("/billing/overview").await;
    let invoiced = tollgate_domain::Usd::from_pico(total_pico_usd(&invoice)).to_string();
    assert_eq!(overview["month"]["cost"], invoiced.as_str(), "{overview}");
    setup.gateway.stop().await;
}
