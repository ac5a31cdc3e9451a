//! `multipart/form-data` (RFC 7578), looked through in place.

use std::ops::Range;

use memchr::memmem::Finder;

/// More parts than any form of a provider has.
const MAX_PARTS: usize = 1_000;
/// More headers than any part has, in bytes.
const MAX_HEAD: usize = 16 << 10;

/// The parts of a form: names, and where their contents stand in the body.
#[derive(Debug)]
pub(crate) struct Form<'b> {
    body: &'b [u8],
    parts: Vec<(String, Range<usize>)>,
}

/// The boundary of a form's content type; `None` for anything else.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let mut pairs = parameters
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("boundary"))?;
    let value = value.trim().trim_matches('"');
    // RFC 2046 §5.1.1.
    (1..=70).contains(&value.len()).then_some(value)
}

impl<'b> Form<'b> {
    /// Finds the parts of a whole body.
    ///
    /// # Errors
    /// What is wrong with the form, for its sender.
    pub(crate) fn read(body: &'b [u8], boundary: &str) -> Result<Self, &'static str> {
        let delimiter = format!("\r\n--{boundary}");
        let (delimiter, blank) = (Finder::new(delimiter.as_bytes()), Finder::new(b"\r\n\r\n"));
        let after = |at: usize| body.get(at..).unwrap_or_default();
        // The first delimiter may be the very beginning, without the line break.
        let opening = delimiter.needle().get(2..).unwrap_or_default();
        let mut at = if body.starts_with(opening) {
            opening.len()
        } else {
            delimiter
                .find(body)
                .ok_or("the form's boundary does not occur in it")?
                + delimiter.needle().len()
        };
        let mut parts = Vec::new();
        while !after(at).starts_with(b"--") {
            // Blanks may follow a boundary.
            let padding = after(at)
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t'))
                .count();
            at += padding;
            if !after(at).starts_with(b"\r\n") || parts.len() == MAX_PARTS {
                return Err("the form is not valid multipart/form-data");
            }
            let head_end = blank.find(after(at)).filter(|length| *length <= MAX_HEAD);
            let head_end = at + head_end.ok_or("a part of the form has no end to its headers")?;
            let content = head_end + blank.needle().len();
            // A part without content ends with the very line break that ends its headers.
            let from = content - 2;
            let end = from
                + delimiter
                    .find(after(from))
                    .ok_or("the form breaks off inside a part")?;
            let head = body.get(at..head_end).unwrap_or_default();
            let name = name(&String::from_utf8_lossy(head)).ok_or("a part of the form has no name")?;
            parts.push((name, content..end.max(content)));
            at = end + delimiter.needle().len();
        }
        Ok(Self { body, parts })
    }

    /// Where the content of the last part of this name stands.
    pub(crate) fn span(&self, name: &str) -> Option<Range<usize>> {
        let (_, span) = self.parts.iter().rev().find(|(known, _)| known == name)?;
        Some(span.clone())
    }

    /// Its content.
    pub(crate) fn bytes(&self, name: &str) -> Option<&'b [u8]> {
        self.body.get(self.span(name)?)
    }

    /// Its content, if that is text.
    pub(crate) fn text(&self, name: &str) -> Option<&'b str> {
        std::str::from_utf8(self.bytes(name)?).ok()
    }

    /// One more text part, to be put in front of a form with this boundary. `None` for a text that no part can hold.
    pub(crate) fn part(boundary: &str, name: &str, text: &str) -> Option<String> {
        let fits = Self::can_hold(boundary, text);
        fits.then(|| {
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
        })
    }

    /// Whether a text can stand in a part.
    pub(crate) fn can_hold(boundary: &str, text: &str) -> bool {
        !text.contains(['\r', '\n']) && !text.contains(boundary)
    }
}

/// The name in a part's `Content-Disposition`.
fn name(head: &str) -> Option<String> {
    let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let (_, disposition) = lines.find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"))?;
    let mut rest = disposition.split_once(';')?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let (value, following) = parameter(after)?;
        if key.trim().eq_ignore_ascii_case("name") {
            return Some(value);
        }
        rest = following.trim_start().strip_prefix(';')?;
    }
}

/// A parameter's value and what follows it. Browsers escape quotes as `%22`, older clients with a backslash.
fn parameter(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end)?;
        return Some((value.trim().to_owned(), rest));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, quoted.get(at + 1..)?)),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}
