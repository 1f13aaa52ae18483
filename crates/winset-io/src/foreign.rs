//! What a file is that was given as text and is none, told by its first bytes.

/// What is wrong with a text that begins so, and what to do; nothing where it may be text in UTF-8.
pub fn no_text(start: &[u8]) -> Option<&'static str> {
    match start {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("the text is UTF-16; save it as UTF-8"),
        [b'P', b'K', 3, 4, ..] => Some("this is a zip archive; unpack it and name the file inside"),
        [first, second, ..] if *first == 0 || *second == 0 => {
            Some("this is no UTF-8 text (it may be UTF-16); save it as UTF-8")
        }
        _ if start.trim_ascii_start().starts_with(b"<") => {
            Some("this is a web page, not the data; download the file itself")
        }
        _ => None,
    }
}

/// The same of a table as CSV, which is not unpacked.
pub(crate) fn no_table(start: &[u8]) -> Option<&'static str> {
    match start {
        [0x1f, 0x8b, ..] => {
            Some("this is packed with gzip; unpack it (gunzip) and name the file inside")
        }
        [b'P', b'K', 3, 4, ..] => {
            Some("this is a workbook or a zip archive; save the table as CSV or Parquet")
        }
        _ => no_text(start),
    }
}
