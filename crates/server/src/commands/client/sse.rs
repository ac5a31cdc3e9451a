//! Server-sent events, as they come.

use anyhow::Result;
use reqwest::Response;

use super::api::Api;

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Event {
    /// Its kind; `message` where none is named.
    pub(super) kind: String,
    pub(super) data: String,
    /// The last id that was given.
    pub(super) id: String,
}

/// Takes a stream of bytes apart into events, wherever the pieces end.
#[derive(Debug, Default)]
pub(super) struct Parser {
    rest: Vec<u8>,
    event: Event,
}

impl Parser {
    /// The events that are complete with these bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        self.rest.extend_from_slice(bytes);
        let mut events = Vec::new();
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\n', '\r']);
            events.extend(self.line(line));
        }
        events
    }

    fn line(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            let id = self.event.id.clone();
            let next = Event {
                id,
                ..Event::default()
            };
            let event = std::mem::replace(&mut self.event, next);
            return (!event.data.is_empty() || !event.kind.is_empty()).then_some(event);
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event.kind),
            "id" => value.clone_into(&mut self.event.id),
            "data" => {
                if !self.event.data.is_empty() {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
            }
            // A comment keeps the connection alive.
            _ => {}
        }
        None
    }
}

/// Hands every event of a response over until it ends or `each` wants no more.
pub(super) async fn follow(
    api: &Api,
    mut response: Response,
    mut each: impl FnMut(Event) -> Result<bool>,
) -> Result<()> {
    let mut parser = Parser::default();
    loop {
        let piece = response.chunk().await.map_err(|error| api.unreachable(&error))?;
        let Some(piece) = piece else { return Ok(()) };
        for event in parser.push(&piece) {
            if !each(event)? {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_out_whole_wherever_the_pieces_end() {
        let stream = b": hello\n\nevent: request\r\nid: 7\r\ndata: {\"a\":\r\ndata: 1}\r\n\r\ndata: x\n\n";
        for size in 1..stream.len() {
            let mut parser = Parser::default();
            let events: Vec<Event> = stream.chunks(size).flat_map(|piece| parser.push(piece)).collect();
            assert_eq!(events.len(), 2, "{size}");
            assert_eq!((events[0].kind.as_str(), events[0].id.as_str()), ("request", "7"));
            assert_eq!(events[0].data, "{\"a\":\n1}");
            assert_eq!((events[1].data.as_str(), events[1].id.as_str()), ("x", "7"));
        }
    }
}
