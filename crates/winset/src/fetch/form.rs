//! What form a file has, told by how it begins: a server may answer 200 and send a page that says that something is wrong.

/// How many bytes are looked at.
pub(super) const START: u64 = 4096;

/// How many letters of something else are shown.
const SHOWN: usize = 60;

/// A form of published files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A JSON array.
    Json,
    /// Text whose first line names columns.
    Csv,
    /// Lines of fixed width that begin with a code of digits.
    Digits,
    /// A zip archive, or packed with gzip.
    Packed,
}

impl Form {
    fn begins(self, start: &[u8]) -> bool {
        let text = start
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(start)
            .trim_ascii_start();
        match self {
            Self::Json => text.starts_with(b"["),
            Self::Csv => {
                let line = text.split(|byte| *byte == b'\n').next().unwrap_or(text);
                line.contains(&b',')
                    && !line.starts_with(b"<")
                    && !line.starts_with(b"{")
                    && !line.starts_with(b"[")
                    && !line.contains(&0)
            }
            Self::Digits => text.len() >= 10 && text[..10].iter().all(u8::is_ascii_digit),
            Self::Packed => start.starts_with(b"PK\x03\x04") || start.starts_with(&[0x1f, 0x8b]),
        }
    }

    fn shown(self) -> &'static str {
        match self {
            Self::Json => "a JSON array",
            Self::Csv => "a CSV table",
            Self::Digits => "lines of fixed width",
            Self::Packed => "a zip or gzip archive",
        }
    }
}

/// The forms in words.
pub(super) fn shown(forms: &[Form]) -> String {
    let words: Vec<&str> = forms.iter().map(|form| form.shown()).collect();
    words.join(" or ")
}

/// What a file that begins so is, if it has none of the forms.
pub(super) fn other(start: &[u8], forms: &[Form]) -> Option<String> {
    if forms.iter().any(|form| form.begins(start)) {
        return None;
    }
    let text = String::from_utf8_lossy(start);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Some("an empty file".to_owned());
    }
    let shown: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let what = if text.starts_with('<') {
        "a web page"
    } else {
        "a file"
    };
    Some(format!("{what} that begins `{shown}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_told_by_how_it_begins() {
        for (start, form) in [
            (&b"[[\"I_COMMODITY\"]]"[..], Form::Json),
            (b"\xef\xbb\xbf\n [{}]", Form::Json),
            (b"KEY,FREQ\n", Form::Csv),
            (b"\xef\xbb\xbf\"Date\",\"USD\"\r\n1,2", Form::Csv),
            (b"87032301105880  01", Form::Digits),
            (b"PK\x03\x04\x14\0", Form::Packed),
            (b"\x1f\x8b\x08", Form::Packed),
        ] {
            for other_form in [Form::Json, Form::Csv, Form::Digits, Form::Packed] {
                assert_eq!(
                    other(start, &[other_form]).is_none(),
                    form == other_form,
                    "{start:?} {other_form:?}"
                );
            }
        }
    }

    #[test]
    fn what_it_is_instead_is_said() {
        let all = [Form::Json, Form::Csv, Form::Packed];
        assert_eq!(
            other(b"<!DOCTYPE html>\n<p>Busy, try later", &all).unwrap(),
            "a web page that begins `<!DOCTYPE html> <p>Busy, try later`"
        );
        assert_eq!(
            other(b"{\"error\": \"a, b\"}", &all).unwrap(),
            "a file that begins `{\"error\": \"a, b\"}`"
        );
        assert_eq!(other(b" \n", &all).unwrap(), "an empty file");
        assert_eq!(
            shown(&all),
            "a JSON array or a CSV table or a zip or gzip archive"
        );
    }
}
