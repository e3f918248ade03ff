//! Bytes to text.

pub use crate::base::limits::FILE_BYTES as LIMIT;

/// UTF-8 text without its byte order mark, lines ended by `\n`.
///
/// # Errors
/// The position of the first byte that is not UTF-8.
pub fn normalise(bytes: &[u8]) -> Result<String, usize> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.valid_up_to())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Ok(if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn mark_and_line_ends_go() {
        assert_eq!(normalise(b"\xef\xbb\xbfa\r\nb\rc\n"), Ok("a\nb\nc\n".to_owned()));
    }

    #[test]
    fn the_first_bad_byte_is_named() {
        assert_eq!(normalise(b"ab\xffc"), Err(2));
    }
}
