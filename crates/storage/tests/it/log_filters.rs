//! Filters of request logs, and their orders.

use tollgate_domain::ports::{
    ChangeCursor, CostCursor, CostOrder, LedgerStore, LedgerWrite, LogCursor, LogFilter, LogRow, LogStore,
    TimeOrder,
};
use tollgate_domain::{
    ErrorOrigin, KeyId, Protocol, RequestId, RequestLog, RequestStatus, StatusClass, Timestamp,
    UnbilledReason, UpstreamId,
};
use uuid::Uuid;

use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{adjustment, billed, id, journaled, noon, request, unbilled, usd, with_attempt};

on_both!(
    filters_narrow_the_list,
    a_page_of_one_model_joins_those_who_named_it_and_those_it_served,
    the_oldest_come_first_when_asked,
    a_page_looks_at_a_bounded_number_of_requests,
    requests_are_ranked_by_cost_within_a_bounded_number,
    changes_are_followed_in_their_order,
);

async fn commit(fixture: &Fixture, write: LedgerWrite, at: Timestamp) {
    fixture.store.commit(write, at).await.unwrap();
}

/// A billed request that streamed, and an unbilled one that failed.
async fn two(fixture: &Fixture) {
    let failed = RequestLog {
        http_status: 502,
        error_origin: Some(ErrorOrigin::Upstream),
        error: Some("it broke".to_owned()),
        stream: false,
        ttft_us: None,
        duration_us: 9_000_000,
        ..request(2)
    };
    let write = LedgerWrite {
        entries: journaled(
            1,
            vec![billed(1, "1.5"), unbilled(2, UnbilledReason::UsageMissing)],
        ),
        logs: vec![request(1), failed],
        ..LedgerWrite::default()
    };
    commit(fixture, write, noon()).await;
}

async fn newest(fixture: &Fixture, filter: LogFilter) -> Vec<LogRow> {
    let rows = fixture
        .store
        .request_logs(filter, TimeOrder::NewestFirst, None, None, 10)
        .await;
    rows.unwrap()
}

fn numbers(rows: &[LogRow]) -> Vec<u128> {
    let base = id(100_000).as_u128();
    rows.iter()
        .map(|row| row.request_id.uuid().as_u128() - base)
        .collect()
}

/// A filter with one field set.
macro_rules! only {
    ($field:ident: $value:expr) => {
        LogFilter {
            $field: Some($value),
            ..LogFilter::default()
        }
    };
}

async fn filters_narrow_the_list(fixture: Fixture) {
    two(&fixture).await;
    for (filter, expected) in filters() {
        let found = newest(&fixture, filter.clone()).await;
        assert_eq!(numbers(&found), expected, "{filter:?}");
    }
    let absent = fixture.store.request_log(RequestId::new(id(1))).await.unwrap();
    assert_eq!(absent, None);
}

/// Filters, and what they leave of the two.
fn filters() -> Vec<(LogFilter, Vec<u128>)> {
    let (start, end) = (request(1).occurred_at, noon());
    let (both, first, second, none) = (vec![2, 1], vec![1], vec![2], Vec::new());
    let text = str::to_owned;
    vec![
        (LogFilter::default(), both.clone()),
        (
            LogFilter {
                until: Some(end),
                ..only!(from: start)
            },
            both.clone(),
        ),
        (only!(from: end), none.clone()),
        (only!(until: start), none.clone()),
        (only!(key_id: KeyId::new(id(800_001))), both.clone()),
        (only!(key_id: KeyId::new(id(1))), none.clone()),
        (only!(team: text("search")), both.clone()),
        (only!(team: text("Search")), none.clone()),
        (only!(owner: text("ada")), both.clone()),
        (only!(owner: text("bob")), none.clone()),
        (only!(upstream_id: UpstreamId::new(id(700_001))), both.clone()),
        (only!(upstream_id: UpstreamId::new(id(1))), none.clone()),
        (only!(protocol: Protocol::OpenaiChat), both.clone()),
        (only!(protocol: Protocol::AnthropicMessages), none.clone()),
        (only!(stream: true), first.clone()),
        (only!(stream: false), second.clone()),
        (only!(model: text("gpt-fast")), both.clone()),
        (only!(model: text("gpt-5-2026-01-01")), first.clone()),
        (only!(model: text("gpt")), none.clone()),
        (only!(class: StatusClass::Success), first.clone()),
        (only!(class: StatusClass::Redirect), none.clone()),
        (only!(class: StatusClass::ClientError), none.clone()),
        (only!(class: StatusClass::ServerError), second.clone()),
        (only!(class: StatusClass::Unknown), none.clone()),
        (only!(origin: ErrorOrigin::Upstream), second.clone()),
        (only!(origin: ErrorOrigin::Gateway), none.clone()),
        (only!(status: RequestStatus::Billed), first.clone()),
        (only!(status: RequestStatus::Unbilled), second.clone()),
        (only!(status: RequestStatus::PartlyBilled), none.clone()),
        (only!(reason: text("usage_missing")), second.clone()),
        (only!(reason: text("price_not_found")), none.clone()),
        (only!(reason: text("%")), none.clone()),
        (only!(min_cost: usd("1.5")), first.clone()),
        (only!(min_cost: usd("1.500000000001")), none.clone()),
        (only!(max_cost: usd("1.5")), first.clone()),
        (only!(max_cost: usd("1.499999999999")), none.clone()),
        (only!(min_ttft_us: 750_000), first.clone()),
        (only!(min_ttft_us: 750_001), none.clone()),
        (only!(max_ttft_us: 750_000), first.clone()),
        (only!(max_ttft_us: 749_999), none.clone()),
        (only!(min_duration_us: 2_500_001), second.clone()),
        (only!(max_duration_us: 2_500_000), first.clone()),
        (only!(caller_request_id: text("caller-")), both.clone()),
        (only!(caller_request_id: text("caller-2")), second.clone()),
        (only!(caller_request_id: text("aller-2")), none.clone()),
        (only!(caller_request_id: text("CALLER-2")), none.clone()),
        (only!(caller_request_id: text("caller_2")), none.clone()),
        (only!(request_id: RequestId::new(id(100_001))), first),
        (only!(request_id: RequestId::new(Uuid::nil())), none),
    ]
}

async fn a_page_of_one_model_joins_those_who_named_it_and_those_it_served(fixture: Fixture) {
    let served_by = |n: u32, model: &str| {
        let mut entry = billed(n, "1");
        entry.outcome.model_served = Some(tollgate_domain::ModelName::new(model));
        entry
    };
    let asked_for = |n: u32, model: &str| RequestLog {
        model_requested: Some(tollgate_domain::ModelName::new(model)),
        occurred_at: noon() + chrono::TimeDelta::seconds(i64::from(n)),
        ..request(n)
    };
    let write = LedgerWrite {
        entries: journaled(
            1,
            vec![
                served_by(1, "a"),
                served_by(2, "x"),
                served_by(3, "a"),
                served_by(4, "b"),
            ],
        ),
        logs: vec![
            asked_for(1, "x"),
            asked_for(2, "a"),
            asked_for(3, "a"),
            asked_for(4, "b"),
        ],
        ..LedgerWrite::default()
    };
    commit(&fixture, write, noon()).await;
    let filter = only!(model: "a".to_owned());
    assert_eq!(numbers(&newest(&fixture, filter.clone()).await), [3, 2, 1]);
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = fixture
            .store
            .request_logs(filter.clone(), TimeOrder::NewestFirst, after, None, 1);
        let page = page.await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(LogCursor {
            occurred_at: last.occurred_at,
            request_id: last.request_id,
        });
        seen.extend(numbers(&page));
    }
    assert_eq!(seen, [3, 2, 1], "each once, page by page");
}

async fn the_oldest_come_first_when_asked(fixture: Fixture) {
    let logs = (1..=5).map(|n| RequestLog {
        occurred_at: noon() + chrono::TimeDelta::seconds(i64::from(n / 2)),
        ..request(n)
    });
    let write = LedgerWrite {
        logs: logs.collect(),
        ..LedgerWrite::default()
    };
    commit(&fixture, write, noon()).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let filter = LogFilter::default();
        let page = fixture
            .store
            .request_logs(filter, TimeOrder::OldestFirst, after, None, 2)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        after = Some(LogCursor {
            occurred_at: last.occurred_at,
            request_id: last.request_id,
        });
        seen.extend(numbers(&page));
    }
    assert_eq!(seen, [1, 2, 3, 4, 5]);
}

async fn a_page_looks_at_a_bounded_number_of_requests(fixture: Fixture) {
    let logs = (1..=9).map(|n| RequestLog {
        occurred_at: noon() + chrono::TimeDelta::seconds(i64::from(n)),
        duration_us: u64::from(n % 4) * 1_000,
        http_status: if n > 6 { 500 } else { 200 },
        ..request(n)
    });
    let write = LedgerWrite {
        logs: logs.collect(),
        ..LedgerWrite::default()
    };
    commit(&fixture, write, noon()).await;
    let slow = only!(min_duration_us: 3_000);
    for (order, pages) in [
        (TimeOrder::NewestFirst, [vec![7], vec![3], vec![]]),
        (TimeOrder::OldestFirst, [vec![3], vec![7], vec![]]),
    ] {
        let mut after = None;
        for expected in pages {
            let last = fixture
                .store
                .log_scan_end(slow.clone(), order, after, 4)
                .await
                .unwrap();
            let found = fixture
                .store
                .request_logs(slow.clone(), order, after, last, 10)
                .await
                .unwrap();
            assert_eq!(numbers(&found), expected, "{order:?} {last:?}");
            assert_eq!(last.is_none(), expected.is_empty(), "the ninth is alone");
            after = last;
        }
    }
    let end = async |filter: LogFilter, depth| {
        let order = TimeOrder::NewestFirst;
        let end = fixture.store.log_scan_end(filter, order, None, depth).await;
        end.unwrap().map(|end| end.request_id)
    };
    // What an index alone finds needs no end, and another condition beside it looks at no other rows.
    assert_eq!(end(LogFilter::default(), 4).await, None);
    assert_eq!(end(only!(class: StatusClass::ServerError), 2).await, None);
    let narrowed = LogFilter {
        class: Some(StatusClass::ServerError),
        ..slow.clone()
    };
    assert_eq!(end(narrowed.clone(), 3).await, Some(RequestId::new(id(100_007))));
    assert_eq!(end(narrowed, 4).await, None);
    let of_model = LogFilter {
        model: Some("gpt-fast".to_owned()),
        ..slow
    };
    // Requested or served: two indexes, which share the number.
    assert_eq!(end(of_model.clone(), 8).await, Some(RequestId::new(id(100_006))));
    assert_eq!(end(of_model, 4).await, Some(RequestId::new(id(100_008))));
}

async fn requests_are_ranked_by_cost_within_a_bounded_number(fixture: Fixture) {
    let costs = ["5", "1", "3", "3", "0", "2"];
    let entries = (1..).zip(costs).map(|(n, cost)| billed(n, cost));
    let mut entries: Vec<_> = entries.collect();
    entries.push(unbilled(7, UnbilledReason::PriceNotFound));
    let logs = (1..=7).map(|n| RequestLog {
        occurred_at: noon() + chrono::TimeDelta::seconds(i64::from(n)),
        ..request(n)
    });
    let write = LedgerWrite {
        entries: journaled(1, entries),
        logs: logs.collect(),
        ..LedgerWrite::default()
    };
    commit(&fixture, write, noon()).await;
    let store = &fixture.store;
    assert_eq!(
        store.log_floor(LogFilter::default(), 7).await.unwrap(),
        None,
        "there are no more than seven"
    );
    let floor = store.log_floor(LogFilter::default(), 6).await.unwrap();
    assert_eq!(
        floor.unwrap().request_id,
        RequestId::new(id(100_001)),
        "the oldest is left out"
    );
    for (order, floor, expected) in [
        (CostOrder::CostliestFirst, None, vec![1, 4, 3, 6, 2, 5]),
        (CostOrder::CheapestFirst, None, vec![5, 2, 6, 3, 4, 1]),
        (CostOrder::CostliestFirst, floor, vec![4, 3, 6, 2, 5]),
    ] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = store
                .request_logs_by_cost(LogFilter::default(), order, floor, after, 2)
                .await
                .unwrap();
            let Some(last) = page.last() else { break };
            after = Some(CostCursor {
                cost: last.cost.unwrap(),
                request_id: last.request_id,
            });
            seen.extend(numbers(&page));
        }
        assert_eq!(seen, expected, "{order:?} {floor:?}");
    }
}

async fn changes_are_followed_in_their_order(fixture: Fixture) {
    let second = |n: i64| noon() + chrono::TimeDelta::seconds(n);
    let logs = |logs: Vec<RequestLog>| LedgerWrite {
        logs,
        ..LedgerWrite::default()
    };
    let entries = |entries| LedgerWrite {
        entries: journaled(1, entries),
        ..LedgerWrite::default()
    };
    let lost = unbilled(1, UnbilledReason::PriceNotFound);
    commit(&fixture, entries(vec![lost.clone()]), second(1)).await;
    let start = ChangeCursor {
        changed_at: second(0),
        request_id: RequestId::new(Uuid::nil()),
    };
    let changes = async |after| {
        let rows = fixture
            .store
            .changed_request_logs(LogFilter::default(), after, 10)
            .await
            .unwrap();
        let at = rows.iter().map(|row| row.changed_at.unwrap()).collect::<Vec<_>>();
        (numbers(&rows), at)
    };
    assert_eq!(changes(start).await.0, [0_u128; 0], "its end is not known yet");
    commit(&fixture, logs(vec![request(1), request(2)]), second(2)).await;
    assert_eq!(changes(start).await, (vec![1, 2], vec![second(2); 2]));
    // A replay changes nothing, a bill that is found later does.
    commit(&fixture, logs(vec![request(2)]), second(3)).await;
    assert_eq!(changes(start).await, (vec![1, 2], vec![second(2); 2]));
    commit(&fixture, entries(vec![adjustment(&lost, "2")]), second(4)).await;
    assert_eq!(changes(start).await, (vec![2, 1], vec![second(2), second(4)]));
    let after = ChangeCursor {
        changed_at: second(2),
        request_id: RequestId::new(id(100_002)),
    };
    assert_eq!(changes(after).await.0, [1]);
    let other = with_attempt(billed(3, "1"), |attempt| attempt.attempt = 2);
    commit(&fixture, entries(vec![other]), second(5)).await;
    assert_eq!(changes(after).await.0, [1], "a request without an end is no news");
}
