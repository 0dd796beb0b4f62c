//! Which encoding the bytes of a file are in, and whether they are text at all.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What was found out about bytes that are text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) encoding: &'static Encoding,
    /// Bytes of the byte order mark.
    pub(super) bom: usize,
    /// Whether nothing but the look of the bytes spoke for it, so that people may want to be told.
    pub(super) guessed: bool,
}

/// How files begin that are no text, whatever their name says.
const MAGIC: [(&[u8], &str); 10] = [
    (b"\x1f\x8b", "gzip; name it .gz"),
    (b"%PDF-", "PDF"),
    (b"\x28\xb5\x2f\xfd", "zstd; name it .zst"),
    (b"GIF8", "GIF"),
    (b"PK\x03\x04", "ZIP or an Office file"),
    (b"{\\rtf", "RTF"),
    (b"\x7fELF", "a program"),
    (b"\x89PNG", "PNG"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\xff\xd8\xff", "JPEG"),
];

/// The bytes that French text has in Windows-1252 beyond ASCII. Short texts of nothing else are Windows-1252, however
/// well they might read as Baltic or Vietnamese.
const FRENCH: &[u8] = b"\x80\x85\x8c\x91\x92\x93\x94\x96\x97\x9c\x9f\xa0\xab\xb0\xb2\xb3\xb7\xbb\xc0\xc2\xc4\xc6\xc7\
    \xc8\xc9\xca\xcb\xce\xcf\xd4\xd6\xd9\xdb\xdc\xe0\xe2\xe4\xe6\xe7\xe8\xe9\xea\xeb\xee\xef\xf4\xf6\xf9\xfb\xfc\xff";

/// In so many bytes of text, one may be a control character.
const STRAY: usize = 50;

/// The encoding of `sample`, a file or the start of one, which may then be `cut` within a character.
///
/// What was forced comes first, then a byte order mark, UTF-8 that is right, UTF-16 by its zero bytes, what the page
/// itself `declared`, UTF-8 with few faults, and last a guess.
///
/// Zero bytes make UTF-16 only where they are regular. A few that stand in right UTF-8 are a fault of storage: they
/// are dropped by who reads on, and told. One in [`STRAY`] bytes or more, or any in bytes that are no right UTF-8 (or
/// more control characters than that), are binary data.
///
/// # Errors
/// Why the bytes are no text.
pub(super) fn guess(
    sample: &[u8],
    cut: bool,
    forced: Option<&'static Encoding>,
    declared: Option<&'static Encoding>,
) -> Result<Guess, String> {
    let found = |encoding, bom| Ok(Guess { encoding, bom, guessed: false });
    let bom = Encoding::for_bom(sample);
    if let Some(encoding) = forced {
        return found(encoding, bom.map_or(0, |(marked, length)| if marked == encoding { length } else { 0 }));
    }
    if sample.starts_with(b"\xff\xfe\0\0") || sample.starts_with(b"\0\0\xfe\xff") {
        return Err("UTF-32 text, which is not read".to_owned());
    }
    if let Some((encoding, length)) = bom.filter(|(encoding, _)| *encoding != UTF_8) {
        return found(encoding, length);
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(start, _)| sample.starts_with(start)) {
        return Err(format!("binary data ({kind})"));
    }
    if let Some(encoding) = utf16(sample) {
        return Ok(Guess { encoding, bom: 0, guessed: true });
    }
    let (valid, faults) = utf8_letters(sample, cut);
    if has_many_controls(sample) || faults > 0 && sample.contains(&0) {
        return Err("binary data".to_owned());
    }
    if let Some((_, length)) = bom {
        return found(UTF_8, length);
    }
    if faults == 0 && (valid > 0 || declared.is_none()) {
        return found(UTF_8, 0);
    }
    if let Some(encoding) = declared.filter(|&encoding| encoding != UTF_8 || faults == 0) {
        return found(encoding.output_encoding(), 0);
    }
    let encoding = if valid >= 4 * faults {
        UTF_8
    } else if sample.iter().all(|b| b.is_ascii() || FRENCH.binary_search(b).is_ok()) {
        WINDOWS_1252
    } else {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(sample, true);
        detector.guess(Some(b"fr"), Utf8Detection::Deny)
    };
    Ok(Guess { encoding, bom: 0, guessed: true })
}

/// A whole file as text, with what is to be told about it.
///
/// # Errors
/// Why the bytes are no text.
pub(super) fn decode(
    bytes: &[u8],
    forced: Option<&'static Encoding>,
    declared: Option<&'static Encoding>,
) -> Result<(String, Vec<String>), String> {
    let guess = guess(bytes, false, forced, declared)?;
    let (text, _) = guess.encoding.decode_without_bom_handling(bytes.get(guess.bom..).unwrap_or_default());
    let mut text = text.into_owned();
    let mut notes = Vec::new();
    if guess.guessed {
        notes.push(format!("read as {}, by the look of its bytes", guess.encoding.name()));
    }
    notes.extend(unreadable(&text, guess.encoding));
    if text.contains('\0') {
        notes.push(format!("zero bytes dropped: {}", text.matches('\0').count()));
        text.retain(|c| c != '\0');
    }
    Ok((text, notes))
}

fn has_many_controls(bytes: &[u8]) -> bool {
    bytes.iter().filter(|&&b| b < b' ' && !matches!(b, b'\t'..=b'\r' | b'\x1b')).count() * STRAY > bytes.len()
}

/// Tells how many characters of a decoded text were lost.
pub(super) fn unreadable(text: &str, encoding: &'static Encoding) -> Option<String> {
    match text.matches('\u{FFFD}').count() {
        0 => None,
        1 => Some(format!("1 character could not be read as {} and is U+FFFD", encoding.name())),
        count => Some(format!("{count} characters could not be read as {} and are U+FFFD", encoding.name())),
    }
}

/// How many characters beyond ASCII are right UTF-8, and how many faults there are. A character that the end of a cut
/// sample cuts is neither.
fn utf8_letters(sample: &[u8], cut: bool) -> (usize, usize) {
    let (mut valid, mut faults) = (0, 0);
    let mut rest = sample.len();
    for chunk in sample.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        rest -= chunk.valid().len() + chunk.invalid().len();
        let cut =
            cut && rest == 0 && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        faults += usize::from(!chunk.invalid().is_empty() && !cut);
    }
    (valid, faults)
}

/// UTF-16 without a byte order mark: in Latin text, most bytes of one parity are zero and hardly any of the other. In
/// Arabic, only those of spaces and signs are, but then what is no letter would be control characters in UTF-8.
fn utf16(sample: &[u8]) -> Option<&'static Encoding> {
    let (pairs, _) = sample.as_chunks::<2>();
    let zeros = |at: usize| pairs.iter().filter(|pair| pair[at] == 0).count();
    let (high, low) = (zeros(0), zeros(1));
    let others_are_controls = has_many_controls(&sample.iter().copied().filter(|&b| b != 0).collect::<Vec<_>>());
    let regular = |zeros: usize, others: usize| {
        let most = zeros * 2 > pairs.len() || zeros * 8 > pairs.len() && others_are_controls;
        pairs.len() >= 4 && most && others * 20 < zeros
    };
    let encoding = match () {
        () if regular(low, high) => UTF_16LE,
        () if regular(high, low) => UTF_16BE,
        () => return None,
    };
    let (text, _) = encoding.decode_without_bom_handling(pairs.as_flattened());
    // The end of the sample may cut a surrogate pair.
    let odd = text.chars().filter(|&c| c == '\u{FFFD}' || c.is_control() && !matches!(c, '\t'..='\r')).count();
    (odd <= 1 + pairs.len() / 50).then_some(encoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bytes: &[u8]) -> String {
        guess(bytes, true, None, None).map_or_else(|reason| reason, |guess| guess.encoding.name().to_owned())
    }

    #[test]
    fn tables_are_sorted() {
        assert!(MAGIC.is_sorted_by(|a, b| a.0 < b.0));
        assert!(FRENCH.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn finds_the_encoding() {
        let utf16 = |text: &str, little: bool| -> Vec<u8> {
            text.encode_utf16().flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
        };
        let arabic = "قتل خمسة جنود في هجوم على نقطة عسكرية قرب مدينة ميناكا";
        for (bytes, want) in [
            (b"tout simple".to_vec(), "UTF-8"),
            ("déjà vu".as_bytes().to_vec(), "UTF-8"),
            (b"\xef\xbb\xbfd\xc3\xa9j\xc3\xa0".to_vec(), "UTF-8"),
            (b"l\x92arm\xe9e a tu\xe9".to_vec(), "windows-1252"),
            (b"d\xe9j\xe0".to_vec(), "windows-1252"),
            (utf16("L'armée à Kidal", true), "UTF-16LE"),
            (utf16("L'armée à Kidal", false), "UTF-16BE"),
            (utf16(arabic, true), "UTF-16LE"),
            ([b"\xff\xfe".to_vec(), utf16("été", true)].concat(), "UTF-16LE"),
            (encoding_rs::WINDOWS_1256.encode(arabic).0.into_owned(), "windows-1256"),
            ("é à ù ê ô".bytes().chain([0xe9, b' ']).collect(), "UTF-8"),
            ("cut é".bytes().take(5).collect(), "UTF-8"),
            (b"%PDF-1.4".to_vec(), "binary data (PDF)"),
            (b"a\0b\0\0\0c".to_vec(), "binary data"),
            (b"Un poste\0 attaqu\xc3\xa9".to_vec(), "binary data"),
            (b"Un poste\0 attaque a Gao, selon un elu local joint par telephone.".to_vec(), "UTF-8"),
            (b"Un poste\0 attaqu\xe9 a Gao, selon un elu local joint par telephone.".to_vec(), "binary data"),
            (b"champ 1\0\0champ 2\0\0champ 3\0\0champ 4\0\0".to_vec(), "binary data"),
            ((0..=255).collect(), "binary data"),
        ] {
            assert_eq!(name(&bytes), want, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_forced_or_declared_counts() {
        let latin2 = encoding_rs::ISO_8859_2;
        let of = |bytes: &[u8], forced, declared| guess(bytes, false, forced, declared).unwrap().encoding;
        assert_eq!(of(b"\xef\xbb\xbfabc", Some(latin2), None), latin2);
        assert_eq!(of(b"caf\xe9", None, Some(latin2)), latin2);
        assert_eq!(of("café".as_bytes(), None, Some(latin2)), UTF_8);
        assert_eq!(of(b"caf\xe9", None, Some(UTF_8)), WINDOWS_1252);
    }

    #[test]
    fn zero_bytes_are_dropped_and_told() {
        let (text, notes) = decode(&[&[b'a'; 99][..], b"\0\xc3\xa9"].concat(), None, None).unwrap();
        assert_eq!((text, notes), ("a".repeat(99) + "é", vec!["zero bytes dropped: 1".to_owned()]));
    }

    #[test]
    fn losses_are_counted() {
        let (text, notes) =
            decode("é à ù ê ô".bytes().chain([0xe9, b' ']).collect::<Vec<_>>().as_slice(), None, None).unwrap();
        assert_eq!(text, "é à ù ê ô\u{FFFD} ");
        assert_eq!(notes.last().unwrap(), "1 character could not be read as UTF-8 and is U+FFFD");
    }
}
