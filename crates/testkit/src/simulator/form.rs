//! `multipart/form-data` (RFC 7578), as far as the providers' clients send it.

/// Parts in order: name and content.
#[derive(Debug, Default)]
pub(super) struct Form(Vec<(String, Vec<u8>)>);

/// The boundary of a form's content type; `None` for anything else.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let mut parameters = parameters
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    let (_, value) = parameters.find(|(name, _)| name.eq_ignore_ascii_case("boundary"))?;
    Some(value.trim_matches('"'))
}

/// Reads a form whole; `None` when it is not one.
pub(super) fn read(body: &[u8], boundary: &str) -> Option<Form> {
    let delimiter = format!("--{boundary}").into_bytes();
    let mut parts = Vec::new();
    let mut rest = body.get(find(body, &delimiter)? + delimiter.len()..)?;
    while !rest.starts_with(b"--") {
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, &delimiter)?;
        let part = rest.get(..end)?.strip_suffix(b"\r\n")?;
        rest = rest.get(end + delimiter.len()..)?;
        let blank = find(part, b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(part.get(..blank)?).into_owned();
        parts.push((name(&head)?, part.get(blank + 4..)?.to_vec()));
    }
    Some(Form(parts))
}

fn name(head: &str) -> Option<String> {
    let (_, after) = head
        .split_once(" name=\"")
        .or_else(|| head.split_once(";name=\""))?;
    after.split_once('"').map(|(name, _)| name.to_owned())
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

impl Form {
    /// The last part of a name, as it is.
    pub(super) fn bytes(&self, name: &str) -> Option<&[u8]> {
        let (_, content) = self.0.iter().rev().find(|(known, _)| known == name)?;
        Some(content)
    }

    /// The last part of a name, as text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let (_, content) = self.0.iter().rev().find(|(known, _)| known == name)?;
        String::from_utf8(content.clone()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_beside_files() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n\
                    --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\
                    Content-Type: audio/wav\r\n\r\n\r\n\r\nRIFF\r\n--b--\r\n";
        let form = read(
            body.as_bytes(),
            boundary("multipart/form-data; boundary=b").unwrap(),
        )
        .unwrap();
        assert_eq!(form.text("model").as_deref(), Some("whisper-1"));
        assert_eq!(form.text("file").as_deref(), Some("\r\n\r\nRIFF"));
        assert_eq!(form.text("prompt"), None);
        assert!(read(b"{}", "b").is_none());
        assert_eq!(boundary("application/json"), None);
    }
}
