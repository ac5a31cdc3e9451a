use serde_json::{Value, json};
use tollgate_domain::JournalId;
use tollgate_domain::ports::{LedgerConflict, RecordedEntry};
use uuid::Uuid;

use crate::build::billed_entry;
use crate::test_api::{TestApi, now};

const PATH: &str = "/api/admin/billing/conflicts";

/// An entry that came twice, the second time from a journal and dearer.
fn conflict(n: u16, journal: u128) -> LedgerConflict {
    let kept = billed_entry(n);
    let mut refused: RecordedEntry = kept.clone();
    let entry = &mut refused.journaled.entry;
    let mut amounts = entry.amounts.unwrap();
    amounts.cost = amounts.cost.checked_add("0.5".parse().unwrap()).unwrap();
    entry.amounts = Some(amounts);
    refused.journaled.journal_id = JournalId::new(Uuid::from_u128(journal));
    refused.recorded_at = now();
    LedgerConflict { kept, refused }
}

fn filled() -> TestApi {
    let api = TestApi::new();
    api.store.shelves().conflicts = vec![conflict(3, 9), conflict(2, 8), conflict(1, 9)];
    api
}

#[tokio::test]
async fn both_sides_of_a_conflict_are_shown() {
    let list = filled().get(&format!("{PATH}?limit=1")).await.json();
    let item = &list["items"][0];
    assert_eq!(item["difference"], json!("0.5"));
    let cost = |side: &str| {
        item[side]["cost"]
            .as_str()
            .unwrap()
            .parse::<tollgate_domain::Usd>()
    };
    let more = cost("refused").unwrap().checked_sub(cost("kept").unwrap());
    assert_eq!(more.unwrap().to_string(), "0.5");
    assert_eq!(item["journal_id"], json!(Uuid::from_u128(9)));
    let receipt = item["receipt"].as_str().unwrap();
    assert!(receipt.contains(item["request_id"].as_str().unwrap()));
}

#[tokio::test]
async fn conflicts_are_listed_page_by_page_and_by_journal() {
    let api = filled();
    let (mut path, mut seen) = (format!("{PATH}?limit=2"), Vec::new());
    loop {
        let page = api.get(&path).await.json();
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|item| item["event_id"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("{PATH}?limit=2&cursor={cursor}");
    }
    let events = [3, 2, 1].map(|n| json!(billed_entry(n).journaled.entry.attempt.event_id));
    assert_eq!(seen, events);
    let journal = Uuid::from_u128(8);
    let list = api.get(&format!("{PATH}?journal_id={journal}")).await.json();
    assert_eq!(
        (list["items"].as_array().unwrap().len(), &list["next_cursor"]),
        (1, &Value::Null)
    );
}

#[tokio::test]
async fn a_query_names_each_fault() {
    let api = TestApi::new();
    let odd = api
        .get(&format!("{PATH}?journal_id=x&cursor=y&limit=201&kind=z"))
        .await;
    odd.faults(&["journal_id", "cursor", "limit", "kind"]);
    assert_eq!(api.get(PATH).await.json()["items"], json!([]));
}
