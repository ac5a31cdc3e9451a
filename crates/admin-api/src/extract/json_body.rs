//! JSON bodies, with the path of the field at fault.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::problem::{Problem, ProblemType};

/// A JSON object as the whole body.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !says_json(request.headers()) {
            let detail = "send the body with the header content-type: application/json";
            return Err(Problem::new(ProblemType::UnsupportedMediaType, detail));
        }
        let body = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(ProblemType::BodyTooLarge, "a body may have at most 1 MiB")
            } else {
                Problem::new(ProblemType::InvalidJson, "the body ended early")
            }
        })?;
        parse(&body).map(Self)
    }
}

fn says_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|text| text.split(';').next());
    essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case("application/json"))
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut reader);
    let value = match parsed {
        Ok(value) => value,
        Err(error) => {
            // What is not JSON at all is the more basic fault, wherever it stands. Only then it is a field's.
            serde_json::from_slice::<serde::de::IgnoredAny>(body).map_err(|error| not_json(&error))?;
            let path = error.path().to_string();
            let field = if path == "." { "body".to_owned() } else { path };
            return Err(Problem::invalid_field(field, message(error.inner())));
        }
    };
    reader.end().map_err(|error| not_json(&error))?;
    // Serde would read an array as a struct, field by field.
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'{') {
        return Err(Problem::invalid_field("body", "must be a JSON object"));
    }
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> Problem {
    Problem::new(ProblemType::InvalidJson, error.to_string())
}

/// What does not fit, in words of JSON and without the position, which the field's path makes superfluous.
pub(crate) fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let end = text.rfind(" at line ");
    let text = end.and_then(|end| text.get(..end)).unwrap_or(&text);
    // Serde calls it a fault of syntax when a closed set of names meets a number or null.
    if error.classify() != Category::Data {
        let halved = ["surrogate", "unicode", "hex escape"]
            .iter()
            .any(|part| text.contains(part));
        return if halved {
            "is no text: a character of it is cut in half"
        } else {
            "has the wrong type"
        }
        .to_owned();
    }
    if let Some(why) = text.strip_prefix("UUID parsing failed: ") {
        return format!("is no UUID: {why}");
    }
    let Some((told, expected)) = text.rsplit_once(", expected ") else {
        return text.to_owned();
    };
    let number = told
        .strip_prefix("invalid type: integer `")
        .or_else(|| told.strip_prefix("invalid type: floating point `"));
    let number = number.and_then(|rest| rest.strip_suffix('`'));
    let expected = match (expected, number) {
        ("a string", Some(number)) => format!("a string such as \"{number}\""),
        ("u8" | "u16" | "u32" | "u64" | "usize", _) => "a whole number from 0".to_owned(),
        ("i8" | "i16" | "i32" | "i64", _) => "a whole number".to_owned(),
        ("a sequence", _) => "an array".to_owned(),
        ("a map", _) => "an object".to_owned(),
        (other, _) if other.starts_with("struct ") => "an object".to_owned(),
        (other, _) => other.to_owned(),
    };
    format!("{told}, expected {expected}")
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        #[serde(default)]
        #[expect(dead_code, reason = "only its reading is tested")]
        numbers: Vec<u8>,
    }

    fn outcome(body: &str) -> (u16, String) {
        let problem = parse::<Sample>(body.as_bytes()).unwrap_err();
        let text = format!("{problem:?}");
        (problem.into_response().status().as_u16(), text)
    }

    #[test]
    fn what_is_not_json_is_told_from_what_does_not_fit() {
        for not_json in [
            "",
            "{",
            "{\"numbers\":[1,}",
            "{} {}",
            "{\"numbers\": \"x\"",
            "\u{feff}{}",
        ] {
            assert_eq!(outcome(not_json).0, 400, "{not_json}");
        }
        for unfit in [
            "[]",
            "null",
            "3",
            "{\"other\":1}",
            "{\"numbers\":[1],\"numbers\":[]}",
        ] {
            assert_eq!(outcome(unfit).0, 422, "{unfit}");
        }
    }

    #[test]
    fn the_field_at_fault_is_named_with_its_path() {
        let (_, unknown) = outcome("{\"other\":1}");
        assert!(unknown.contains("field: \"other\""), "{unknown}");
        let (_, nested) = outcome("{\"numbers\":[1,900]}");
        assert!(
            nested.contains("numbers[1]") && nested.contains("900"),
            "{nested}"
        );
        assert!(!nested.contains("at line"), "{nested}");
    }

    #[test]
    fn what_does_not_fit_is_told_in_words_of_json() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Typed {
            #[expect(dead_code, reason = "only its reading is tested")]
            count: Option<u64>,
            #[expect(dead_code, reason = "only its reading is tested")]
            price: Option<String>,
            #[expect(dead_code, reason = "only its reading is tested")]
            id: Option<uuid::Uuid>,
            #[expect(dead_code, reason = "only its reading is tested")]
            list: Option<Vec<u8>>,
        }
        for (body, says) in [
            ("{\"count\": -5}", "expected a whole number from 0"),
            ("{\"count\": 1.5}", "`1.5`, expected a whole number from 0"),
            ("{\"price\": 1}", "expected a string such as \\\"1\\\""),
            ("{\"price\": 2.5}", "expected a string such as \\\"2.5\\\""),
            ("{\"price\": \"\\ud800\"}", "cut in half"),
            ("{\"id\": \"x\"}", "is no UUID"),
            ("{\"list\": \"x\"}", "expected an array"),
        ] {
            let problem = format!("{:?}", parse::<Typed>(body.as_bytes()).unwrap_err());
            assert!(problem.contains(says), "{body}: {problem}");
        }
    }
}
