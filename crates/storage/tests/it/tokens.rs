//! Admin tokens.

use tollgate_domain::ports::{AdminToken, TokenStore};
use tollgate_domain::{AdminRole, AdminTokenId, TokenHash};

use crate::fixture::{Fixture, open};
use crate::on_both;
use crate::samples::{actor, id, noon};
use secrecy::ExposeSecret;

on_both!(
    a_token_is_found_by_its_hash,
    of_several_starters_one_makes_the_first_token,
    a_named_token_is_replaced,
);

fn token(n: u32, name: &str) -> AdminToken {
    let id = AdminTokenId::new(id(n));
    AdminToken::new(id, name, &format!("admin {n}"), AdminRole::Admin, noon())
}

async fn a_token_is_found_by_its_hash(fixture: Fixture) {
    let hash = TokenHash::of("admin 1");
    assert_eq!(fixture.store.admin_token(hash).await.unwrap(), None);
    fixture
        .store
        .put_admin_token(token(1, "ops"), &actor("start"))
        .await
        .unwrap();
    assert_eq!(
        fixture.store.admin_token(hash).await.unwrap(),
        Some(token(1, "ops"))
    );
    assert_eq!(
        fixture.store.admin_token(TokenHash::of("admin 2")).await.unwrap(),
        None
    );
}

async fn of_several_starters_one_makes_the_first_token(fixture: Fixture) {
    let mut starters = Vec::new();
    for n in 1..=4 {
        let store = open(&fixture.url, fixture.key.expose_secret(), &[]).await;
        starters.push(async move {
            store
                .create_first_admin_token(token(n, &format!("t{n}")), &actor("start"))
                .await
                .unwrap()
        });
    }
    let made = futures_util::future::join_all(starters).await;
    assert_eq!(made.iter().filter(|made| **made).count(), 1);
    assert_eq!(fixture.count("admin_tokens").await, 1);
}

async fn a_named_token_is_replaced(fixture: Fixture) {
    fixture
        .store
        .put_admin_token(token(1, "environment"), &actor("start"))
        .await
        .unwrap();
    fixture
        .store
        .put_admin_token(token(2, "environment"), &actor("start"))
        .await
        .unwrap();
    assert_eq!(
        fixture.store.admin_token(TokenHash::of("admin 1")).await.unwrap(),
        None
    );
    let found = fixture.store.admin_token(TokenHash::of("admin 2")).await.unwrap();
    assert_eq!(found.map(|token| token.name).as_deref(), Some("environment"));
    assert!(
        !fixture
            .store
            .create_first_admin_token(token(3, "first"), &actor("start"))
            .await
            .unwrap()
    );
}
