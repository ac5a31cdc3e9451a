//! The text of a prompt, for estimates.

use serde_json::value::RawValue;
use tollgate_domain::Protocol;

use crate::counters::members;
use crate::kept::Kept;
use crate::scan::{Field, JsonScanner, Sink, Slot, present, text, value};

/// What a request says to the model, as far as an estimate needs it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PromptText {
    /// System prompt, messages, tool calls and their results, tool definitions (JSON), in no particular order.
    pub text: String,
    /// Bytes of text beyond what was kept.
    pub beyond: u64,
    /// Messages, each of which costs a few tokens of its own.
    pub messages: u64,
    /// Inputs given as token numbers rather than text.
    pub tokens: u64,
    /// Images, audio and files, whose tokens cannot be told from their bytes.
    pub media: u64,
}

/// Collects up to `cap` bytes of the text a request body says to the model. A body that is no JSON object says
/// nothing.
///
/// ```
/// use tollgate_domain::Protocol;
/// let body = br#"{"model": "gpt-4o", "messages": [{"role": "user", "content": "How much?"}]}"#;
/// let prompt = tollgate_metering::prompt_text(Protocol::OpenaiChat, body, 1 << 20);
/// assert_eq!((prompt.text.as_str(), prompt.messages), ("How much?", 1));
/// ```
pub fn prompt_text(protocol: Protocol, body: &[u8], cap: usize) -> PromptText {
    let shape = Shape::of(protocol);
    let mut said = Said {
        kept: Kept::new(cap),
        messages: 0,
        tokens: 0,
        media: 0,
    };
    let wanted = |key: &str| shape.whole.contains(&key) || shape.lists.contains(&key);
    let Ok(top) = members(body, wanted) else {
        return PromptText::default();
    };
    JsonScanner::new(shape.fields).push(body, &mut said);
    for (key, raw) in top {
        if shape.whole.contains(&key.as_str()) {
            said.kept.add_json(raw.get().as_bytes());
        } else {
            said.list(raw);
        }
    }
    let generated = said.kept.into_generated();
    PromptText {
        text: generated.text,
        beyond: generated.beyond,
        messages: said.messages,
        tokens: said.tokens,
        media: said.media,
    }
}

/// Where a protocol's requests have their text.
struct Shape {
    fields: &'static [Field],
    /// Members that are shown to the model as they are.
    whole: &'static [&'static str],
    /// Members that may be lists of texts, or of token numbers.
    lists: &'static [&'static str],
}

impl Shape {
    fn of(protocol: Protocol) -> Self {
        match protocol {
            Protocol::OpenaiChat => Self {
                fields: CHAT,
                whole: &["tools", "functions", "response_format"],
                lists: &[],
            },
            Protocol::OpenaiResponses => Self {
                fields: RESPONSES,
                whole: &["tools", "text"],
                lists: &[],
            },
            Protocol::AnthropicMessages => Self {
                fields: ANTHROPIC,
                whole: &["tools"],
                lists: &[],
            },
            Protocol::GeminiGenerate | Protocol::GeminiEmbed => Self {
                fields: GEMINI,
                whole: &["tools"],
                lists: &[],
            },
            Protocol::Rerank => Self {
                fields: RERANK,
                whole: &[],
                lists: &["documents"],
            },
            _ => Self {
                fields: PLAIN,
                whole: &[],
                lists: &["prompt", "input"],
            },
        }
    }
}

const CHAT: &[Field] = &[
    present(&["messages", "role"], Slot::Content),
    text(&["messages", "content"], Slot::Told),
    text(&["messages", "content", "text"], Slot::Told),
    text(&["messages", "reasoning_content"], Slot::Told),
    text(&["messages", "tool_calls", "function", "name"], Slot::Told),
    text(&["messages", "tool_calls", "function", "arguments"], Slot::Told),
    present(&["messages", "content", "image_url"], Slot::Media),
    present(&["messages", "content", "input_audio"], Slot::Media),
    present(&["messages", "content", "video_url"], Slot::Media),
    present(&["messages", "content", "file"], Slot::Media),
];

const RESPONSES: &[Field] = &[
    text(&["instructions"], Slot::Told),
    text(&["input"], Slot::Told),
    present(&["input", "role"], Slot::Content),
    text(&["input", "content"], Slot::Told),
    text(&["input", "content", "text"], Slot::Told),
    text(&["input", "summary", "text"], Slot::Told),
    text(&["input", "name"], Slot::Told),
    text(&["input", "arguments"], Slot::Told),
    text(&["input", "output"], Slot::Told),
    text(&["input", "output", "text"], Slot::Told),
    present(&["input", "content", "image_url"], Slot::Media),
    present(&["input", "content", "file_id"], Slot::Media),
    present(&["input", "content", "file_data"], Slot::Media),
    present(&["input", "content", "file_url"], Slot::Media),
];

const ANTHROPIC: &[Field] = &[
    text(&["system"], Slot::Told),
    text(&["system", "text"], Slot::Told),
    present(&["messages", "role"], Slot::Content),
    text(&["messages", "content"], Slot::Told),
    text(&["messages", "content", "text"], Slot::Told),
    text(&["messages", "content", "thinking"], Slot::Told),
    text(&["messages", "content", "name"], Slot::Told),
    value(&["messages", "content", "input"], Slot::Told),
    text(&["messages", "content", "content"], Slot::Told),
    text(&["messages", "content", "content", "text"], Slot::Told),
    present(&["messages", "content", "source"], Slot::Media),
    present(&["messages", "content", "content", "source"], Slot::Media),
];

const GEMINI: &[Field] = &[
    text(&["systemInstruction", "parts", "text"], Slot::Told),
    text(&["system_instruction", "parts", "text"], Slot::Told),
    present(&["contents", "parts"], Slot::Content),
    text(&["contents", "parts", "text"], Slot::Told),
    text(&["contents", "parts", "functionCall", "name"], Slot::Told),
    value(&["contents", "parts", "functionCall", "args"], Slot::Told),
    value(&["contents", "parts", "functionResponse", "response"], Slot::Told),
    present(&["contents", "parts", "inlineData"], Slot::Media),
    present(&["contents", "parts", "fileData"], Slot::Media),
    text(&["content", "parts", "text"], Slot::Told),
    text(&["requests", "content", "parts", "text"], Slot::Told),
];

const RERANK: &[Field] = &[
    text(&["query"], Slot::Told),
    text(&["documents", "text"], Slot::Told),
];

const PLAIN: &[Field] = &[text(&["prompt"], Slot::Told), text(&["input"], Slot::Told)];

/// What has been collected.
struct Said {
    kept: Kept,
    messages: u64,
    tokens: u64,
    media: u64,
}

impl Said {
    /// A list of texts, of token numbers, or of lists of these. A text alone is a field's business.
    fn list(&mut self, raw: &RawValue) {
        let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) else {
            return;
        };
        for element in elements {
            match element.get().as_bytes() {
                [b'"', inner @ .., b'"'] => self.kept.add(Slot::Told, inner),
                [b'[', ..] => self.list(element),
                [b'0'..=b'9', ..] => self.tokens += 1,
                _ => {}
            }
        }
    }
}

impl Sink for Said {
    fn captured(&mut self, _: Slot, json: &[u8]) {
        self.kept.add_json(json);
    }

    fn present(&mut self, slot: Slot) {
        if slot == Slot::Media {
            self.media += 1;
        } else {
            self.messages += 1;
        }
    }

    fn too_long(&mut self, _: Slot) {}

    fn text(&mut self, slot: Slot, raw: &[u8]) {
        self.kept.add(slot, raw);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(protocol: Protocol, body: &str, expected: &[&str], messages: u64, media: u64) {
        let found = prompt_text(protocol, body.as_bytes(), 1 << 20);
        for part in expected {
            assert!(found.text.contains(part), "{part} is not in {found:?}");
        }
        assert_eq!((found.messages, found.media, found.beyond), (messages, media, 0));
    }

    #[test]
    fn each_protocol_says_its_text_and_never_its_media() {
        let chat = r#"{"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[
            {"type":"text","text":"What \u00eds this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBOR"}}]},
            {"role":"assistant","tool_calls":[{"function":{"name":"look","arguments":"{\"at\":1}"}}]}],
            "tools":[{"type":"function","function":{"name":"look","description":"Looks at a \"thing\"."}}]}"#;
        let parts = [
            "Be brief.",
            "What ís this?",
            "look{\"at\":1}",
            r#"Looks at a \"thing\"."#,
        ];
        check(Protocol::OpenaiChat, chat, &parts, 3, 1);
        assert!(
            !prompt_text(Protocol::OpenaiChat, chat.as_bytes(), 1 << 20)
                .text
                .contains("iVBOR")
        );
        let responses = r#"{"instructions":"Be brief.","input":[{"role":"user","content":"Hi"},
            {"type":"function_call_output","output":"42"}]}"#;
        check(
            Protocol::OpenaiResponses,
            responses,
            &["Be brief.", "Hi", "42"],
            1,
            0,
        );
        check(Protocol::OpenaiResponses, r#"{"input":"Hi"}"#, &["Hi"], 0, 0);
        let anthropic = r#"{"system":[{"type":"text","text":"Be brief."}],"messages":[{"role":"user","content":[
            {"type":"tool_result","content":[{"type":"text","text":"sunny"}]},
            {"type":"image","source":{"type":"base64","data":"iVBOR"}},
            {"type":"tool_use","name":"w","input":{"city":"K"}}]}]}"#;
        let parts = ["Be brief.", "sunny", r#"w{"city":"K"}"#];
        check(Protocol::AnthropicMessages, anthropic, &parts, 1, 1);
        let gemini = r#"{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"parts":[{"text":"Hi"},
            {"inlineData":{"data":"iVBOR"}}]}]}"#;
        check(Protocol::GeminiGenerate, gemini, &["Be brief.", "Hi"], 1, 1);
        let batch =
            r#"{"requests":[{"content":{"parts":[{"text":"one"}]}},{"content":{"parts":[{"text":"two"}]}}]}"#;
        check(Protocol::GeminiEmbed, batch, &["onetwo"], 0, 0);
        check(
            Protocol::Rerank,
            r#"{"query":"q","documents":["d1",{"text":"d2"}]}"#,
            &["q", "d1", "d2"],
            0,
            0,
        );
    }

    #[test]
    fn lists_of_texts_and_of_token_numbers_count() {
        let body = br#"{"input":["one ","two",[1,2,3]],"model":"m"}"#;
        let found = prompt_text(Protocol::OpenaiEmbeddings, body, 1 << 20);
        assert_eq!((found.text.as_str(), found.tokens), ("one two", 3));
    }

    #[test]
    fn what_is_beyond_the_cap_is_counted_and_not_kept() {
        let body = br#"{"prompt":"0123456789"}"#;
        let found = prompt_text(Protocol::OpenaiCompletions, body, 4);
        assert_eq!((found.text.as_str(), found.beyond), ("0123", 6));
        assert_eq!(prompt_text(Protocol::OpenaiChat, b"no", 4), PromptText::default());
    }
}
