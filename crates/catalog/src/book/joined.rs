//! Names joined from parts without allocating.

/// Long enough for every name of the map; longer ones cost an allocation.
const CAPACITY: usize = 192;

/// Runs `look_up` on the parts joined with `/`; empty parts are left out.
pub(super) fn with_joined<T>(parts: &[&str], look_up: impl FnOnce(&str) -> T) -> T {
    let mut buffer = [0; CAPACITY];
    match join(&mut buffer, parts) {
        Some(joined) => look_up(joined),
        None => look_up(&joined(parts)),
    }
}

/// The parts joined with `/`.
pub(crate) fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join("/")
}

fn join<'b>(buffer: &'b mut [u8; CAPACITY], parts: &[&str]) -> Option<&'b str> {
    let mut length = 0;
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if length > 0 {
            *buffer.get_mut(length)? = b'/';
            length += 1;
        }
        let end = length + part.len();
        buffer.get_mut(length..end)?.copy_from_slice(part.as_bytes());
        length = end;
    }
    std::str::from_utf8(buffer.get(..length)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined_however_long_they_are() {
        let long = "x".repeat(CAPACITY);
        for parts in [["a", "", "b"].as_slice(), &["é", "b"], &["a", &long], &[]] {
            assert_eq!(with_joined(parts, str::to_owned), joined(parts));
        }
        assert_eq!(
            joined(&["hd", "1024-x-1024", "dall-e-3"]),
            "hd/1024-x-1024/dall-e-3"
        );
    }
}
