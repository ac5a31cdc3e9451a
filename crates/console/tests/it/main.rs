//! The page, as its readers and their browsers see it.
#![expect(
    clippy::unwrap_used,
    reason = "clippy's exemption for tests does not reach the helpers of an integration test"
)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use tollgate_console::{CONTENT_SECURITY_POLICY, Language, Money, PageData, Unrecorded, page};

fn data() -> PageData {
    PageData {
        version: "0.1.0".to_owned(),
        listen: "127.0.0.1:8787".to_owned(),
        accounting_zone: "Europe/Berlin".to_owned(),
        money: Some(Money {
            cost: "10.625".to_owned(),
            list_cost: "12.5".to_owned(),
            charge: "11.000000000001".to_owned(),
            attempts: 1250,
            unbilled: 0,
        }),
        price_version: Some("12".to_owned()),
        models: Some(4242),
        journal_pending: 0,
        unrecorded: None,
        ready: true,
    }
}

/// The page without markup, one text a line.
fn words(html: &str) -> String {
    let body = html.split("</style>").nth(1).unwrap();
    let texts = body
        .split('<')
        .filter_map(|tag| tag.split_once('>'))
        .map(|(_, text)| text.trim());
    texts
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_page_shows_the_state_of_the_gateway() {
    insta::assert_snapshot!(words(&page(&data(), Language::En)));
}

#[test]
fn the_page_reads_in_chinese() {
    let html = page(&data(), Language::ZhCn);
    assert!(html.contains("<html lang=\"zh-CN\">"));
    insta::assert_snapshot!(words(&html));
}

#[test]
fn without_money_no_amount_is_shown_but_the_way_to_it() {
    let html = page(
        &PageData {
            money: None,
            ..data()
        },
        Language::En,
    );
    assert!(html.contains("/api/admin/billing/overview"));
    for amount in ["10.625", "12.5", "11.000000000001", "1250", "USD"] {
        assert!(!words(&html).contains(amount), "{amount}");
    }
}

#[test]
fn unbilled_attempts_are_pointed_at_only_when_there_are_any() {
    let list = "billing_status=unbilled";
    assert!(!page(&data(), Language::En).contains(list));
    let mut unbilled = data();
    unbilled.money.as_mut().unwrap().unbilled = 3;
    assert!(page(&unbilled, Language::En).contains(list));
}

#[test]
fn the_state_of_the_books_follows_the_journal_and_the_database() {
    let complete = words(&page(&data(), Language::En));
    assert!(complete.contains("Complete:") && complete.contains("Ready"));
    let behind = words(&page(
        &PageData {
            journal_pending: 7,
            ..data()
        },
        Language::En,
    ));
    assert!(behind.contains("Catching up") && behind.contains("\n7\n"));
    let away = words(&page(
        &PageData {
            ready: false,
            ..data()
        },
        Language::En,
    ));
    assert!(away.contains("Degraded") && !away.contains("Complete:"));
}

#[test]
fn unrecorded_attempts_are_shown_with_their_time_range_only_when_there_are_any() {
    assert!(!words(&page(&data(), Language::En)).contains("nrecorded"));
    let mut gap = data();
    gap.unrecorded = Some(Unrecorded {
        attempts: 41,
        from: "2026-11-03 22:14:07 UTC".to_owned(),
        until: "2026-11-03 22:31:40 UTC".to_owned(),
    });
    let shown = words(&page(&gap, Language::En));
    assert!(!shown.contains("Complete:"));
    assert!(
        shown.contains(
            "Unrecorded attempts\n41\nThe first\n2026-11-03 22:14:07 UTC\nThe last\n2026-11-03 22:31:40 UTC"
        ),
        "{shown}"
    );
}

#[test]
fn what_is_not_known_is_said_to_be_unknown() {
    let no_models = words(&page(
        &PageData {
            models: None,
            ..data()
        },
        Language::En,
    ));
    assert!(no_models.contains("not known"));
    let no_prices = words(&page(
        &PageData {
            price_version: None,
            ..data()
        },
        Language::En,
    ));
    assert!(no_prices.contains("No price version yet"));
}

#[test]
fn every_value_is_escaped() {
    let evil = || "<script>alert('x')&\"</script>".to_owned();
    let hostile = PageData {
        version: evil(),
        listen: evil(),
        accounting_zone: evil(),
        money: Some(Money {
            cost: evil(),
            list_cost: evil(),
            charge: evil(),
            attempts: 1,
            unbilled: 1,
        }),
        price_version: Some(evil()),
        unrecorded: Some(Unrecorded {
            attempts: 1,
            from: evil(),
            until: evil(),
        }),
        ..data()
    };
    for language in Language::ALL {
        let html = page(&hostile, language);
        assert!(!html.contains("<script"), "a value came through as markup");
        assert_eq!(
            html.matches("&lt;script&gt;alert(&#39;x&#39;)&amp;&quot;")
                .count(),
            10
        );
    }
}

#[test]
fn the_policy_allows_the_style_sheet_and_nothing_from_elsewhere() {
    let html = page(&data(), Language::En);
    let style = html
        .split("<style>")
        .nth(1)
        .unwrap()
        .split("</style>")
        .next()
        .unwrap();
    let hash = STANDARD.encode(Sha256::digest(style));
    assert!(
        CONTENT_SECURITY_POLICY.contains(&format!("'sha256-{hash}'")),
        "the style's hash is {hash}"
    );
    for forbidden in ["style=", "<script", "src=", "onclick", "@import", "url("] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
}
