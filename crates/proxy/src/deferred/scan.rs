//! Single members of a JSON value of any length, in any pieces.

/// Deeper keys than any path that is looked for are not kept.
const MAX_DEPTH: usize = 6;
/// Longer keys and values than any that are looked for are not kept.
const MAX_TEXT: usize = 8 << 10;

/// The names of the objects on the way to a value; arrays on the way do not count.
pub(crate) type Path = &'static [&'static str];

/// Who is told what was found.
pub(crate) trait Sink {
    /// A string, number or literal at the `wanted`-th path, as it is written.
    fn value(&mut self, wanted: usize, raw: &[u8]);

    /// A piece of a value at a forwarded path.
    fn forwarded(&mut self, bytes: &[u8]) {
        let _ = bytes;
    }
}

/// Walks through one JSON value and keeps nothing of it but keys on the way and the values that are wanted.
#[derive(Debug)]
pub(crate) struct JsonScan {
    wanted: &'static [Path],
    forward: &'static [Path],
    /// The key within each open object.
    keys: Vec<String>,
    /// Whether each open bracket is an object's.
    nest: Vec<bool>,
    state: State,
    text: Vec<u8>,
    capturing: Option<usize>,
    /// The number of open brackets outside the value that is forwarded.
    forwarding: Option<usize>,
    ended: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    KeyOrEnd,
    Key { escaped: bool },
    Colon,
    Text { escaped: bool },
    Scalar,
    CommaOrEnd,
}

impl JsonScan {
    pub(crate) fn new(wanted: &'static [Path], forward: &'static [Path]) -> Self {
        Self {
            wanted,
            forward,
            keys: Vec::new(),
            nest: Vec::new(),
            state: State::Value,
            text: Vec::new(),
            capturing: None,
            forwarding: None,
            ended: false,
        }
    }

    /// Whether the value has ended.
    pub(crate) fn is_closed(&self) -> bool {
        self.ended
    }

    /// Reads the next piece. What is no JSON leads nowhere, but does no harm.
    pub(crate) fn push(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        let mut from = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if self.ended {
                break;
            }
            // The byte that ends a number belongs to what comes after it, too.
            loop {
                let was_forwarding = self.forwarding.is_some();
                let consumed = self.step(*byte, sink);
                match (was_forwarding, self.forwarding.is_some()) {
                    (false, true) => from = at,
                    (true, false) => {
                        let until = at + usize::from(consumed);
                        sink.forwarded(bytes.get(from..until).unwrap_or_default());
                    }
                    _ => {}
                }
                if consumed {
                    break;
                }
            }
        }
        if self.forwarding.is_some() {
            sink.forwarded(bytes.get(from..).unwrap_or_default());
        }
    }

    /// Takes one byte; `false` when it is to be taken once more.
    fn step(&mut self, byte: u8, sink: &mut dyn Sink) -> bool {
        match self.state {
            State::Text { escaped } => self.text_byte(byte, escaped, sink),
            State::Key { escaped } => self.key_byte(byte, escaped),
            State::Scalar => {
                if !matches!(byte, b',' | b'}' | b']') && !byte.is_ascii_whitespace() {
                    self.keep(byte);
                    return true;
                }
                self.value_ended(sink);
                return false;
            }
            _ if byte.is_ascii_whitespace() => {}
            State::Value => self.value_begins(byte),
            State::KeyOrEnd => match byte {
                b'"' => {
                    self.text.clear();
                    self.state = State::Key { escaped: false };
                }
                b'}' => self.close(),
                _ => {}
            },
            State::Colon => {
                if byte == b':' {
                    self.state = State::Value;
                }
            }
            State::CommaOrEnd => match (byte, self.nest.last()) {
                (b',', Some(true)) => self.state = State::KeyOrEnd,
                (b',', _) => self.state = State::Value,
                (b'}' | b']', _) => self.close(),
                _ => {}
            },
        }
        true
    }

    fn value_begins(&mut self, byte: u8) {
        if byte == b']' {
            return self.close();
        }
        if self.forwarding.is_none() && self.forward.iter().any(|path| self.is_at(path)) {
            self.forwarding = Some(self.nest.len());
        }
        match byte {
            b'{' => {
                self.nest.push(true);
                self.keys.push(String::new());
                self.state = State::KeyOrEnd;
            }
            b'[' => self.nest.push(false),
            _ => {
                self.capturing = self.wanted.iter().position(|path| self.is_at(path));
                self.text.clear();
                self.keep(byte);
                self.state = if byte == b'"' {
                    State::Text { escaped: false }
                } else {
                    State::Scalar
                };
            }
        }
    }

    fn text_byte(&mut self, byte: u8, escaped: bool, sink: &mut dyn Sink) {
        self.keep(byte);
        match (escaped, byte) {
            (false, b'"') => self.value_ended(sink),
            (false, b'\\') => self.state = State::Text { escaped: true },
            _ => self.state = State::Text { escaped: false },
        }
    }

    fn key_byte(&mut self, byte: u8, escaped: bool) {
        match (escaped, byte) {
            (false, b'"') => {
                let deep = self.keys.len() > MAX_DEPTH;
                if let Some(key) = self.keys.last_mut() {
                    key.clear();
                    if !deep {
                        key.push_str(&String::from_utf8_lossy(&self.text));
                    }
                }
                self.state = State::Colon;
                return;
            }
            (false, b'\\') => self.state = State::Key { escaped: true },
            _ => self.state = State::Key { escaped: false },
        }
        if self.text.len() < MAX_TEXT {
            self.text.push(byte);
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.capturing.is_some() && self.text.len() <= MAX_TEXT {
            self.text.push(byte);
        }
    }

    fn value_ended(&mut self, sink: &mut dyn Sink) {
        if let Some(wanted) = self.capturing.take()
            && self.text.len() <= MAX_TEXT
        {
            sink.value(wanted, &self.text);
        }
        self.after_value();
    }

    fn close(&mut self) {
        if self.nest.pop() == Some(true) {
            self.keys.pop();
        }
        self.after_value();
    }

    fn after_value(&mut self) {
        if self.forwarding == Some(self.nest.len()) {
            self.forwarding = None;
        }
        self.state = State::CommaOrEnd;
        self.ended = self.nest.is_empty();
    }

    fn is_at(&self, path: Path) -> bool {
        self.keys.len() == path.len() && self.keys.iter().zip(path).all(|(key, name)| key == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Found {
        values: Vec<(usize, String)>,
        forwarded: Vec<u8>,
    }

    impl Sink for Found {
        fn value(&mut self, wanted: usize, raw: &[u8]) {
            self.values
                .push((wanted, String::from_utf8_lossy(raw).into_owned()));
        }

        fn forwarded(&mut self, bytes: &[u8]) {
            self.forwarded.extend_from_slice(bytes);
        }
    }

    const WANTED: &[Path] = &[&["id"], &["a", "n"], &["list", "m"]];

    const TEXT: &str = r#"{"id": "x\"y", "other": {"id": "no", "a": {"n": 1}}, "a": {"n": -1.5e3, "body": {"id": "in", "t": "}]\\", "n": 7}},
        "list": [{"m": "1"}, {"m": null}, [], {}], "end": [1,2,{"id":"no"}]}"#;

    #[test]
    fn what_is_wanted_is_found_in_any_pieces() {
        for size in 1..TEXT.len() {
            let mut scan = JsonScan::new(WANTED, &[&["a", "body"]]);
            let mut found = Found::default();
            for piece in TEXT.as_bytes().chunks(size) {
                scan.push(piece, &mut found);
            }
            let values: Vec<_> = found
                .values
                .iter()
                .map(|(wanted, raw)| (*wanted, raw.as_str()))
                .collect();
            assert_eq!(
                values,
                [(0, r#""x\"y""#), (1, "-1.5e3"), (2, "\"1\""), (2, "null")],
                "{size}"
            );
            assert_eq!(
                String::from_utf8(found.forwarded).unwrap(),
                r#"{"id": "in", "t": "}]\\", "n": 7}"#,
                "{size}"
            );
            assert!(scan.is_closed(), "{size}");
        }
    }

    #[test]
    fn what_is_no_json_is_survived() {
        for text in [
            "",
            "}}}}",
            "]",
            "{]",
            "{\"a\"",
            "nonsense",
            "[[[[{{{{\"\"\"",
            "{\"id\":}",
        ] {
            let mut scan = JsonScan::new(WANTED, &[&["a"]]);
            scan.push(text.as_bytes(), &mut Found::default());
        }
    }

    #[test]
    fn a_value_without_end_is_not_kept() {
        let mut scan = JsonScan::new(WANTED, &[]);
        let mut found = Found::default();
        scan.push(b"{\"id\": \"", &mut found);
        for _ in 0..1_000 {
            scan.push(&[b'x'; 1_000], &mut found);
        }
        assert!(scan.text.capacity() <= 4 * MAX_TEXT);
        scan.push(b"\", \"a\": {\"n\": 1}}", &mut found);
        assert_eq!(found.values, [(1, "1".to_owned())]);
    }
}
