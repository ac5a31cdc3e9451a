//! Estimating tokens where a provider gave no counters, with a real tokenizer.

use tiktoken_rs::{CoreBPE, cl100k_base_singleton, o200k_base_singleton};
use tollgate_domain::{Count, Meter, ModelName, Usage};

use crate::{GeneratedText, PromptText};

/// The tokenizer looks at no more at a time: the time it takes grows with the square of what has no word in it.
const PIECE: usize = 1024;
/// What a message costs beside its text: who says it, and its borders.
const TOKENS_PER_MESSAGE: u64 = 4;

/// Counts tokens as a model's family does, or nearly so.
///
/// ```
/// use tollgate_domain::{Meter, ModelName};
/// use tollgate_metering::{Estimator, GeneratedText};
///
/// let estimator = Estimator::of(Some(&ModelName::new("gpt-4o")));
/// let generated = GeneratedText { text: "Paid in full.".to_owned(), ..GeneratedText::default() };
/// let usage = estimator.usage(None, Some(&generated)).unwrap();
/// assert_eq!(usage.get(Meter::Output).get(), 4);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimator {
    tokenizer: Tokenizer,
    /// How far the count may be off, in percent.
    margin_percent: u8,
}

/// A public tokenizer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tokenizer {
    O200k,
    Cl100k,
}

impl Estimator {
    /// The estimator of a model, by its name without provider: `OpenAI`'s own tokenizers for `OpenAI`'s models (5 %
    /// off at most: messages and tools are shown to a model in a form that is not public); for every other family,
    /// whose tokenizers are not public or not one, `OpenAI`'s latest (30 %).
    pub fn of(model: Option<&ModelName>) -> Self {
        let name = model.map(ModelName::as_str).unwrap_or_default();
        let name = name.rsplit('/').next().unwrap_or(name);
        let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| name.starts_with(prefix));
        let (tokenizer, margin_percent) = if begins(&O200K) {
            (Tokenizer::O200k, 5)
        } else if begins(&CL100K) {
            (Tokenizer::Cl100k, 5)
        } else {
            (Tokenizer::O200k, 30)
        };
        Self {
            tokenizer,
            margin_percent,
        }
    }

    /// The tokenizer's name.
    pub const fn tokenizer(self) -> &'static str {
        match self.tokenizer {
            Tokenizer::O200k => "o200k_base",
            Tokenizer::Cl100k => "cl100k_base",
        }
    }

    /// How far off the count may be, in percent either way. Media in the prompt is not counted at all.
    pub const fn margin_percent(self) -> u8 {
        self.margin_percent
    }

    /// Tokens of a text. The first call takes some tenths of a second to build the tokenizer, later ones about a
    /// second for 5 MB: not for the path of a request.
    pub fn tokens(self, text: &str) -> u64 {
        let encoder = self.encoder();
        pieces(text)
            .map(|piece| u64::try_from(encoder.encode_ordinary(piece).len()).unwrap_or(u64::MAX))
            .sum()
    }

    /// The estimated vector: input from the prompt, output and reasoning from what was generated. Text beyond what was
    /// kept is taken to be like the rest. `None` when both are empty.
    pub fn usage(self, prompt: Option<&PromptText>, generated: Option<&GeneratedText>) -> Option<Usage> {
        let mut usage = Usage::new();
        if let Some(prompt) = prompt {
            let text = scaled(self.tokens(&prompt.text), prompt.text.len(), prompt.beyond);
            let frame = prompt.messages.saturating_mul(TOKENS_PER_MESSAGE);
            put(
                &mut usage,
                Meter::Input,
                text.saturating_add(frame).saturating_add(prompt.tokens),
            );
        }
        if let Some(generated) = generated {
            let text = self.tokens(&generated.text);
            put(
                &mut usage,
                Meter::Output,
                scaled(text, generated.text.len(), generated.beyond),
            );
            put(&mut usage, Meter::Reasoning, self.tokens(&generated.reasoning));
        }
        (!usage.is_empty()).then_some(usage)
    }

    fn encoder(self) -> &'static CoreBPE {
        match self.tokenizer {
            Tokenizer::O200k => o200k_base_singleton(),
            Tokenizer::Cl100k => cl100k_base_singleton(),
        }
    }
}

const O200K: [&str; 9] = [
    "gpt-4o", "gpt-4.", "gpt-4-1", "gpt-5", "chatgpt-", "o1", "o3", "o4", "gpt-oss",
];
const CL100K: [&str; 4] = ["gpt-4", "gpt-3.5", "gpt-35", "text-embedding-"];

fn put(usage: &mut Usage, meter: Meter, count: u64) {
    // Bounded, so that it cannot fail; each meter is added to once.
    usage.set(meter, count.min(Count::MAX.get())).unwrap_or_default();
}

/// A count for `kept` bytes, extended to `beyond` more.
fn scaled(count: u64, kept: usize, beyond: u64) -> u64 {
    let kept = u64::try_from(kept).unwrap_or(u64::MAX).max(1);
    count.saturating_add(count.saturating_mul(beyond) / kept)
}

/// Cuts a text into pieces of at most [`PIECE`] bytes, before a blank wherever there is one.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.floor_char_boundary(PIECE);
        let (head, _) = rest.split_at(end);
        let cut = if end == rest.len() {
            end
        } else {
            head.rfind(' ').filter(|at| *at > 0).unwrap_or(end)
        };
        let (piece, tail) = rest.split_at(cut);
        rest = tail;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(model: &str) -> Estimator {
        Estimator::of(Some(&ModelName::new(model)))
    }

    #[test]
    fn each_family_has_its_tokenizer_and_margin() {
        for (model, tokenizer, margin) in [
            ("gpt-4o-mini", "o200k_base", 5),
            ("openai/gpt-4.1", "o200k_base", 5),
            ("gpt-5.6", "o200k_base", 5),
            ("gpt-4-turbo", "cl100k_base", 5),
            ("gpt-3.5-turbo", "cl100k_base", 5),
            ("text-embedding-3-small", "cl100k_base", 5),
            ("claude-sonnet-4-5", "o200k_base", 30),
            ("gemini-2.5-pro", "o200k_base", 30),
        ] {
            let found = of(model);
            assert_eq!(
                (found.tokenizer(), found.margin_percent()),
                (tokenizer, margin),
                "{model}"
            );
        }
        assert_eq!(Estimator::of(None).margin_percent(), 30);
    }

    /// Counts of the public tokenizers, as the reference implementation gives them.
    #[test]
    fn tokens_are_those_of_the_public_tokenizers() {
        assert_eq!(of("gpt-4o").tokens("tiktoken is great!"), 6);
        assert_eq!(of("gpt-4-turbo").tokens("tiktoken is great!"), 6);
        assert_eq!(of("gpt-4-turbo").tokens("antidisestablishmentarianism"), 6);
        assert_eq!(of("gpt-4o").tokens(""), 0);
    }

    #[test]
    fn cutting_a_long_text_changes_its_count_by_little_and_loses_nothing() {
        let text = "The provider counts each token once, and so do we. ".repeat(200);
        assert_eq!(pieces(&text).collect::<String>(), text);
        assert!(pieces(&text).all(|piece| piece.len() <= PIECE));
        let whole = u64::try_from(o200k_base_singleton().encode_ordinary(&text).len()).unwrap();
        let cut = of("gpt-4o").tokens(&text);
        assert!(whole.abs_diff(cut) * 100 <= whole, "{whole} {cut}");
        let umlauts = "ü".repeat(5000);
        assert_eq!(pieces(&umlauts).collect::<String>(), umlauts);
    }

    #[test]
    fn text_without_a_word_takes_no_endless_time() {
        let started = std::time::Instant::now();
        assert!(of("gpt-4o").tokens(&"a".repeat(64 * 1024)) > 0);
        assert!(started.elapsed().as_secs() < 20);
    }

    #[test]
    fn prompt_and_answer_make_a_vector_and_what_was_not_kept_counts_in_proportion() {
        let prompt = PromptText {
            text: "Paid in full.".to_owned(),
            beyond: 26,
            messages: 2,
            tokens: 10,
            media: 1,
        };
        let generated = GeneratedText {
            text: "Paid in full.".to_owned(),
            reasoning: "full".to_owned(),
            beyond: 13,
        };
        let usage = of("gpt-4o").usage(Some(&prompt), Some(&generated)).unwrap();
        assert_eq!(usage.get(Meter::Input).get(), 3 * 4 + 2 * TOKENS_PER_MESSAGE + 10);
        assert_eq!(usage.get(Meter::Output).get(), 8);
        assert_eq!(usage.get(Meter::Reasoning).get(), 1);
        assert_eq!(of("gpt-4o").usage(None, Some(&GeneratedText::default())), None);
    }
}
