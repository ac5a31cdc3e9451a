//! Brotli and Zstandard streams of stored blocks: valid, if not smaller, and without a library that could agree with
//! the gateway's by sharing its faults.

/// The most a stored Brotli meta-block of four length nibbles holds.
const BROTLI_BLOCK: usize = 1 << 16;
/// The most a Zstandard block holds.
const ZSTD_BLOCK: usize = 1 << 17;

/// A Brotli stream (RFC 7932 §9.2) of uncompressed meta-blocks, byte-aligned after each piece.
pub(super) fn brotli(pieces: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut first = true;
    let mut out: Vec<Vec<u8>> = pieces
        .iter()
        .map(|piece| {
            let mut block = Vec::with_capacity(piece.len() + 3);
            for part in piece.chunks(BROTLI_BLOCK) {
                // ISLAST 0, MNIBBLES 00 (four), MLEN - 1 in 16 bits, ISUNCOMPRESSED 1; least significant bit first.
                let length = u32::try_from(part.len() - 1).unwrap_or_default();
                let header = (length << 3) | (1 << 19);
                // The stream begins with WBITS 0: a window of 64 KiB.
                let header = if std::mem::take(&mut first) {
                    header << 1
                } else {
                    header
                };
                block.extend(header.to_le_bytes().into_iter().take(3));
                block.extend_from_slice(part);
            }
            block
        })
        .collect();
    // ISLAST 1, ISLASTEMPTY 1; after WBITS where nothing came before.
    out.push(vec![if first { 0b110 } else { 0b11 }]);
    out
}

/// A Zstandard frame (RFC 8878 §3.1.1) of raw blocks.
pub(super) fn zstd(pieces: &[Vec<u8>]) -> Vec<Vec<u8>> {
    // Magic number, a descriptor without content size or checksum, a window of 2 MiB.
    let mut out = vec![vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]];
    out.extend(pieces.iter().map(|piece| {
        let mut block = Vec::with_capacity(piece.len() + 3);
        for part in piece.chunks(ZSTD_BLOCK) {
            let size = u32::try_from(part.len()).unwrap_or_default();
            block.extend((size << 3).to_le_bytes().into_iter().take(3));
            block.extend_from_slice(part);
        }
        block
    }));
    // A last block, empty.
    out.push(vec![1, 0, 0]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_those_of_the_formats_own_tools() {
        // What `brotli` and `zstd` read back as "hello"; checked with both tools.
        assert_eq!(brotli(&[b"hello".to_vec()]).concat(), b"\x40\x00\x10hello\x03");
        assert_eq!(
            zstd(&[b"hello".to_vec()]).concat(),
            b"\x28\xb5\x2f\xfd\x00\x58\x28\x00\x00hello\x01\x00\x00"
        );
    }
}
