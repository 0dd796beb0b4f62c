//! What formats make of a text that stands in them: strings of JSON, cells of CSV, HTML, Markdown, TeX, and the quotes that
//! word processors put in. Each is undone as far as it was done; what is none of its own stays.

use std::iter::Peekable;
use std::str::Chars;

/// A dialect: what a text that is written in it holds, and how it is undone.
type Dialect = (&'static str, fn(&str) -> String);

/// The dialects. Names of TeX are undone before its backslashes are taken for those of Markdown.
const DIALECTS: [Dialect; 6] = [
    ("\\", json),
    ("\"\"", |text| text.replace("\"\"", "\"")),
    ("&", html),
    ("\\", markdown),
    ("\\", tex),
    ("“", |text| text.replace(['“', '”'], "\"")),
];

/// What a text may stand for, by the dialects that it has signs of.
pub(super) fn readings(text: &str) -> impl Iterator<Item = String> {
    DIALECTS.iter().filter(|(sign, _)| text.contains(sign)).map(move |(_, undone)| undone(text))
}

/// Undoes the backslashes of strings in JSON.
fn json(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        // A character beyond four digits is a pair of them.
        let lengths = if rest.starts_with("\\u") { [12, 6] } else { [2, 2] };
        let read = |length: usize| {
            let text: String = serde_json::from_str(&format!("\"{}\"", rest.get(..length)?)).ok()?;
            (text.chars().count() == 1).then_some((text, length))
        };
        let (text, length) = lengths.into_iter().find_map(read).unwrap_or(("\\".to_owned(), 1));
        plain.push_str(&text);
        rest = &rest[length..];
    }
    plain + rest
}

/// Undoes the entities that HTML and XML need, and those by number.
fn html(text: &str) -> String {
    const NAMED: [(&str, char); 6] =
        [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", '\u{a0}')];
    let character = |name: &str| match name.strip_prefix('#') {
        Some(number) => {
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let code = hexadecimal.map_or_else(|| number.parse(), |digits| u32::from_str_radix(digits, 16));
            code.ok().and_then(char::from_u32)
        }
        None => NAMED.iter().find(|(known, _)| *known == name).map(|&(_, c)| c),
    };
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let entity = rest.find(';').and_then(|end| Some((character(&rest[..end])?, end + 1)));
        plain.push(entity.map_or('&', |(c, _)| c));
        rest = &rest[entity.map_or(0, |(_, length)| length)..];
    }
    plain + rest
}

/// Undoes the backslashes that Markdown, and TeX for most signs, have before signs.
fn markdown(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match next_sign(c, &mut chars) {
            Some(sign) => plain.push(sign),
            None => plain.push(c),
        }
    }
    plain
}

/// The sign that a backslash stands before.
fn next_sign(c: char, chars: &mut Peekable<Chars<'_>>) -> Option<char> {
    if c == '\\' { chars.next_if(char::is_ascii_punctuation) } else { None }
}

/// Undoes the names that `render::bibtex` gives to signs, and the backslashes before the others.
fn tex(text: &str) -> String {
    const NAMED: [(&str, &str); 5] = [
        ("\\textbackslash{}", "\\"),
        ("\\textbraceleft{}", "{"),
        ("\\textbraceright{}", "}"),
        ("\\textasciitilde{}", "~"),
        ("\\textasciicircum{}", "^"),
    ];
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((name, sign)) = NAMED.iter().find(|(name, _)| rest.starts_with(name)) {
            plain.push_str(sign);
            rest = &rest[name.len()..];
        } else {
            rest = &rest[1..];
            if !rest.starts_with(['%', '&', '_', '#', '$', '{', '}']) {
                plain.push('\\');
            }
        }
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_undone() {
        assert_eq!(json(r#"\"a\\\"b\", \u00e9\ud83d\ude00 \q\"#), "\"a\\\"b\", é😀 \\q\\");
        assert_eq!(html("&quot;a&quot; &amp;amp; &#39;&#xE9;&nbsp;&x; & b"), "\"a\" &amp; 'é\u{a0}&x; & b");
        assert_eq!(markdown(r"a\_b\\\* \n\é"), r"a_b\* \n\é");
        assert_eq!(tex(r"a\_b\textbackslash{}_\textbraceleft{}\#\textasciitilde{}\og"), r"a_b\_{#~\og");
        assert_eq!(readings("a, b").count(), 0);
    }

    proptest::proptest! {
        #[test]
        fn strings_and_any_text_are_read(text in "(\\PC|[\\\\\"&;#u{}]){0,20}") {
            let string = serde_json::Value::from(text.as_str()).to_string();
            proptest::prop_assert_eq!(json(&string[1..string.len() - 1]), text.as_str());
            proptest::prop_assert_eq!(readings(&text).count(), DIALECTS.iter().filter(|(sign, _)| text.contains(sign)).count());
        }
    }
}
