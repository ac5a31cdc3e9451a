//! Who manages the gateway: signing in, being locked out, and what is kept when the database goes.

use reqwest::header::{COOKIE, RETRY_AFTER, SET_COOKIE};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tollgate_testkit::postgres::PgCluster;

use crate::support::{ADMIN_TOKEN, Backend, Setup, both};

#[tokio::test]
async fn a_browser_signs_in_works_and_signs_out() {
    both(signed_in).await;
}

async fn signed_in(backend: Backend) {
    let mut setup = Setup::new(backend).await;
    let url = format!("{}/api/admin", setup.gateway.admin_url());
    let http = Client::new();
    let signed_in = http
        .post(format!("{url}/session"))
        .json(&json!({"token": ADMIN_TOKEN}))
        .send()
        .await
        .unwrap();
    assert_eq!(signed_in.status(), StatusCode::CREATED);
    let cookie = signed_in.headers()[SET_COOKIE].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let session: Value = signed_in.json().await.unwrap();
    assert_eq!(
        (&session["name"], &session["role"]),
        (&json!("environment"), &json!("admin"))
    );

    let create = http
        .post(format!("{url}/keys"))
        .header(COOKIE, &cookie)
        .json(&json!({"name": "from the console"}));
    let without = create.try_clone().unwrap().send().await.unwrap();
    assert_eq!(without.status(), StatusCode::FORBIDDEN);
    let csrf = session["csrf_token"].as_str().unwrap();
    let with = create.header("x-csrf-token", csrf).send().await.unwrap();
    assert_eq!(with.status(), StatusCode::CREATED);

    let noted = setup.admin.get("/audit-log?action=key.create&limit=1").await;
    let noted = &noted["items"][0];
    assert_eq!(
        (&noted["resource_name"], &noted["origin"], &noted["address"]),
        (&json!("from the console"), &json!("session"), &json!("127.0.0.1"))
    );
    let out = http
        .delete(format!("{url}/session"))
        .header(COOKIE, &cookie)
        .header("x-csrf-token", csrf);
    assert_eq!(out.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    let after = http.get(format!("{url}/session")).header(COOKIE, &cookie);
    assert_eq!(after.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    setup.gateway.stop().await;
}

#[tokio::test]
async fn a_key_that_is_asked_for_at_once_is_made_once() {
    both(made_once).await;
}

async fn made_once(backend: Backend) {
    let mut setup = Setup::new(backend).await;
    let url = format!("{}/api/admin/keys", setup.gateway.admin_url());
    let http = Client::new();
    let calls = (0..4).map(|_| {
        let call = http
            .post(&url)
            .bearer_auth(ADMIN_TOKEN)
            .header("idempotency-key", "4711")
            .json(&json!({"name": "batch"}));
        async { call.send().await.unwrap().text().await.unwrap() }
    });
    let answers = futures_util::future::join_all(calls).await;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert!(answers[0].contains("\"token\":\"tg-"), "{answers:?}");
    // The setup made one too.
    let keys = setup.admin.get("/keys").await;
    assert_eq!(keys["items"].as_array().unwrap().len(), 2);
    setup.gateway.stop().await;
}

#[tokio::test]
async fn who_guesses_waits_and_who_was_let_in_does_not() {
    let mut setup = Setup::new(Backend::Sqlite).await;
    let url = format!("{}/api/admin/keys", setup.gateway.admin_url());
    let http = Client::new();
    let guess = async |n: u32| {
        let answer = http.get(&url).bearer_auth(format!("tga-guess-{n}")).send().await;
        answer.unwrap()
    };
    for n in 0..5 {
        assert_eq!(guess(n).await.status(), StatusCode::UNAUTHORIZED);
    }
    let refused = guess(5).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()[RETRY_AFTER], "1");
    setup.admin.get("/keys").await;
    setup.gateway.stop().await;
}

#[tokio::test]
async fn an_operator_who_was_let_in_still_is_while_the_database_is_away() {
    let cluster = PgCluster::start_own().unwrap();
    let setup = Setup::new(Backend::postgres(&cluster).await).await;
    let prices = "/billing/prices?limit=1";
    let before = setup.admin.get(prices).await;
    cluster.stop().unwrap();
    let during = setup.admin.get(prices).await;
    assert_eq!(
        during["items"], before["items"],
        "prices are answered from memory"
    );
    assert_eq!(
        (&before["held_known"], &during["held_known"]),
        (&json!(true), &json!(false))
    );
    let (status, _) = setup
        .admin
        .call(Method::GET, "/billing/prices?held=true", None)
        .await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "what waits is not known");
    let (status, problem) = setup.admin.call(Method::GET, "/keys", None).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{problem}");
    let url = format!("{}/api/admin/billing/prices", setup.gateway.admin_url());
    let stranger = Client::new()
        .get(url)
        .bearer_auth("tga-guess")
        .send()
        .await
        .unwrap();
    assert_eq!(stranger.status(), StatusCode::SERVICE_UNAVAILABLE);
}
