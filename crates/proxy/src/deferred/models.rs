//! The models that the requests of a batch name.

use std::collections::BTreeSet;

use serde::Deserialize;
use tollgate_domain::ModelName;

/// More different models than any batch has.
const MAX_MODELS: usize = 64;

/// Before a model's name in Gemini's API.
const GEMINI_MODELS: &str = "models/";

/// What the requests of a batch ask for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Every model they name.
    pub(crate) models: BTreeSet<ModelName>,
    /// Every path they are for.
    pub(crate) urls: BTreeSet<String>,
    /// The first request, from 1, that names no model or cannot be read.
    pub(crate) unnamed: Option<u64>,
    /// The first line, from 1, that is no request.
    pub(crate) unread: Option<u64>,
    /// How many requests there are.
    pub(crate) requests: u64,
    /// There are more models or paths than are kept.
    pub(crate) crowded: bool,
}

/// What a batch of Gemini's is made of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum GeminiInput {
    /// Requests within it.
    Inline(Asked),
    /// A file, by its name at the provider.
    File(String),
}

#[derive(Deserialize)]
struct Named {
    model: Option<String>,
}

/// A line of a file for `/v1/batches`.
#[derive(Deserialize)]
struct OpenaiLine {
    url: Option<String>,
    body: Option<Named>,
}

/// A line of a file for Gemini's batches: with a key, or the request alone.
#[derive(Deserialize)]
struct GeminiLine {
    request: Option<Named>,
    model: Option<String>,
}

#[derive(Deserialize)]
struct MessageBatch {
    #[serde(default)]
    requests: Vec<Message>,
}

#[derive(Deserialize)]
struct Message {
    params: Option<Named>,
}

#[derive(Deserialize)]
struct GeminiBatch {
    batch: GeminiBatchBody,
}

#[derive(Deserialize)]
struct GeminiBatchBody {
    #[serde(rename = "inputConfig", alias = "input_config")]
    input: GeminiConfig,
}

#[derive(Deserialize)]
struct GeminiConfig {
    #[serde(rename = "fileName", alias = "file_name")]
    file: Option<String>,
    requests: Option<GeminiRequests>,
}

#[derive(Deserialize)]
struct GeminiRequests {
    #[serde(default)]
    requests: Vec<GeminiRequest>,
}

#[derive(Deserialize)]
struct GeminiRequest {
    request: Option<Named>,
}

/// The requests in a file for `OpenAI`'s batches, one a line.
pub(crate) fn openai_file(text: &[u8]) -> Asked {
    in_lines(text, |asked, line: OpenaiLine| {
        if let Some(url) = line.url {
            asked.path(url);
        }
        asked.request(line.body.and_then(|body| body.model));
    })
}

/// The requests in a file for Gemini's batches, one a line.
pub(crate) fn gemini_file(text: &[u8]) -> Asked {
    in_lines(text, |asked, line: GeminiLine| {
        let model = line.request.and_then(|request| request.model).or(line.model);
        asked.request(model.map(|model| gemini_name(&model)));
    })
}

/// The requests of a batch of messages.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn message_batch(body: &[u8]) -> Result<Asked, String> {
    let batch: MessageBatch =
        serde_json::from_slice(body).map_err(|error| format!("it is no batch of messages: {error}"))?;
    let mut asked = Asked::default();
    for request in batch.requests {
        asked.request(request.params.and_then(|params| params.model));
    }
    Ok(asked)
}

/// What a batch of Gemini's is made of.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn gemini_batch(body: &[u8]) -> Result<GeminiInput, String> {
    let batch: GeminiBatch =
        serde_json::from_slice(body).map_err(|error| format!("it is no batch: {error}"))?;
    let GeminiConfig { file, requests } = batch.batch.input;
    match (file, requests) {
        (Some(file), None) => Ok(GeminiInput::File(file)),
        (None, Some(requests)) => {
            let mut asked = Asked::default();
            for request in requests.requests {
                let model = request.request.and_then(|request| request.model);
                asked.request(model.map(|model| gemini_name(&model)));
            }
            Ok(GeminiInput::Inline(asked))
        }
        _ => Err("`batch.inputConfig` has either `fileName` or `requests`".to_owned()),
    }
}

/// A model's name without the collection that Gemini's API puts before it.
fn gemini_name(name: &str) -> String {
    name.strip_prefix(GEMINI_MODELS).unwrap_or(name).to_owned()
}

fn in_lines<'t, L: Deserialize<'t>>(text: &'t [u8], take: impl Fn(&mut Asked, L)) -> Asked {
    let mut asked = Asked::default();
    let lines = text.split(|byte| *byte == b'\n');
    for line in lines.filter(|line| !line.iter().all(u8::is_ascii_whitespace)) {
        if let Ok(line) = serde_json::from_slice(line) {
            take(&mut asked, line);
        } else {
            asked.request(None);
            asked.unread = asked.unread.or(Some(asked.requests));
        }
    }
    asked
}

impl Asked {
    /// The model, if it is one.
    pub(crate) fn only(&self) -> Option<ModelName> {
        match self.models.first() {
            Some(model) if self.models.len() == 1 => Some(model.clone()),
            _ => None,
        }
    }

    /// Requests for one model.
    pub(crate) fn for_one(model: &ModelName) -> Self {
        Self {
            models: BTreeSet::from([model.clone()]),
            ..Self::default()
        }
    }

    /// All the models, where every request names its own.
    pub(crate) fn all(&self) -> Option<Vec<ModelName>> {
        let known = self.unnamed.is_none() && !self.crowded;
        known.then(|| self.models.iter().cloned().collect())
    }

    fn request(&mut self, model: Option<String>) {
        self.requests += 1;
        match model {
            Some(model) if self.models.len() < MAX_MODELS => {
                self.models.insert(ModelName::new(model));
            }
            Some(model) => self.crowded |= !self.models.contains(&ModelName::new(model)),
            None => self.unnamed = self.unnamed.or(Some(self.requests)),
        }
    }

    fn path(&mut self, url: String) {
        if self.urls.len() < MAX_MODELS {
            self.urls.insert(url);
        } else {
            self.crowded |= !self.urls.contains(&url);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(asked: &Asked) -> Vec<&str> {
        asked.models.iter().map(ModelName::as_str).collect()
    }

    #[test]
    fn every_model_is_found_in_a_batch_and_in_a_file() {
        let batch = r#"{"requests":[{"custom_id":"a","params":{"model":"m1","messages":[]}},
            {"custom_id":"b","params":{"messages":[{"model":"no"}],"model":"m2"}}]}"#;
        let asked = message_batch(batch.as_bytes()).unwrap();
        assert_eq!((names(&asked), asked.only()), (vec!["m1", "m2"], None));
        let file = "{\"custom_id\":\"a\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"m\"}}\n\n\
                    {\"custom_id\":\"b\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"m\"}}";
        let asked = openai_file(file.as_bytes());
        assert_eq!(asked.only().unwrap().as_str(), "m");
        assert_eq!((asked.urls.len(), asked.requests, asked.unnamed), (1, 2, None));
        let file = "{\"key\":\"a\",\"request\":{\"model\":\"models/g\",\"contents\":[]}}\r\n{\"contents\":[],\"model\":\"h\"}\n";
        assert_eq!(names(&gemini_file(file.as_bytes())), ["g", "h"]);
    }

    #[test]
    fn a_model_does_not_hide_behind_another_spelling() {
        let hidden = [
            // An escaped name is the same name.
            (r#"{"body":{"mod\u0065l":"other"}}"#, vec!["other"], None),
            (r#"{"body":{"model":"m","model":"other"}}"#, vec![], Some(1)),
            (
                r#"{"body":{"model":"m"}}{"body":{"model":"other"}}"#,
                vec![],
                Some(1),
            ),
            ("\u{feff}{\"body\":{\"model\":\"other\"}}", vec![], Some(1)),
            ("{\"body\":\n{\"model\":\"other\"}}", vec![], Some(1)),
        ];
        for (text, models, unread) in hidden {
            let asked = openai_file(text.as_bytes());
            assert_eq!((names(&asked), asked.unread), (models, unread), "{text}");
        }
        let unnamed = openai_file(b"{\"body\":{\"model\":\"m\"}}\n{\"body\":{}}\n");
        assert_eq!((unnamed.unnamed, unnamed.unread), (Some(2), None));
        let many: Vec<String> = (0..=MAX_MODELS)
            .map(|number| format!("{{\"body\":{{\"model\":\"m{number}\"}}}}"))
            .collect();
        assert!(openai_file(many.join("\n").as_bytes()).crowded);
    }

    #[test]
    fn a_gemini_batch_names_a_file_or_its_requests() {
        let inline = r#"{"batch":{"displayName":"x","inputConfig":{"requests":{"requests":[
            {"request":{"model":"models/g","contents":[]},"metadata":{"key":"a"}},{"request":{"contents":[]}}]}}}}"#;
        let Ok(GeminiInput::Inline(asked)) = gemini_batch(inline.as_bytes()) else {
            panic!("no requests");
        };
        assert_eq!(
            (names(&asked), asked.unnamed, asked.requests),
            (vec!["g"], Some(2), 2)
        );
        for file in [
            r#"{"batch":{"inputConfig":{"fileName":"files/a"}}}"#,
            r#"{"batch":{"input_config":{"file_name":"files/a"}}}"#,
        ] {
            let found = gemini_batch(file.as_bytes()).unwrap();
            assert_eq!(found, GeminiInput::File("files/a".to_owned()), "{file}");
        }
        for wrong in [
            "{}",
            r#"{"batch":{"inputConfig":{}}}"#,
            r#"{"batch":{"inputConfig":{"fileName":"a","requests":{}}}}"#,
            r#"{"batch":{"inputConfig":{"fileName":"a"},"input_config":{"fileName":"b"}}}"#,
        ] {
            assert!(gemini_batch(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }
}
