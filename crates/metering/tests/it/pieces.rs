//! Where a body is cut into pieces makes no difference, and no bytes make the meter panic.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use tollgate_domain::{Protocol, ProviderName};
use tollgate_metering::{
    BodyKind, ContentCoding, MeterSpec, Progress, ResponseMeter, UsageEventFilter, peek_request, rewrite,
};

use crate::case::Case;

/// Cuts a body at random places, some of them twice, so that there are empty pieces too.
fn pieces<'a>(body: &'a [u8], cuts: &[Index]) -> Vec<&'a [u8]> {
    let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
    at.sort_unstable();
    at.push(body.len());
    let mut start = 0;
    let cut = |end: usize| &body[std::mem::replace(&mut start, end)..end];
    at.into_iter().map(cut).collect()
}

fn filtered<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let (mut filter, mut out) = (UsageEventFilter::new(), Vec::new());
    for piece in pieces {
        filter.push(piece, &mut out);
    }
    filter.finish(&mut out);
    out
}

#[test]
fn every_exchange_reads_alike_in_small_pieces() {
    for case in Case::all() {
        let whole = case.read();
        for step in [1, 2, 3, 7, 64] {
            assert_eq!(case.read_by(step), whole, "{} by {step}", case.name);
        }
    }
}

#[test]
fn progress_tells_the_end_exactly_where_it_is_and_never_takes_it_back() {
    for case in Case::all() {
        let (mut meter, mut before) = (case.meter(ContentCoding::Identity), Progress::default());
        for (at, byte) in case.body.iter().enumerate() {
            let progress = meter.push(&[*byte]);
            assert!(
                progress.terminal >= before.terminal && progress.content >= before.content,
                "{}",
                case.name
            );
            let rest = &case.body[at + 1..];
            assert!(
                !progress.terminal || rest.iter().all(u8::is_ascii_whitespace),
                "{} at {at}",
                case.name
            );
            before = progress;
        }
        let reading = meter.finish();
        assert!(!before.terminal || reading.complete, "{}", case.name);
        assert_eq!(before.content, reading.has_output, "{}", case.name);
    }
}

/// The stream without the events to remove, told by parsing each event whole; their comments stay.
fn without_usage_events(text: &str, line_end: &str) -> String {
    let blank = line_end.repeat(2);
    let keep = |event: &str| {
        let data: Vec<&str> = event
            .split(line_end)
            .filter_map(|line| line.strip_prefix("data:"))
            .collect();
        let chunk: Value = serde_json::from_str(&data.join("\n")).unwrap_or_default();
        if chunk["choices"] != json!([]) || chunk["usage"].is_null() {
            return event.to_owned();
        }
        event
            .split_inclusive(line_end)
            .filter(|line| line.starts_with(':'))
            .collect()
    };
    text.split_inclusive(&blank).map(keep).collect()
}

#[test]
fn only_the_usage_event_is_filtered_from_the_corpus() {
    let mut shortened = 0;
    for case in Case::all().iter().filter(|case| case.kind == BodyKind::Sse) {
        let out = String::from_utf8(filtered([case.body.as_slice()])).unwrap();
        let text = String::from_utf8(case.body.clone()).unwrap();
        let line_end = if text.contains("\r\n") {
            "\r\n"
        } else if text.contains('\r') {
            "\r"
        } else {
            "\n"
        };
        assert_eq!(out, without_usage_events(&text, line_end), "{}", case.name);
        shortened += usize::from(out != text);
    }
    assert!(shortened >= 20, "{shortened}");
}

proptest! {
    #[test]
    fn any_chunking_reads_and_filters_alike(
        pick in any::<Index>(),
        cuts in vec(any::<Index>(), 0..12),
    ) {
        let case = pick.get(Case::all());
        let mut meter = case.meter(ContentCoding::Identity);
        let pieces = pieces(&case.body, &cuts);
        for piece in &pieces {
            meter.push(piece);
        }
        prop_assert_eq!(meter.finish(), case.read(), "{}", &case.name);
        prop_assert_eq!(filtered(pieces), filtered([case.body.as_slice()]), "{}", &case.name);
    }

    #[test]
    fn a_filter_never_changes_a_stream_without_the_event(
        lines in vec(select(vec![
            "data: {\"choices\":[],\"usage\":null}", "data: x", ": \"usage\"", "event: error", "", "\n", "\r", "\r\n",
        ]), 0..20),
        cuts in vec(any::<Index>(), 0..12),
    ) {
        let stream = lines.join("\n");
        prop_assert_eq!(filtered(pieces(stream.as_bytes(), &cuts)), stream.as_bytes());
    }

    #[test]
    fn random_bytes_never_panic(
        body in vec(any::<u8>(), 0..600),
        cuts in vec(any::<Index>(), 0..5),
        protocol in select(Protocol::ALL.to_vec()),
        kind in select(vec![BodyKind::Json, BodyKind::Sse, BodyKind::JsonArray]),
        coding in select(vec![ContentCoding::Identity, ContentCoding::Gzip, ContentCoding::Deflate, ContentCoding::Brotli, ContentCoding::Zstd]),
    ) {
        let spec = MeterSpec { protocol, provider: ProviderName::new("perplexity") };
        let mut meter = ResponseMeter::new(&spec, kind, coding);
        for piece in pieces(&body, &cuts) {
            meter.push(piece);
        }
        let reading = meter.finish();
        prop_assert!(reading.usage.is_none() || reading.problem.is_none());
        filtered([body.as_slice()]);
        if let Ok(peek) = peek_request(protocol, &body) {
            rewrite(&body, &peek, None, true);
        }
    }

    #[test]
    fn damaged_exchanges_never_panic_and_never_read_more_than_one_of_usage_and_problem(
        pick in any::<Index>(),
        damage in vec((any::<Index>(), any::<u8>()), 1..20),
        cut in any::<Index>(),
    ) {
        let case = pick.get(Case::all());
        let mut body = case.body.clone();
        for (at, byte) in damage {
            let at = at.index(body.len());
            body[at] = byte;
        }
        body.truncate(cut.index(body.len()) + 1);
        let mut meter = case.meter(ContentCoding::Identity);
        meter.push(&body);
        let reading = meter.finish();
        prop_assert!(reading.usage.is_none() || reading.problem.is_none());
    }
}
