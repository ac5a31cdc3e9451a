use http::{Request, StatusCode};
use http_body_util::Full;
use serde_json::json;
use tollgate_testkit::{Counts, Fault, HoldPoint, Outcome, Script, Simulator};

use crate::client::{CHAT, GENERATE, MESSAGES, RESPONSES, STREAM_SSE, ask, body, post, send};

async fn scripted(script: Script) -> Simulator {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(script);
    simulator
}

#[tokio::test]
async fn a_wrong_credential_is_refused_in_the_dialect_s_shape_and_remembered() {
    let simulator = Simulator::start().await.unwrap();
    for (path, header, value) in [
        (CHAT, "authorization", "Bearer client-key"),
        (MESSAGES, "x-api-key", "client-key"),
        (GENERATE, "x-goog-api-key", "client-key"),
    ] {
        let request = Request::post(format!("{}{path}", simulator.base_url())).header(header, value);
        let body = body(path, false).to_string();
        let answer = send(request.body(Full::from(body)).unwrap()).await.unwrap();
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let error = answer.json();
        match path {
            CHAT => assert_eq!(error["error"]["code"], "invalid_api_key"),
            MESSAGES => assert_eq!(
                (&error["type"], &error["error"]["type"]),
                (&json!("error"), &json!("authentication_error"))
            ),
            _ => assert_eq!(error["error"]["status"], "UNAUTHENTICATED"),
        }
    }
    let seen = simulator.requests();
    assert!(
        seen.iter()
            .all(|request| request.credential.as_deref() == Some("client-key"))
    );
    assert_eq!(seen.len(), 3);
    assert!(
        simulator
            .invoice()
            .iter()
            .all(|line| !line.billed && line.status == 401)
    );
}

#[tokio::test]
async fn a_refused_credential_leaves_one_shot_scripts_alone() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_next("gpt-4o", Script::status(500));
    let stranger = Request::post(format!("{}{CHAT}", simulator.base_url()));
    send(stranger.body(Full::from(body(CHAT, false).to_string())).unwrap())
        .await
        .unwrap();
    assert_eq!(
        ask(&simulator, CHAT, false).await.status,
        StatusCode::INTERNAL_SERVER_ERROR
    );
    assert_eq!(ask(&simulator, CHAT, false).await.status, StatusCode::OK);
}

#[tokio::test]
async fn error_statuses_have_the_dialect_s_words_and_a_retry_hint() {
    let simulator = scripted(Script::fault(Fault::Status {
        code: 429,
        retry_after: Some(7),
    }))
    .await;
    let openai = ask(&simulator, CHAT, true).await;
    assert_eq!(
        (openai.status, openai.header("retry-after")),
        (StatusCode::TOO_MANY_REQUESTS, Some("7"))
    );
    assert_eq!(openai.json()["error"]["code"], "rate_limit_exceeded");
    assert_eq!(
        ask(&simulator, MESSAGES, true).await.json()["error"]["type"],
        "rate_limit_error"
    );
    assert_eq!(
        ask(&simulator, GENERATE, false).await.json()["error"]["status"],
        "RESOURCE_EXHAUSTED"
    );
    simulator.wait_until_idle().await;
    for line in simulator.invoice() {
        assert_eq!(
            (line.billed, line.outcome, line.amount_pico_usd),
            (false, Outcome::Refused, Some(0))
        );
        assert_eq!(line.counts, Counts::new());
    }
}

#[tokio::test]
async fn a_cut_stream_breaks_after_the_events_before_it() {
    let simulator = scripted(Script::fault(Fault::Cut { after: 3 })).await;
    for path in [CHAT, RESPONSES, MESSAGES, STREAM_SSE] {
        let answer = ask(&simulator, path, true).await;
        assert!(answer.broken, "{path}");
        assert_eq!(answer.events().len(), 3, "{path}");
    }
    simulator.wait_until_idle().await;
    assert!(
        simulator
            .invoice()
            .iter()
            .all(|line| line.outcome == Outcome::Cut && line.billed && !line.completed)
    );
}

#[tokio::test]
async fn a_cut_json_answer_is_shorter_than_announced() {
    let simulator = scripted(Script::fault(Fault::Cut { after: 0 })).await;
    let answer = ask(&simulator, CHAT, false).await;
    let announced: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert!(answer.broken && answer.bytes().len() < announced);
}

#[tokio::test]
async fn an_error_event_ends_a_stream_that_began_well() {
    let simulator = scripted(Script::fault(Fault::ErrorEvent { after: 2 })).await;
    for (path, pointer, word) in [
        (CHAT, "/error/type", "server_error"),
        (RESPONSES, "/type", "error"),
        (MESSAGES, "/error/type", "overloaded_error"),
        (STREAM_SSE, "/error/status", "UNAVAILABLE"),
    ] {
        let answer = ask(&simulator, path, true).await;
        assert_eq!((answer.status, answer.broken), (StatusCode::OK, false));
        let events = answer.events();
        assert_eq!(events.len(), 3, "{path}");
        assert_eq!(events[2].pointer(pointer).unwrap(), word, "{path}");
    }
}

#[tokio::test]
async fn a_dropped_request_gets_no_answer() {
    let simulator = scripted(Script::fault(Fault::Drop)).await;
    assert!(post(&simulator, CHAT, &body(CHAT, false)).await.is_none());
    simulator.wait_until_idle().await;
    let line = &simulator.invoice()[0];
    assert_eq!(
        (line.outcome, line.status, line.billed),
        (Outcome::Dropped, 0, false)
    );
}

#[tokio::test]
async fn a_hanging_request_ends_when_its_caller_leaves() {
    let simulator = scripted(Script {
        billed: Some(true),
        ..Script::fault(Fault::Hang)
    })
    .await;
    tokio::select! {
        _ = ask(&simulator, CHAT, false) => panic!("a hanging request was answered"),
        () = simulator.wait_until_received(1) => {}
    }
    simulator.wait_until_idle().await;
    let line = &simulator.invoice()[0];
    assert!(line.billed && !line.completed && line.amount_pico_usd > Some(0));
}

#[tokio::test]
async fn a_caller_that_leaves_mid_stream_is_noticed() {
    let script = Script {
        hold: Some(HoldPoint::AfterFrames(2)),
        ..Script::default()
    };
    let simulator = scripted(script).await;
    tokio::select! {
        _ = ask(&simulator, MESSAGES, true) => panic!("a held stream ended"),
        () = simulator.wait_until_held(1) => {}
    }
    simulator.wait_until_idle().await;
    assert_eq!(simulator.invoice()[0].outcome, Outcome::CallerGone);
}

#[tokio::test]
async fn stream_options_are_refused_only_when_they_are_there() {
    let simulator = scripted(Script {
        refuse_stream_options: true,
        ..Script::default()
    })
    .await;
    assert_eq!(ask(&simulator, CHAT, true).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(ask(&simulator, CHAT, false).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_no_request_is_answered_with_400_and_what_is_nowhere_with_404() {
    let simulator = Simulator::start().await.unwrap();
    assert_eq!(
        post(&simulator, CHAT, &json!([])).await.unwrap().status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        post(&simulator, CHAT, &json!({})).await.unwrap().status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        post(&simulator, "/v1/nothing", &json!({})).await.unwrap().status,
        StatusCode::NOT_FOUND
    );
}
