//! The audit log: one row for each edit, in the edit's transaction, without secrets.

use secrecy::SecretString;
use serde_json::Value;
use tollgate_domain::ports::{
    AdminToken, Begun, Decided, Edited, KeyStore, MultiplierGrounds, NewCredential, ReleaseStore, RuleEdit,
    RulesChanged, TokenStore, UpstreamStore,
};
use tollgate_domain::ports::{PriceRuleStore, RuleBefore, RuleChange};
use tollgate_domain::{Actor, AdminRole, AdminTokenId, ApiKey, Multiplier, Upstream};

use crate::fixture::Fixture;
use crate::on_both;
use crate::prices::{alias, price_override};
use crate::releases::{hold, names, new_run, release_id, sync};
use crate::samples::{actor, api_key, at, id, journal, noon, upstream};

on_both!(
    every_edit_of_an_upstream_is_noted_with_its_states,
    every_edit_of_a_key_is_noted_with_its_states,
    every_change_of_a_price_rule_is_noted,
    decisions_on_releases_are_noted,
    a_sync_begun_by_somebody_is_noted_and_a_scheduled_one_is_not,
    a_token_of_the_environment_is_noted_when_it_changes,
    an_edit_that_fails_is_not_noted,
    rows_are_never_changed_nor_removed,
    no_secret_reaches_the_log,
);

/// `action actor name` of every row, in order.
async fn noted(fixture: &Fixture) -> Vec<String> {
    fixture
        .values(
            "SELECT action || ' ' || actor_name || ' ' || COALESCE(resource_name, '-') AS value
             FROM audit_log ORDER BY id",
        )
        .await
}

/// What stands in a column of the latest row; null where there is nothing.
async fn last(fixture: &Fixture, column: &str) -> Value {
    let query = format!("SELECT COALESCE({column}, 'null') AS value FROM audit_log ORDER BY id DESC LIMIT 1");
    serde_json::from_str(&fixture.value(&query).await).unwrap()
}

async fn every_edit_of_an_upstream_is_noted_with_its_states(fixture: Fixture) {
    let store = &fixture.store;
    let secret: SecretString = "sk-one".into();
    let made = store
        .create_upstream(upstream(1, "main"), Some(secret), &actor("ada"))
        .await
        .unwrap();
    assert_eq!(last(&fixture, "state_before").await, Value::Null);
    assert_eq!(
        last(&fixture, "state_after").await["credential_fingerprint"],
        "***"
    );
    let cheaper = Upstream {
        name: "renamed".to_owned(),
        input_multiplier: Multiplier::ONE,
        updated_at: at("2026-11-16T00:00:00Z"),
        ..made
    };
    let credential = NewCredential::Replace("sk-two".into());
    let bob = actor("bob");
    let grounds = MultiplierGrounds {
        note: Some("new contract".to_owned()),
        effective_from: None,
    };
    let edited = store.update_upstream(cheaper, credential, None, &bob, Some(grounds));
    assert!(matches!(edited.await.unwrap(), Edited::Done(_)));
    let (before, after) = (
        last(&fixture, "state_before").await,
        last(&fixture, "state_after").await,
    );
    assert_eq!(
        (&before["name"], &after["name"]),
        (&"main".into(), &"renamed".into())
    );
    assert_eq!(
        (&before["input_multiplier"], &after["input_multiplier"]),
        (&"0.85".into(), &"1".into())
    );
    assert_eq!(
        (&after["credential_replaced"], &after["note"]),
        (&true.into(), &"new contract".into())
    );
    let id = upstream(1, "main").id;
    store
        .delete_upstream(id, None, &actor("eve"), noon())
        .await
        .unwrap();
    assert_eq!(last(&fixture, "state_after").await, Value::Null);
    assert_eq!(last(&fixture, "state_before").await["name"], "renamed");
    assert_eq!(
        noted(&fixture).await,
        [
            "upstream.create ada main",
            "upstream.update bob renamed",
            "upstream.delete eve renamed"
        ]
    );
    let whole = fixture
        .value(
            "SELECT resource_kind || ' ' || resource_id || ' ' || actor_role || ' ' || origin || ' ' || address AS value
             FROM audit_log WHERE action = 'upstream.delete'",
        )
        .await;
    assert_eq!(whole, format!("upstream {id} admin bearer 192.0.2.7"));
}

async fn every_edit_of_a_key_is_noted_with_its_states(fixture: Fixture) {
    let store = &fixture.store;
    let made = store.create_key(api_key(1, "a"), &actor("ada")).await.unwrap();
    let edited = ApiKey {
        team: Some("ranking".to_owned()),
        ..made.clone()
    };
    store.update_key(edited, None, &actor("bob")).await.unwrap();
    assert_eq!(last(&fixture, "state_before").await["team"], Value::Null);
    let after = last(&fixture, "state_after").await;
    assert_eq!(
        (&after["team"], &after["token_hash"], &after["token_hint"]),
        (&"ranking".into(), &"***".into(), &"abcd".into())
    );
    store
        .delete_key(made.id, None, &actor("eve"), noon())
        .await
        .unwrap();
    assert_eq!(
        noted(&fixture).await,
        ["key.create ada a", "key.update bob a", "key.delete eve a"]
    );
}

async fn every_change_of_a_price_rule_is_noted(fixture: Fixture) {
    let edit = |note: Option<&str>| RuleEdit {
        actor: actor("ada"),
        at: noon(),
        note: note.map(ToOwned::to_owned),
    };
    let put = |price, before| RuleChange::PutOverride {
        price: price_override(10, price),
        effective_from: Some(at("2026-11-01T00:00:00Z")),
        before,
    };
    let put_alias = RuleChange::PutAlias {
        alias: alias(20),
        effective_from: None,
        before: RuleBefore::Nothing,
    };
    let change = async |changes, note| fixture.store.change_rules(changes, edit(note)).await.unwrap();
    change(vec![put("1", RuleBefore::Nothing)], None).await;
    change(vec![put("2", RuleBefore::Any)], None).await;
    let rate = |state: &Value| state["card"]["rates"][0].to_string();
    let (before, after) = (
        last(&fixture, "state_before").await,
        last(&fixture, "state_after").await,
    );
    assert_ne!(rate(&before), rate(&after));
    assert_eq!(after["effective_from"], "2026-11-01T00:00:00Z");
    change(vec![put_alias], None).await;
    let end = vec![
        RuleChange::EndOverride {
            id: price_override(10, "1").id,
            before: RuleBefore::Any,
        },
        RuleChange::EndAlias {
            id: alias(20).id,
            before: RuleBefore::Any,
        },
    ];
    change(end.clone(), Some("over")).await;
    assert_eq!(last(&fixture, "state_after").await["note"], "over");
    let again = change(end, None).await;
    assert!(matches!(again, RulesChanged::Missing { .. }), "{again:?}");
    assert_eq!(
        noted(&fixture).await,
        [
            "override.create ada gpt-5",
            "override.update ada gpt-5",
            "alias.create ada my-gpt",
            "override.delete ada gpt-5",
            "alias.delete ada my-gpt",
        ]
    );
}

async fn decisions_on_releases_are_noted(fixture: Fixture) {
    let store = &fixture.store;
    sync(&fixture, 1, &[("a", "1"), ("b", "2")], Vec::new()).await;
    let holds = vec![hold("a", Some("50"), Some("1")), hold("b", Some("5"), Some("2"))];
    sync(&fixture, 2, &[("c", "3")], holds).await;
    let before = fixture.count("audit_log").await;
    let decide = async |models, accept| {
        let decided = store
            .decide(release_id(2), models, accept, &actor("ada"), noon())
            .await;
        assert!(matches!(decided.unwrap(), Decided::Done { .. }));
    };
    decide(Some(names(&["a"])), true).await;
    assert_eq!(
        last(&fixture, "state_after").await["models"],
        serde_json::json!(["a"])
    );
    decide(None, false).await;
    store
        .activate_release(release_id(1), &actor("bob"), noon())
        .await
        .unwrap();
    assert_eq!(
        last(&fixture, "state_before").await["release_id"],
        release_id(2).to_string()
    );
    fixture
        .execute("UPDATE catalog_models SET stale = true WHERE valid_to_version IS NULL")
        .await
        .unwrap();
    store
        .let_go(Some(names(&["b"])), &actor("eve"), noon())
        .await
        .unwrap();
    assert_eq!(
        noted(&fixture).await[before..],
        [
            "price_release.accept ada -",
            "price_release.reject ada -",
            "price_release.activate bob -",
            "stale_price.remove eve -",
        ]
    );
}

async fn a_sync_begun_by_somebody_is_noted_and_a_scheduled_one_is_not(fixture: Fixture) {
    for by in [Actor::system("schedule"), actor("ada")] {
        let run = tollgate_domain::ports::NewRun {
            actor: by,
            ..new_run(1, journal())
        };
        fixture.store.clear_lease(Some(journal()), noon()).await.unwrap();
        let run = tollgate_domain::ports::NewRun {
            id: release_id(if run.actor.token_id.is_some() { 2 } else { 1 }),
            ..run
        };
        let begun = fixture.store.begin_run(run, noon()).await.unwrap();
        assert!(matches!(begun, Begun::Yes(_)));
    }
    assert_eq!(noted(&fixture).await, ["price_sync.start ada -"]);
}

async fn a_token_of_the_environment_is_noted_when_it_changes(fixture: Fixture) {
    let store = &fixture.store;
    let start = Actor::system("start");
    let token = |text: &str| {
        let id = AdminTokenId::new(id(1));
        AdminToken::new(id, "environment", text, AdminRole::Admin, noon())
    };
    for text in ["admin token one", "admin token one", "admin token two"] {
        store.put_admin_token(token(text), &start).await.unwrap();
    }
    assert_eq!(
        noted(&fixture).await,
        ["token.create start environment", "token.update start environment"]
    );
    let (before, after) = (
        last(&fixture, "state_before").await,
        last(&fixture, "state_after").await,
    );
    assert_eq!(
        (&before["token_hint"], &after["token_hint"]),
        (&" one".into(), &" two".into())
    );
}

async fn an_edit_that_fails_is_not_noted(fixture: Fixture) {
    let store = &fixture.store;
    store.create_key(api_key(1, "a"), &actor("ada")).await.unwrap();
    store
        .create_key(api_key(2, "a"), &actor("ada"))
        .await
        .unwrap_err();
    let stale = store.update_key(api_key(1, "b"), Some(9), &actor("ada")).await;
    assert_eq!(stale.unwrap(), Edited::Stale { revision: 1 });
    assert_eq!(noted(&fixture).await, ["key.create ada a"]);
}

async fn rows_are_never_changed_nor_removed(fixture: Fixture) {
    fixture
        .store
        .create_key(api_key(1, "a"), &actor("ada"))
        .await
        .unwrap();
    for forbidden in ["UPDATE audit_log SET actor_name = 'x'", "DELETE FROM audit_log"] {
        let refused = fixture.execute(forbidden).await.unwrap_err();
        assert!(refused.contains("insert-only"), "{refused}");
    }
}

async fn no_secret_reaches_the_log(fixture: Fixture) {
    let store = &fixture.store;
    let secret = "sk-a-very-secret-credential";
    let made = store
        .create_upstream(upstream(1, "main"), Some(secret.into()), &actor("ada"))
        .await
        .unwrap();
    let fingerprint = made.credential_fingerprint.clone().unwrap();
    let sealed = fixture
        .value("SELECT sealed_credential AS value FROM upstreams")
        .await;
    store
        .update_upstream(made.clone(), NewCredential::Keep, None, &actor("ada"), None)
        .await
        .unwrap();
    let key = store.create_key(api_key(1, "a"), &actor("ada")).await.unwrap();
    store.update_key(key.clone(), None, &actor("ada")).await.unwrap();
    store
        .delete_key(key.id, None, &actor("ada"), noon())
        .await
        .unwrap();
    let token_id = AdminTokenId::new(id(1));
    let token = AdminToken::new(token_id, "ops", "tga-very-secret-token", AdminRole::Admin, noon());
    store.put_admin_token(token.clone(), &actor("ada")).await.unwrap();
    store
        .delete_upstream(made.id, None, &actor("ada"), noon())
        .await
        .unwrap();
    let log = fixture
        .values("SELECT COALESCE(state_before, '') || COALESCE(state_after, '') AS value FROM audit_log")
        .await
        .join("\n");
    assert!(log.contains("\"token_hash\":\"***\""), "{log}");
    let bytes = |hash: &[u8; 32]| hash.map(|byte| byte.to_string()).join(",");
    let hex = |hash: &[u8; 32]| hash.map(|byte| format!("{byte:02x}")).concat();
    for hash in [key.token_hash.as_bytes(), token.token_hash.as_bytes()] {
        assert!(!log.contains(&bytes(hash)) && !log.contains(&hex(hash)), "{log}");
    }
    for secret in [secret, &fingerprint, &sealed, "tga-very-secret-token"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
