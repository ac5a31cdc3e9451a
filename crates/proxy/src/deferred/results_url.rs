//! Where a batch's results are, as the caller can reach them.

use memchr::memmem;

const MEMBER: &[u8] = b"\"results_url\"";
const PATH: &[u8] = b"/v1/messages/batches/";

/// The batch with its `results_url` without the provider's address: Anthropic's clients fetch what stands there, and at
/// the provider itself the gateway's key is worth nothing. A path is taken to be at the address a client was given.
/// `None` where there is nothing to change.
pub(crate) fn without_address(object: &[u8]) -> Option<Vec<u8>> {
    let member = memmem::find(object, MEMBER)? + MEMBER.len();
    let value = object.get(member..)?;
    let opening = value
        .iter()
        .position(|byte| !matches!(byte, b':' | b' ' | b'\n' | b'\r' | b'\t'))?;
    if value.get(opening) != Some(&b'"') {
        return None;
    }
    let from = member + opening + 1;
    let text = object.get(from..)?;
    let text = text.get(..memchr::memchr(b'"', text)?)?;
    let address = memmem::find(text, PATH).filter(|length| *length > 0)?;
    Some([object.get(..from)?, object.get(from + address..)?].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_goes() {
        let whole =
            br#"{"id":"b", "results_url" : "https://api.example.com/v1/messages/batches/b/results","x":1}"#;
        let short = br#"{"id":"b", "results_url" : "/v1/messages/batches/b/results","x":1}"#;
        assert_eq!(without_address(whole).unwrap(), short);
        for unchanged in [
            &short[..],
            br#"{"results_url":null}"#,
            br#"{"id":"b"}"#,
            br#"{"results_url":"x"#,
        ] {
            assert_eq!(without_address(unchanged), None);
        }
    }
}
