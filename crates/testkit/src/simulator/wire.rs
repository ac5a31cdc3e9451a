//! An answer's bytes, divided as the script wants them.

use bytes::Bytes;

use super::compression;
use super::reply::{Event, Framing, Reply};
use super::script::{Chunking, Fault, Script};

/// A body ready to be played.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) content_type: &'static str,
    pub(super) frames: Vec<Bytes>,
    /// The announced length; `None` for streams.
    pub(super) content_length: Option<usize>,
    /// Whether the connection breaks after the last frame.
    pub(super) cut: bool,
}

/// Turns an answer into frames. `error` is what an error event inside a stream says.
pub(super) fn frames(reply: Reply, script: &Script, error: Event) -> Wire {
    match reply {
        Reply::Json(value) => plain(value.to_string().into_bytes(), script),
        Reply::Stream(framing, events) => stream(framing, events, script, error),
        Reply::Raw(content_type, bytes) => Wire {
            content_type,
            ..plain(bytes, script)
        },
    }
}

/// A body that is one piece, JSON unless told otherwise.
fn plain(bytes: Vec<u8>, script: &Script) -> Wire {
    let pieces = compression::pieces(vec![bytes], script.compression);
    let whole = pieces.concat();
    let length = whole.len();
    let cut = matches!(script.fault, Some(Fault::Cut { .. }));
    let sent = if cut {
        whole.get(..length / 2).unwrap_or_default().to_vec()
    } else {
        whole
    };
    let frames = divide(vec![sent], script.chunking);
    Wire {
        content_type: "application/json",
        frames,
        content_length: Some(length),
        cut,
    }
}

fn stream(framing: Framing, mut events: Vec<Event>, script: &Script, error: Event) -> Wire {
    if !script.terminal_event {
        events.retain(|event| !event.terminal);
    }
    let cut = match script.fault {
        Some(Fault::Cut { after }) => {
            events.truncate(after);
            true
        }
        Some(Fault::ErrorEvent { after }) => {
            events.truncate(after);
            events.push(error);
            false
        }
        _ => false,
    };
    let (content_type, mut texts) = match framing {
        Framing::Sse => ("text/event-stream; charset=utf-8", sse(&events, script.crlf)),
        Framing::JsonArray => (
            "application/json; charset=UTF-8",
            json_array(&events, script.crlf, !cut),
        ),
    };
    if !script.final_blank_line
        && !cut
        && let Some(last) = texts.last_mut()
    {
        last.truncate(last.trim_end().len());
    }
    let pieces = texts.into_iter().map(String::into_bytes).collect();
    let frames = divide(compression::pieces(pieces, script.compression), script.chunking);
    Wire {
        content_type,
        frames,
        content_length: None,
        cut,
    }
}

fn sse(events: &[Event], crlf: bool) -> Vec<String> {
    let end = if crlf { "\r\n" } else { "\n" };
    let text = |event: &Event| {
        let name = event
            .name
            .map(|name| format!("event: {name}{end}"))
            .unwrap_or_default();
        format!("{name}data: {}{end}{end}", event.data)
    };
    events.iter().map(text).collect()
}

fn json_array(events: &[Event], crlf: bool, closed: bool) -> Vec<String> {
    let comma = if crlf { ",\r\n" } else { ",\n" };
    let mut texts: Vec<String> = events
        .iter()
        .enumerate()
        .map(|(index, event)| format!("{}{}", if index == 0 { "[" } else { comma }, event.data))
        .collect();
    if closed {
        texts.push(if texts.is_empty() {
            "[]".to_owned()
        } else {
            "]".to_owned()
        });
    }
    texts
}

fn divide(pieces: Vec<Vec<u8>>, chunking: Chunking) -> Vec<Bytes> {
    match chunking {
        Chunking::PerEvent => pieces
            .into_iter()
            .filter(|piece| !piece.is_empty())
            .map(Bytes::from)
            .collect(),
        Chunking::Whole => vec![Bytes::from(pieces.concat())],
        Chunking::Bytes(size) => pieces
            .concat()
            .chunks(size.max(1))
            .map(Bytes::copy_from_slice)
            .collect(),
    }
}

#[cfg(test)]
mod tests;
