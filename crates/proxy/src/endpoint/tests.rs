use super::*;

fn call(path: &str) -> CallPath {
    match find(&Method::POST, natural(path), &[]) {
        Ok(Endpoint::Call(call)) => call,
        other => panic!("{path}: {other:?}"),
    }
}

fn refusal(method: &Method, path: &str) -> ProxyError {
    find(method, path, &[]).unwrap_err()
}

#[test]
fn natural_and_prefixed_paths_name_the_same_endpoint() {
    for path in [
        "/v1/chat/completions",
        "/v1/images/edits",
        "/v2/rerank",
        "/v1beta/models/gemini-2.5-pro:generateContent",
        "/v1internal:streamGenerateContent",
        "/openai/deployments/mine/chat/completions",
    ] {
        assert_eq!(call(path), call(&format!("/api/proxy{path}")));
    }
}

#[test]
fn every_path_has_its_protocol() {
    for (path, protocol) in [
        ("/v1/completions", Protocol::OpenaiCompletions),
        ("/v1/images/variations", Protocol::OpenaiImages),
        ("/v1/audio/translations", Protocol::OpenaiTranscriptions),
        ("/v1/audio/speech", Protocol::OpenaiSpeech),
        ("/v1/moderations", Protocol::OpenaiModerations),
        ("/v1/rerank", Protocol::Rerank),
        ("/v1beta/models/m:batchEmbedContents", Protocol::GeminiEmbed),
        ("/v1internal:generateContent", Protocol::GeminiGenerate),
        ("/openai/v1/responses", Protocol::OpenaiResponses),
        ("/openai/responses", Protocol::OpenaiResponses),
        ("/openai/deployments/d/audio/speech", Protocol::OpenaiSpeech),
    ] {
        let found = call(path);
        assert_eq!(
            (found.protocol, found.billing),
            (protocol, EndpointBilling::Metered),
            "{path}"
        );
    }
}

#[test]
fn counting_tokens_is_free() {
    for path in [
        "/v1/messages/count_tokens",
        "/v1beta/models/m:countTokens",
        "/v1internal:countTokens",
    ] {
        assert_eq!(call(path).billing, EndpointBilling::Free, "{path}");
    }
}

#[test]
fn gemini_and_azure_name_the_model_in_the_path() {
    let stable = call("/v1/models/a%20b:streamGenerateContent");
    assert!(stable.streams());
    assert_eq!(stable.model.unwrap().as_str(), "a b");
    assert_eq!(stable.place, Place::Gemini("/v1", GeminiMethod::StreamGenerate));
    let azure = call("/openai/deployments/my-gpt/images/edits");
    assert_eq!(azure.model.unwrap().as_str(), "my-gpt");
    assert_eq!(azure.place, Place::Deployment("/v1/images/edits"));
}

#[test]
fn a_model_name_cannot_climb_out_of_the_path() {
    for path in [
        "/v1beta/models/..%2f..%2ffiles:generateContent",
        "/v1beta/models/../x:generateContent",
        "/openai/deployments/../chat/completions",
        "/openai/deployments/%2e%2e/chat/completions",
    ] {
        assert!(
            matches!(refusal(&Method::POST, path), ProxyError::UnknownPath { .. }),
            "{path}"
        );
    }
}

#[test]
fn model_ids_with_colons_can_be_looked_up() {
    let found = find(&Method::GET, "/v1/models/ft:gpt-4o:org::id", &[]).unwrap();
    assert_eq!(
        found,
        Endpoint::Model {
            gemini: false,
            model: "ft:gpt-4o:org::id".to_owned()
        }
    );
}

#[test]
fn what_is_paid_later_is_refused_by_its_name() {
    for (path, named) in [
        ("/v1/batches", "batches"),
        ("/v1/messages/batches/id/results", "batches"),
        ("/v1beta/models/m:batchGenerateContent", "batches"),
        ("/v1/files", "files"),
        ("/upload/v1beta/files", "files"),
        ("/openai/files", "files"),
        ("/v1/videos/id", "video jobs"),
        ("/v1beta/models/veo:predictLongRunning", "video jobs"),
        ("/v1/realtime", "realtime sessions"),
        ("/v1/responses/resp_1/input_items", "stored responses"),
        ("/v1/threads", "threads"),
    ] {
        for method in [Method::GET, Method::POST] {
            let error = refusal(&method, path);
            assert!(
                matches!(error, ProxyError::NotMeteredYet { what } if what == named),
                "{path}: {error}"
            );
        }
    }
}

#[test]
fn what_the_operator_lets_pass_is_carried_as_called() {
    let unmetered = ["/v1/files".to_owned(), "/v1/anything/".to_owned()];
    let carried = |method: Method, path: &str| match find(&method, path, &unmetered) {
        Ok(Endpoint::Call(call)) => Some((call.method, call.billing, call.place)),
        _ => None,
    };
    let place = |path: &str| Place::AsCalled(path.to_owned());
    assert_eq!(
        carried(Method::POST, "/v1/files"),
        Some((Method::POST, EndpointBilling::NotMetered, place("/v1/files")))
    );
    assert_eq!(
        carried(Method::GET, "/v1/files/f-1/content"),
        Some((Method::GET, EndpointBilling::Free, place("/v1/files/f-1/content")))
    );
    assert_eq!(
        carried(Method::PUT, "/v1/anything/goes"),
        Some((
            Method::PUT,
            EndpointBilling::NotMetered,
            place("/v1/anything/goes")
        ))
    );
    for other in [
        "/v1/filesystem",
        "/v1/anything",
        "/v1/files/../models",
        "/v1/files/%2e%2e/x",
    ] {
        assert_eq!(carried(Method::POST, other), None, "{other}");
    }
}

#[test]
fn other_paths_and_methods_are_refused() {
    let unknown = [
        "/v1/models-x",
        "/v1beta/models/m:explain",
        "/v1internal:loadCodeAssist",
        "/openai/chat/completions",
        "/openai/deployments/d/responses",
        "/v1beta",
        "/v1/",
    ];
    for path in unknown {
        assert!(
            matches!(refusal(&Method::POST, path), ProxyError::UnknownPath { .. }),
            "{path}"
        );
    }
    assert!(matches!(
        refusal(&Method::GET, "/v1/messages"),
        ProxyError::MethodNotAllowed { allowed: "POST", .. }
    ));
    assert!(matches!(
        refusal(&Method::POST, "/v1/models"),
        ProxyError::MethodNotAllowed { allowed: "GET", .. }
    ));
}
