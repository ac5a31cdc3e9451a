//! Request logs.

use tollgate_domain::ports::{
    LedgerStore, LedgerWrite, LogCursor, LogFilter, LogRow, LogStore, RoutingStore, TimeOrder,
};
use tollgate_domain::{
    ErrorOrigin, KeyId, LedgerEntry, NoChargeReason, RequestId, RequestLog, RequestStatus, RoutingDecision,
    TokenTotals, UnbilledReason, UpstreamId, Verdict,
};

use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{
    adjustment, at, billed, id, journaled, noon, request, routing, unbilled, usd, with_attempt,
};

on_both!(
    a_finished_request_carries_its_bill_in_whatever_order_it_came,
    an_attempt_alone_leaves_a_log_without_an_end,
    an_adjustment_changes_status_and_amounts,
    attempts_add_up_over_failovers,
    a_request_that_sent_nothing_costs_nothing,
    logs_are_listed_newest_first_page_by_page,
    a_request_keeps_which_upstreams_came_into_question,
);

async fn commit(fixture: &Fixture, seq: u64, entries: Vec<LedgerEntry>, logs: Vec<RequestLog>) {
    let write = LedgerWrite {
        entries: journaled(seq, entries),
        logs,
        ..LedgerWrite::default()
    };
    fixture.store.commit(write, noon()).await.unwrap();
}

async fn log(fixture: &Fixture, n: u32) -> LogRow {
    let log = fixture.store.request_log(RequestId::new(id(100_000 + n))).await;
    log.unwrap().unwrap()
}

async fn a_finished_request_carries_its_bill_in_whatever_order_it_came(fixture: Fixture) {
    commit(&fixture, 1, vec![billed(1, "0.25")], vec![request(1)]).await;
    commit(&fixture, 2, vec![billed(2, "0.25")], Vec::new()).await;
    commit(&fixture, 3, Vec::new(), vec![request(2), request(3)]).await;
    commit(&fixture, 3, vec![billed(3, "0.25")], Vec::new()).await;
    let expected = LogRow {
        request_id: RequestId::new(id(100_001)),
        occurred_at: at("2026-11-15T11:59:59.5Z"),
        ended_at: Some(at("2026-11-15T12:00:02Z")),
        key_id: KeyId::new(id(800_001)),
        key_name: "batch jobs".to_owned(),
        owner: Some("ada".to_owned()),
        team: Some("search".to_owned()),
        upstream_id: Some(UpstreamId::new(id(700_001))),
        upstream_name: Some("openai main".to_owned()),
        protocol: request(1).protocol,
        path: Some("/v1/chat/completions".to_owned()),
        stream: true,
        model_requested: Some("gpt-fast".to_owned()),
        http_status: Some(200),
        error_origin: None,
        error: None,
        attempts: 1,
        ttft_us: Some(750_000),
        duration_us: Some(2_500_000),
        model_served: Some("gpt-5-2026-01-01".to_owned()),
        finish_reason: Some("stop".to_owned()),
        tokens: Some(TokenTotals {
            input: 1_000,
            cache_read: 100,
            cache_write: 0,
            output: 50,
            reasoning: 0,
        }),
        changed_at: Some(noon()),
        caller_request_id: Some("caller-1".to_owned()),
        status: RequestStatus::Billed,
        reason: None,
        detail: None,
        list_cost: Some(usd("0.25")),
        cost: Some(usd("0.25")),
        charge: Some(usd("0.25")),
    };
    for n in 1..=3 {
        let row = LogRow {
            request_id: expected.request_id,
            caller_request_id: expected.caller_request_id.clone(),
            ..log(&fixture, n).await
        };
        assert_eq!(row, expected, "request {n}");
    }
}

async fn an_attempt_alone_leaves_a_log_without_an_end(fixture: Fixture) {
    commit(
        &fixture,
        1,
        vec![unbilled(1, UnbilledReason::Interrupted)],
        Vec::new(),
    )
    .await;
    let row = log(&fixture, 1).await;
    assert_eq!(
        (row.ended_at, row.http_status, row.duration_us, row.path.clone()),
        (None, None, None, None)
    );
    assert_eq!(row.status, RequestStatus::Unbilled);
    assert_eq!(row.reason.as_deref(), Some("interrupted"));
    assert_eq!(row.detail.as_deref(), Some("detail 1"));
    assert_eq!((row.cost, row.attempts), (None, 1));
}

async fn an_adjustment_changes_status_and_amounts(fixture: Fixture) {
    let lost = unbilled(1, UnbilledReason::PriceNotFound);
    commit(&fixture, 1, vec![lost.clone()], vec![request(1)]).await;
    assert_eq!(log(&fixture, 1).await.status, RequestStatus::Unbilled);
    let found = adjustment(&lost, "2");
    commit(&fixture, 2, vec![found.clone()], Vec::new()).await;
    let row = log(&fixture, 1).await;
    assert_eq!(
        (row.status, row.reason, row.cost),
        (RequestStatus::Billed, None, Some(usd("2")))
    );
    commit(&fixture, 3, vec![adjustment(&found, "-0.5")], Vec::new()).await;
    let row = log(&fixture, 1).await;
    assert_eq!((row.cost, row.attempts), (Some(usd("1.5")), 1));
    assert!(row.ended_at.is_some());
}

async fn attempts_add_up_over_failovers(fixture: Fixture) {
    let same_request = |entry: LedgerEntry, attempt| {
        with_attempt(entry, |context| {
            context.request_id = RequestId::new(id(100_001));
            context.attempt = attempt;
        })
    };
    let mut refused = same_request(unbilled(1, UnbilledReason::UsageMissing), 1);
    refused.verdict = Verdict::NoCharge(NoChargeReason::Rejected);
    let entries = vec![
        refused,
        same_request(unbilled(2, UnbilledReason::UsageMissing), 2),
        same_request(unbilled(3, UnbilledReason::PriceNotFound), 3),
        same_request(billed(4, "3"), 4),
    ];
    commit(&fixture, 1, entries, Vec::new()).await;
    let row = log(&fixture, 1).await;
    assert_eq!(
        (row.status, row.cost, row.attempts),
        (RequestStatus::PartlyBilled, Some(usd("3")), 4)
    );
    assert_eq!(row.reason.as_deref(), Some("price_not_found"));
    assert_eq!(
        row.tokens.map(|tokens| tokens.output),
        Some(50),
        "of the one whose usage is known"
    );
    assert_eq!(row.model_served.as_deref(), Some("gpt-5-2026-01-01"));
    assert_eq!(row.finish_reason.as_deref(), Some("stop"));
    for reason in ["usage_missing", "price_not_found"] {
        let filter = LogFilter {
            reason: Some(reason.to_owned()),
            ..LogFilter::default()
        };
        assert_eq!(
            fixture
                .store
                .request_logs(filter, TimeOrder::NewestFirst, None, None, 10)
                .await
                .unwrap()
                .len(),
            1,
            "{reason}"
        );
    }
}

async fn a_request_that_sent_nothing_costs_nothing(fixture: Fixture) {
    let refused = RequestLog {
        http_status: 401,
        error_origin: Some(ErrorOrigin::Client),
        error: Some("unknown key".to_owned()),
        attempts: 0,
        upstream: None,
        ttft_us: None,
        model_requested: None,
        ..request(1)
    };
    commit(&fixture, 1, Vec::new(), vec![refused]).await;
    let row = log(&fixture, 1).await;
    assert_eq!(
        (row.status, row.cost, row.attempts),
        (RequestStatus::NoCharge, None, 0)
    );
    assert_eq!(
        (row.error_origin, row.upstream_id),
        (Some(ErrorOrigin::Client), None)
    );
}

async fn logs_are_listed_newest_first_page_by_page(fixture: Fixture) {
    let logs = (1..=7).map(|n| RequestLog {
        // Three share an instant: the id decides.
        occurred_at: noon() + chrono::TimeDelta::seconds(i64::from(n.min(5))),
        ..request(n)
    });
    commit(&fixture, 1, Vec::new(), logs.collect()).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = fixture
            .store
            .request_logs(LogFilter::default(), TimeOrder::NewestFirst, after, None, 2)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        after = Some(LogCursor {
            occurred_at: last.occurred_at,
            request_id: last.request_id,
        });
        seen.extend(page.iter().map(|row| row.request_id));
    }
    let expected = [7, 6, 5, 4, 3, 2, 1].map(|n| RequestId::new(id(100_000 + n)));
    assert_eq!(seen, expected);
}

async fn a_request_keeps_which_upstreams_came_into_question(fixture: Fixture) {
    let silent = RequestLog {
        routing: RoutingDecision::default(),
        ..request(2)
    };
    commit(&fixture, 1, vec![billed(1, "0.25")], Vec::new()).await;
    let of = async |n: u32| {
        let id = RequestId::new(id(100_000 + n));
        fixture.store.routing_decision(id).await.unwrap()
    };
    assert_eq!(of(1).await, None, "its end is not known yet");
    commit(&fixture, 2, Vec::new(), vec![request(1), silent]).await;
    assert_eq!(of(1).await, Some(routing()));
    assert_eq!((of(2).await, of(3).await), (None, None));
    commit(&fixture, 2, vec![billed(3, "0.25")], vec![request(1)]).await;
    assert_eq!(of(1).await, Some(routing()), "a replay says the same");
}
