//! Managing admin tokens, sessions, and requests under an idempotency key.

use chrono::TimeDelta;
use secrecy::ExposeSecret;
use tollgate_domain::ports::{
    AdminSession, AdminToken, AdminTokenStore, AuditFilter, AuditStore, Claim, Claimed, IdempotencyStore,
    IdempotentRequest, SessionStore, StoreError, TokenEdited, TokenRotation, TokenStore,
};
use tollgate_domain::{AdminRole, AdminSessionId, AdminTokenId, Timestamp, TokenHash};
use tollgate_storage::Keyring;

use crate::fixture::{Fixture, open};
use crate::on_both;
use crate::samples::{actor, id, noon};

on_both!(
    a_token_is_created_changed_rotated_and_revoked,
    a_taken_missing_or_stale_token_is_not_changed,
    of_two_admins_revoking_each_other_one_stays,
    a_use_is_noted_once_a_minute,
    a_session_is_found_by_its_secret_until_its_token_goes,
    a_rotation_ends_sessions_at_once_or_with_the_grace,
    what_has_run_out_is_purged,
    of_many_claims_one_carries_the_request_out,
    an_answer_is_kept_sealed_for_its_token_and_request,
    a_claim_given_back_or_abandoned_can_be_taken,
    the_log_is_read_by_filter_and_number,
);

fn token(n: u32, role: AdminRole) -> AdminToken {
    let token = format!("admin token {n}");
    AdminToken::new(AdminTokenId::new(id(n)), format!("t{n}"), &token, role, noon())
}

fn minutes(n: i64) -> Timestamp {
    noon() + TimeDelta::minutes(n)
}

fn rotation(text: &str, grace_until: Option<Timestamp>) -> TokenRotation {
    TokenRotation {
        token_hash: TokenHash::of(text),
        token_hint: AdminToken::hint(text),
        grace_until,
        expires_at: None,
        at: noon(),
    }
}

fn session(n: u32, token: &AdminToken) -> AdminSession {
    AdminSession {
        id: AdminSessionId::new(id(n)),
        token_id: token.id,
        secret_hash: TokenHash::of(&format!("session {n}")),
        address: Some("192.0.2.7".parse().unwrap()),
        created_at: noon(),
        last_seen_at: noon(),
        expires_at: minutes(720),
    }
}

async fn a_token_is_created_changed_rotated_and_revoked(fixture: Fixture) {
    let store = &fixture.store;
    let ada = actor("ada");
    let admin = store
        .create_admin_token(token(1, AdminRole::Admin), &ada)
        .await
        .unwrap();
    let made = store
        .create_admin_token(token(2, AdminRole::Viewer), &ada)
        .await
        .unwrap();
    assert_eq!(store.admin_tokens().await.unwrap(), [admin, made.clone()]);
    let changed = AdminToken {
        name: "renamed".to_owned(),
        role: AdminRole::Finance,
        expires_at: Some(minutes(60)),
        updated_at: minutes(1),
        token_hash: TokenHash::of("ignored"),
        ..made.clone()
    };
    let done = store
        .update_admin_token(changed.clone(), Some(1), &ada)
        .await
        .unwrap();
    let expected = AdminToken {
        token_hash: made.token_hash,
        revision: 2,
        ..changed
    };
    assert_eq!(done, TokenEdited::Done(expected.clone()));
    assert_eq!(store.admin_token_by_id(made.id).await.unwrap(), Some(expected));

    let old = TokenHash::of("admin token 2");
    let next = rotation("the next token", Some(minutes(5)));
    let done = store
        .rotate_admin_token(made.id, next, Some(2), &ada)
        .await
        .unwrap();
    let TokenEdited::Done(rotated) = done else {
        panic!("{done:?}")
    };
    assert_eq!(rotated.token_hint, "oken");
    assert_eq!(store.admin_token(old).await.unwrap().as_ref(), Some(&rotated));
    assert!(rotated.admits(old, minutes(4)) && !rotated.admits(old, minutes(5)));

    let done = store
        .revoke_admin_token(made.id, Some(3), &ada, noon())
        .await
        .unwrap();
    assert_eq!(done, TokenEdited::Done(()));
    for hash in [old, TokenHash::of("the next token")] {
        assert_eq!(store.admin_token(hash).await.unwrap(), None);
    }
    let noted = fixture
        .values("SELECT action AS value FROM audit_log WHERE resource_kind = 'token' ORDER BY id")
        .await;
    assert_eq!(
        noted,
        [
            "token.create",
            "token.create",
            "token.update",
            "token.rotate",
            "token.revoke"
        ]
    );
}

async fn a_taken_missing_or_stale_token_is_not_changed(fixture: Fixture) {
    let store = &fixture.store;
    let ada = actor("ada");
    let first = store
        .create_admin_token(token(1, AdminRole::Admin), &ada)
        .await
        .unwrap();
    let second = store
        .create_admin_token(token(2, AdminRole::Viewer), &ada)
        .await
        .unwrap();
    let again = AdminToken {
        name: "t1".to_owned(),
        ..token(3, AdminRole::Viewer)
    };
    let taken = store.create_admin_token(again, &ada).await.unwrap_err();
    assert!(
        matches!(&taken, StoreError::NameTaken { name } if name == "t1"),
        "{taken:?}"
    );
    let renamed = AdminToken {
        name: "t1".to_owned(),
        ..second.clone()
    };
    let taken = store.update_admin_token(renamed, None, &ada).await.unwrap_err();
    assert!(matches!(taken, StoreError::NameTaken { .. }));
    let stale = store
        .update_admin_token(second.clone(), Some(9), &ada)
        .await
        .unwrap();
    assert_eq!(stale, TokenEdited::Stale { revision: 1 });
    let stale = store
        .revoke_admin_token(second.id, Some(9), &ada, noon())
        .await
        .unwrap();
    assert_eq!(stale, TokenEdited::Stale { revision: 1 });
    let nobody = AdminTokenId::new(id(99));
    let missing = store
        .rotate_admin_token(nobody, rotation("x", None), None, &ada)
        .await
        .unwrap();
    assert_eq!(missing, TokenEdited::Missing);
    assert_eq!(store.admin_tokens().await.unwrap(), [first, second]);
}

async fn of_two_admins_revoking_each_other_one_stays(fixture: Fixture) {
    let store = &fixture.store;
    let (one, two) = (token(1, AdminRole::Admin), token(2, AdminRole::Admin));
    for token in [&one, &two] {
        store
            .create_admin_token(token.clone(), &actor("ada"))
            .await
            .unwrap();
    }
    let (by_one, by_two) = (actor("t1"), actor("t2"));
    let (first, second) = tokio::join!(
        store.revoke_admin_token(two.id, None, &by_one, noon()),
        store.revoke_admin_token(one.id, None, &by_two, noon()),
    );
    let outcomes = [first.unwrap(), second.unwrap()];
    assert!(outcomes.contains(&TokenEdited::Done(())), "{outcomes:?}");
    assert!(outcomes.contains(&TokenEdited::LastAdmin), "{outcomes:?}");
    let left = store.admin_tokens().await.unwrap();
    assert_eq!(left.len(), 1);
    let demoted = AdminToken {
        role: AdminRole::Finance,
        ..left[0].clone()
    };
    let refused = store.update_admin_token(demoted, None, &by_one).await.unwrap();
    assert_eq!(refused, TokenEdited::LastAdmin);
    assert_eq!(store.admin_tokens().await.unwrap(), left);
}

async fn a_use_is_noted_once_a_minute(fixture: Fixture) {
    let store = &fixture.store;
    let made = token(1, AdminRole::Admin);
    store
        .create_admin_token(made.clone(), &actor("ada"))
        .await
        .unwrap();
    let mut seen = Vec::new();
    for seconds in [0, 59, 60, 119, 120] {
        let at = noon() + TimeDelta::seconds(seconds);
        store.touch_admin_token(made.id, at).await.unwrap();
        let found = store.admin_token_by_id(made.id).await.unwrap().unwrap();
        seen.push((found.last_used_at.unwrap() - noon()).num_seconds());
        assert_eq!(found.revision, 1, "a use is no edit");
    }
    assert_eq!(seen, [0, 0, 60, 60, 120]);
}

async fn a_session_is_found_by_its_secret_until_its_token_goes(fixture: Fixture) {
    let store = &fixture.store;
    let ada = actor("ada");
    let (admin, owner) = (token(1, AdminRole::Admin), token(2, AdminRole::Viewer));
    for token in [&admin, &owner] {
        store.create_admin_token(token.clone(), &ada).await.unwrap();
    }
    let opened = session(10, &owner);
    store.open_session(opened.clone(), &actor("t2")).await.unwrap();
    let other = session(11, &owner);
    store.open_session(other.clone(), &actor("t2")).await.unwrap();
    let found = store.session(opened.secret_hash).await.unwrap();
    assert_eq!(found, Some((opened.clone(), owner.clone())));
    assert_eq!(store.session(TokenHash::of("made up")).await.unwrap(), None);
    store.touch_session(opened.id, minutes(1)).await.unwrap();
    store.touch_session(opened.id, noon()).await.unwrap();
    let (seen, _) = store.session(opened.secret_hash).await.unwrap().unwrap();
    assert_eq!(seen.last_seen_at, minutes(1), "never backwards");
    assert!(store.end_session(other.id, &ada, noon()).await.unwrap());
    assert!(!store.end_session(other.id, &ada, noon()).await.unwrap());
    assert_eq!(store.session(other.secret_hash).await.unwrap(), None);
    store
        .revoke_admin_token(owner.id, None, &ada, noon())
        .await
        .unwrap();
    assert_eq!(store.session(opened.secret_hash).await.unwrap(), None);
    assert_eq!(fixture.count("admin_sessions").await, 0);
}

async fn a_rotation_ends_sessions_at_once_or_with_the_grace(fixture: Fixture) {
    let store = &fixture.store;
    let ada = actor("ada");
    let owner = token(1, AdminRole::Admin);
    store.create_admin_token(owner.clone(), &ada).await.unwrap();
    let opened = session(10, &owner);
    store.open_session(opened.clone(), &ada).await.unwrap();
    let graceful = rotation("two", Some(minutes(30)));
    store
        .rotate_admin_token(owner.id, graceful, None, &ada)
        .await
        .unwrap();
    let (found, _) = store.session(opened.secret_hash).await.unwrap().unwrap();
    assert_eq!(found.expires_at, minutes(30));
    store
        .rotate_admin_token(owner.id, rotation("three", None), None, &ada)
        .await
        .unwrap();
    assert_eq!(store.session(opened.secret_hash).await.unwrap(), None);
    // A token the operator sets anew in the environment is a rotation too.
    let opened = session(11, &owner);
    store.open_session(opened.clone(), &ada).await.unwrap();
    let again = AdminToken::new(owner.id, "t1", "from the environment", AdminRole::Admin, noon());
    store.put_admin_token(again, &ada).await.unwrap();
    assert_eq!(store.session(opened.secret_hash).await.unwrap(), None);
}

async fn what_has_run_out_is_purged(fixture: Fixture) {
    let store = &fixture.store;
    let ada = actor("ada");
    let owner = token(1, AdminRole::Admin);
    store.create_admin_token(owner.clone(), &ada).await.unwrap();
    let over = AdminSession {
        expires_at: minutes(10),
        last_seen_at: minutes(9),
        ..session(10, &owner)
    };
    let (idle, used) = (
        session(11, &owner),
        AdminSession {
            last_seen_at: minutes(9),
            ..session(12, &owner)
        },
    );
    for session in [&over, &idle, &used] {
        store.open_session(session.clone(), &ada).await.unwrap();
    }
    assert!(matches!(
        claim(&fixture, &request("a", 1), 0, 1).await,
        Claimed::Yes
    ));
    let purge = async |at| store.purge_access(at, minutes(5)).await.unwrap();
    assert_eq!(purge(minutes(10)).await, 2);
    assert_eq!(purge(minutes(10)).await, 0);
    assert!(store.session(used.secret_hash).await.unwrap().is_some());
    store
        .rotate_admin_token(owner.id, rotation("two", Some(minutes(20))), None, &ada)
        .await
        .unwrap();
    // The session goes with the grace, and the answer after its day.
    assert_eq!(purge(minutes(20)).await, 2);
    assert_eq!(
        store.admin_token_by_id(owner.id).await.unwrap().unwrap().previous,
        None
    );
    assert_eq!(purge(minutes(24 * 60)).await, 1);
    assert_eq!(fixture.count("idempotent_requests").await, 0);
}

fn request(key: &str, body: u8) -> IdempotentRequest {
    IdempotentRequest {
        token_id: AdminTokenId::new(id(1)),
        key: key.to_owned(),
        request_hash: [body; 32],
    }
}

async fn claim(fixture: &Fixture, request: &IdempotentRequest, minute: i64, by: u32) -> Claimed {
    let claim = Claim {
        id: id(by),
        at: minutes(minute),
        until: minutes(minute + 1),
        expires_at: minutes(minute + 24 * 60),
    };
    fixture.store.claim_request(request.clone(), claim).await.unwrap()
}

async fn of_many_claims_one_carries_the_request_out(fixture: Fixture) {
    let wanted = request("a", 1);
    let claims = (1..=8).map(|n| claim(&fixture, &wanted, 0, n));
    let outcomes = futures_util::future::join_all(claims).await;
    let claimed = outcomes.iter().filter(|claimed| matches!(claimed, Claimed::Yes));
    assert_eq!(claimed.count(), 1, "{outcomes:?}");
    let running = outcomes
        .iter()
        .filter(|claimed| matches!(claimed, Claimed::Running));
    assert_eq!(running.count(), 7, "{outcomes:?}");
}

async fn an_answer_is_kept_sealed_for_its_token_and_request(fixture: Fixture) {
    let store = &fixture.store;
    let wanted = request("a", 1);
    assert!(matches!(claim(&fixture, &wanted, 0, 1).await, Claimed::Yes));
    let secret = "tg-a-very-secret-key-token";
    store.answer_request(&wanted, id(1), secret.into()).await.unwrap();
    let sealed = fixture
        .value("SELECT sealed_answer AS value FROM idempotent_requests")
        .await;
    assert!(sealed.starts_with("tg1.") && !sealed.contains(secret), "{sealed}");
    let again = claim(&fixture, &wanted, 5, 2).await;
    assert!(
        matches!(&again, Claimed::Answered(answer) if answer.expose_secret() == secret),
        "{again:?}"
    );
    let other = claim(&fixture, &request("a", 2), 5, 2).await;
    assert!(matches!(other, Claimed::Different), "{other:?}");
    let others = IdempotentRequest {
        token_id: AdminTokenId::new(id(2)),
        ..wanted.clone()
    };
    assert!(matches!(claim(&fixture, &others, 5, 2).await, Claimed::Yes));
    // Without the key that sealed it the request is known, and the answer is not.
    let foreign = Keyring::generate().unwrap();
    let elsewhere = Fixture {
        store: open(&fixture.url, foreign.expose_secret(), &[]).await,
        ..fixture
    };
    let unreadable = claim(&elsewhere, &wanted, 5, 2).await;
    assert!(matches!(unreadable, Claimed::Unreadable), "{unreadable:?}");
    let next_day = claim(&elsewhere, &request("a", 2), 24 * 60, 3).await;
    assert!(matches!(next_day, Claimed::Yes), "{next_day:?}");
}

async fn a_claim_given_back_or_abandoned_can_be_taken(fixture: Fixture) {
    let store = &fixture.store;
    let wanted = request("a", 1);
    assert!(matches!(claim(&fixture, &wanted, 0, 1).await, Claimed::Yes));
    store.release_request(&wanted, id(9)).await.unwrap();
    assert!(matches!(claim(&fixture, &wanted, 0, 2).await, Claimed::Running));
    store.release_request(&wanted, id(1)).await.unwrap();
    assert!(matches!(claim(&fixture, &wanted, 0, 2).await, Claimed::Yes));
    // The second did not come back within a minute; what it answers later is not kept.
    let different = claim(&fixture, &request("a", 2), 1, 3).await;
    assert!(matches!(different, Claimed::Different), "{different:?}");
    assert!(matches!(claim(&fixture, &wanted, 1, 3).await, Claimed::Yes));
    store.answer_request(&wanted, id(2), "late".into()).await.unwrap();
    assert!(matches!(claim(&fixture, &wanted, 1, 4).await, Claimed::Running));
    store
        .answer_request(&wanted, id(3), "in time".into())
        .await
        .unwrap();
    store.release_request(&wanted, id(3)).await.unwrap();
    let answered = claim(&fixture, &wanted, 1, 4).await;
    assert!(
        matches!(&answered, Claimed::Answered(answer) if answer.expose_secret() == "in time"),
        "{answered:?}"
    );
}

async fn the_log_is_read_by_filter_and_number(fixture: Fixture) {
    let store = &fixture.store;
    for n in 1..=3 {
        let by = actor(if n == 2 { "bob" } else { "ada" });
        let token = AdminToken {
            created_at: minutes(i64::from(n)),
            ..token(n, AdminRole::Viewer)
        };
        store.create_admin_token(token, &by).await.unwrap();
    }
    let read = async |filter, below, limit| {
        let entries = store.audit_log(filter, below, limit).await.unwrap();
        let names: Vec<String> = entries
            .iter()
            .map(|entry| entry.resource_name.clone().unwrap())
            .collect();
        (names, entries)
    };
    let all = AuditFilter::default;
    let (names, entries) = read(all(), None, 2).await;
    assert_eq!(names, ["t3", "t2"]);
    let (names, _) = read(all(), Some(entries[1].id), 2).await;
    assert_eq!(names, ["t1"]);
    let text = |text: &str| Some(text.to_owned());
    for (filter, expected) in [
        (
            AuditFilter {
                actor: text("bob"),
                ..all()
            },
            vec!["t2"],
        ),
        (
            AuditFilter {
                action: text("token.create"),
                ..all()
            },
            vec!["t3", "t2", "t1"],
        ),
        (
            AuditFilter {
                resource_kind: text("key"),
                ..all()
            },
            vec![],
        ),
        (
            AuditFilter {
                resource_id: text(&id(3).to_string()),
                ..all()
            },
            vec!["t3"],
        ),
        (
            AuditFilter {
                from: Some(minutes(2)),
                until: Some(minutes(3)),
                ..all()
            },
            vec!["t2"],
        ),
    ] {
        assert_eq!(read(filter.clone(), None, 9).await.0, expected, "{filter:?}");
    }
    let one = store.audit_entry(entries[0].id).await.unwrap().unwrap();
    assert_eq!(one, entries[0]);
    assert_eq!(one.actor_id, actor("ada").token_id);
    assert_eq!(one.address, actor("ada").address);
    assert_eq!(one.before, None);
    assert_eq!(one.after.unwrap()["role"], "viewer");
    assert_eq!(store.audit_entry(i64::MAX).await.unwrap(), None);
}
