//! Any bytes as an answer of any protocol, kind and coding: cut anywhere they read alike, and usage and a problem with
//! it exclude each other.

use billing_core::{BodyKind, ContentCoding, Protocol, Request, UsageEventFilter, peek_request, rewrite};

use super::choices::Choices;

const PROVIDERS: &[&str] = &[
    "openai",
    "anthropic",
    "gemini",
    "deepseek",
    "groq",
    "moonshot",
    "openrouter",
    "perplexity",
    "xai",
    "",
];
const KINDS: &[BodyKind] = &[BodyKind::Json, BodyKind::Sse, BodyKind::JsonArray];
const CODINGS: &[ContentCoding] = &[
    ContentCoding::Identity,
    ContentCoding::Identity,
    ContentCoding::Identity,
    ContentCoding::Gzip,
    ContentCoding::Deflate,
    ContentCoding::Brotli,
    ContentCoding::Zstd,
    ContentCoding::Unsupported,
];

/// The first four bytes choose protocol, vendor, kind and coding, the fifth how the body is cut; the rest is the body.
pub(crate) fn check(data: &[u8]) {
    let mut choices = Choices::new(data);
    let protocol = choices.pick(&Protocol::ALL);
    let request = Request::new(choices.pick(PROVIDERS), "m");
    let (kind, coding) = (choices.pick(KINDS), choices.pick(CODINGS));
    let step = choices.below(40) + 1;
    let body = choices.rest();

    let mut whole = request.meter(protocol, kind, coding);
    let progress = whole.push(body);
    let whole = whole.finish();
    assert!(whole.usage.is_none() || whole.problem.is_none(), "{whole:?}");
    assert!(!progress.terminal || whole.complete, "{whole:?}");

    let mut pieces = request.meter(protocol, kind, coding);
    for piece in body.chunks(step) {
        pieces.push(piece);
    }
    let pieces = pieces.finish();
    // How much comes out of a damaged compressed body before the damage is seen depends on how it is fed.
    let undecodable = "undecodable_body".to_owned();
    if whole.flags.contains(&undecodable) {
        assert!(
            pieces.flags.contains(&undecodable),
            "in pieces of {step}: {pieces:?}"
        );
    } else {
        assert_eq!(pieces, whole, "in pieces of {step}");
    }

    let mut filter = UsageEventFilter::new();
    let (mut one, mut many) = (Vec::new(), Vec::new());
    filter.push(body, &mut one);
    filter.finish(&mut one);
    let mut filter = UsageEventFilter::new();
    for piece in body.chunks(step) {
        filter.push(piece, &mut many);
    }
    filter.finish(&mut many);
    assert_eq!(one, many);

    if let Ok(peek) = peek_request(protocol, body) {
        rewrite(body, &peek, None, true);
    }
}
