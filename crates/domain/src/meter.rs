//! Meters: what is counted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Which upstream multiplier applies to a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Sent, searched or called.
    Input,
    /// Generated.
    Output,
}

/// What one count of a meter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unit {
    /// Tokens.
    Token,
    /// Whole images.
    Image,
    /// Pixels.
    Pixel,
    /// Seconds of audio or video.
    Second,
    /// Characters.
    Character,
    /// Pages.
    Page,
    /// Searches, tool calls, queries, requests, sessions, credits: whatever is billed by the piece.
    Call,
}

macro_rules! meters {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $side:ident, $unit:ident;)*) => {
        /// One dimension of usage. Every unit of a request is counted by exactly one meter.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Meter {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Meter {
            /// All meters, in canonical (declaration) order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            pub(crate) const COUNT: usize = Self::ALL.len();

            /// The stable snake-case name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Which upstream multiplier applies.
            pub const fn side(self) -> Side {
                match self { $(Self::$variant => Side::$side,)* }
            }

            /// What one count is.
            pub const fn unit(self) -> Unit {
                match self { $(Self::$variant => Unit::$unit,)* }
            }
        }
    };
}

meters! {
    /// Text sent and not served from a cache nor written to one.
    Input = "input", Input, Token;
    /// Text served from the provider's prompt cache.
    CacheRead = "cache_read", Input, Token;
    /// Text served from a cache the caller created explicitly, where a provider prices that apart.
    ExplicitCacheRead = "explicit_cache_read", Input, Token;
    /// Text written to the cache for 5 minutes (or for the provider's only lifetime).
    CacheWrite5m = "cache_write_5m", Input, Token;
    /// Text written to the cache for 1 hour, or for the longer of a provider's two lifetimes.
    CacheWrite1h = "cache_write_1h", Input, Token;
    /// Audio sent.
    AudioInput = "audio_input", Input, Token;
    /// Audio served from the cache.
    AudioCacheRead = "audio_cache_read", Input, Token;
    /// Audio written to the cache.
    AudioCacheWrite = "audio_cache_write", Input, Token;
    /// Images sent, in tokens.
    ImageInput = "image_input", Input, Token;
    /// Images served from the cache, in tokens.
    ImageCacheRead = "image_cache_read", Input, Token;
    /// Video sent, in tokens.
    VideoInput = "video_input", Input, Token;
    /// Visible text generated.
    Output = "output", Output, Token;
    /// Hidden reasoning generated.
    Reasoning = "reasoning", Output, Token;
    /// Audio generated.
    AudioOutput = "audio_output", Output, Token;
    /// Images generated, in tokens.
    ImageOutput = "image_output", Output, Token;
    /// Video generated, in tokens.
    VideoOutput = "video_output", Output, Token;
    /// Citation tokens a search model bills apart.
    Citation = "citation", Output, Token;
    /// Images sent, counted whole.
    ImagesIn = "images_in", Input, Image;
    /// Images generated, counted whole.
    ImagesOut = "images_out", Output, Image;
    /// Pixels sent.
    PixelsIn = "pixels_in", Input, Pixel;
    /// Pixels generated.
    PixelsOut = "pixels_out", Output, Pixel;
    /// Seconds of audio sent.
    SecondsIn = "seconds_in", Input, Second;
    /// Seconds of video sent.
    VideoSecondsIn = "video_seconds_in", Input, Second;
    /// Seconds of audio or video generated.
    SecondsOut = "seconds_out", Output, Second;
    /// Characters sent (speech synthesis).
    CharactersIn = "characters_in", Input, Character;
    /// Characters generated.
    CharactersOut = "characters_out", Output, Character;
    /// Pages read (OCR).
    Pages = "pages", Input, Page;
    /// Pages annotated (OCR).
    AnnotationPages = "annotation_pages", Input, Page;
    /// Web searches with a small search context.
    WebSearchLow = "web_search_low", Input, Call;
    /// Web searches with a medium search context, or where the provider has only one size.
    WebSearch = "web_search", Input, Call;
    /// Web searches with a large search context.
    WebSearchHigh = "web_search_high", Input, Call;
    /// Distinct search queries a model grounded its answer on; some models are charged for each, others once per
    /// prompt.
    GroundingQueries = "grounding_queries", Input, Call;
    /// Queries grounded on maps.
    MapsGrounding = "maps_grounding", Input, Call;
    /// Searches in files kept with the provider.
    FileSearches = "file_searches", Input, Call;
    /// Code interpreter sessions.
    CodeInterpreter = "code_interpreter", Input, Call;
    /// Search or rerank queries.
    Queries = "queries", Input, Call;
    /// Whole requests, where a provider bills each.
    Requests = "requests", Input, Call;
    /// Text messages of a voice session.
    TextMessages = "text_messages", Input, Call;
    /// A provider's own units of account.
    Credits = "credits", Input, Call;
    /// Guardrail units: content policy, text.
    GuardrailContent = "guardrail_content", Input, Call;
    /// Guardrail units: content policy, images.
    GuardrailContentImage = "guardrail_content_image", Input, Call;
    /// Guardrail units: topic policy.
    GuardrailTopic = "guardrail_topic", Input, Call;
    /// Guardrail units: word policy.
    GuardrailWord = "guardrail_word", Input, Call;
    /// Guardrail units: sensitive information policy.
    GuardrailSensitive = "guardrail_sensitive", Input, Call;
    /// Guardrail units: sensitive information found by regular expressions alone.
    GuardrailSensitiveFree = "guardrail_sensitive_free", Input, Call;
    /// Guardrail units: contextual grounding policy.
    GuardrailGrounding = "guardrail_grounding", Input, Call;
    /// Guardrail units: automated reasoning policy.
    GuardrailReasoning = "guardrail_reasoning", Input, Call;
}

impl Meter {
    /// Whether the meter counts tokens of the input side, which together choose the context band.
    pub const fn is_context(self) -> bool {
        matches!(self.unit(), Unit::Token) && matches!(self.side(), Side::Input)
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Meter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Meter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .iter()
            .copied()
            .find(|meter| meter.as_str() == text)
            .ok_or_else(|| format!("{text:?} is not a meter"))
    }
}
