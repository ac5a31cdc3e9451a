use http::Method;

use super::*;
use crate::endpoint::{Endpoint, find};

const FORM: &str = "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ngpt-image-1\r\n\
    --x\r\ncontent-disposition: form-data; filename=\"a; name=\\\"n\\\".png\"; name=image\r\n\
    Content-Type: image/png\r\n\r\n\u{1}\r\n--y\r\n\r\n--z\r\n\
    --x \r\nContent-Disposition: form-data; name=\"n\"\r\n\r\n3\r\n\
    --x\r\nContent-Disposition: form-data; name=\"size\"\r\n\r\n1024x1536\r\n\
    --x\r\nContent-Disposition: form-data; name=\"quality\"\r\n\r\nauto\r\n\
    --x\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n\r\n\
    --x--\r\n";

fn call(path: &str) -> CallPath {
    match find(&Method::POST, path, &["/v1/files".to_owned()]) {
        Ok(Endpoint::Call(call)) => call,
        other => panic!("{other:?}"),
    }
}

fn peeked(path: &str, content_type: &str, body: &str) -> Result<Peeked, ProxyError> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
    peek(&call(path), &headers, body.as_bytes())
}

fn json(path: &str, body: &str) -> Peeked {
    peeked(path, "application/json", body).unwrap()
}

#[test]
fn a_form_is_read_in_place_whatever_its_files_hold() {
    let body = FORM;
    let found = peeked("/v1/images/edits", "multipart/form-data; boundary=x", body).unwrap();
    assert_eq!(found.peek.model.unwrap().as_str(), "gpt-image-1");
    assert_eq!(&body[found.peek.model_span.unwrap()], "gpt-image-1");
    let format = found.facts.format.unwrap();
    assert_eq!(
        (format.size.as_deref(), format.quality),
        (Some("1024x1536"), None)
    );
    assert_eq!(found.facts.images, Some(3));
    assert_eq!(found.form, BodyForm::Multipart("x".to_owned()));
    let form = Form::read(body.as_bytes(), "x").unwrap();
    assert_eq!(form.text("prompt"), Some(""));
    assert_eq!(form.text("image"), Some("\u{1}\r\n--y\r\n\r\n--z"));
}

#[test]
fn a_form_that_is_none_is_refused_with_what_is_wrong() {
    for (body, named) in [
        ("", "boundary"),
        (
            "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\ngpt",
            "breaks off",
        ),
        ("--x\r\nContent-Type: a/b\r\n\r\n1\r\n--x--", "no name"),
        ("--x\r\nContent-Disposition: form-data", "no end"),
        ("--x?\r\n", "not valid"),
    ] {
        let error = peeked(
            "/v1/audio/transcriptions",
            "multipart/form-data; boundary=\"x\"",
            body,
        );
        let error = error.err().unwrap().to_string();
        assert!(error.contains(named), "{body:?}: {error}");
    }
}

#[test]
fn images_are_counted_and_described_by_the_request() {
    let found = json(
        "/v1/images/generations",
        r#"{"model":"m","prompt":"{\"n\":9}","n":2,"size":"1024x1024","quality":"high"}"#,
    );
    let format = found.facts.format.unwrap();
    assert_eq!(
        (
            found.facts.images,
            format.size.as_deref(),
            format.quality.as_deref()
        ),
        (Some(2), Some("1024x1024"), Some("high"))
    );
    assert_eq!(
        json("/v1/images/generations", r#"{"model":"m"}"#).facts.images,
        Some(1)
    );
}

#[test]
fn speech_is_counted_in_characters_not_bytes() {
    let found = json(
        "/v1/audio/speech",
        r#"{"model":"tts-1","input":"Gr\u00fc\u00dfe 世界 \ud83d\ude80"}"#,
    );
    assert_eq!(found.facts.characters, Some(10));
    let plain = json(
        "/v1/chat/completions",
        r#"{"model":"m","input":"x","n":2,"size":"s"}"#,
    );
    assert!(plain.facts.is_plain());
}

#[test]
fn code_assist_names_its_model_in_the_envelope() {
    let body = r#"{"project":"p","request":{"model":"no","contents":[]},"model":"gemini-2.5-pro"}"#;
    let found = json("/v1internal:generateContent", body);
    assert_eq!(found.peek.model.unwrap().as_str(), "gemini-2.5-pro");
    assert_eq!(&body[found.peek.model_span.unwrap()], "\"gemini-2.5-pro\"");
}

#[test]
fn what_is_only_carried_is_not_judged() {
    let model = |body: &str| json("/v1/files", body).peek.model;
    assert_eq!(model("not json"), None);
    assert_eq!(model(r#"{"model":"m"}"#).unwrap().as_str(), "m");
}

#[test]
fn a_member_can_be_put_in_front() {
    let put = |body: &str| String::from_utf8(with_member(body.as_bytes(), "model", "a\"b").unwrap()).unwrap();
    assert_eq!(put(r#" { "x": 1}"#), r#" {"model":"a\"b", "x": 1}"#);
    assert_eq!(put("{ }"), r#"{"model":"a\"b" }"#);
}

#[test]
fn an_embedding_request_is_renamed_wherever_it_names_its_model() {
    let body = r#"{"requests":[{"model":"models/a","content":{"parts":[{"text":"models/a"}]}},{"model": "models/a"}]}"#;
    let renamed = String::from_utf8(with_model_of_embedding(body.as_bytes(), &ModelName::new("b"))).unwrap();
    assert_eq!(
        renamed,
        r#"{"requests":[{"model":"models/b","content":{"parts":[{"text":"models/a"}]}},{"model": "models/b"}]}"#
    );
}
