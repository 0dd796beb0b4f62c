//! Plain text: a page without markup, of which title, byline and furniture are known by where and how they stand.

use super::normalize::normalize;
use super::record::Draft;
use super::{Task, byline, encoding, furniture, published};

/// The longest title, in characters.
const TITLE: usize = 150;

/// Lines before and after an article that are looked at one by one.
const EDGE: usize = 40;

/// Reads a text file.
pub(super) fn read(bytes: &[u8], task: &Task) -> Result<Draft, String> {
    let (text, notes) = encoding::decode(bytes, task.options.encoding, None)?;
    let mut draft = Draft { text: normalize(&text), notes, ..Draft::default() };
    undress(&mut draft, Titles::Find);
    Ok(draft)
}

/// Whether a title is looked for in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Titles {
    Find,
    Given,
}

/// Takes title and byline out of the text where the draft has none yet, and leaves out the furniture, each with a
/// note. A text that is nothing else stays as it is.
pub(super) fn undress(draft: &mut Draft, titles: Titles) {
    let text = std::mem::take(&mut draft.text);
    let mut page = Page::new(&text, draft, titles);
    page.head();
    page.tail();
    let (kept, left_out, found) = page.finish();
    if kept.is_empty() {
        draft.text = text;
        return;
    }
    draft.text = kept;
    draft.title = found.title;
    draft.author = found.author;
    draft.source = found.source;
    draft.url = found.url;
    draft.published = found.published;
    draft.notes.extend(left_out.into_iter().map(|line| format!("left out: “{line}”")));
}

/// What the edges of a page told.
#[derive(Default)]
struct Found {
    title: Option<String>,
    author: Option<String>,
    source: Option<String>,
    url: Option<String>,
    published: Option<String>,
}

struct Page<'a> {
    lines: Vec<&'a str>,
    /// The lines from `start` to `end` are the article.
    start: usize,
    end: usize,
    left_out: Vec<&'a str>,
    /// What `left_out` has of the tail, last line first.
    tail: Vec<&'a str>,
    find_title: bool,
    /// What the draft knows, and what the page adds.
    found: Found,
}

impl<'a> Page<'a> {
    fn new(text: &'a str, draft: &Draft, titles: Titles) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let find_title = titles == Titles::Find;
        Self {
            start: 0,
            end: lines.len(),
            lines,
            left_out: Vec::new(),
            tail: Vec::new(),
            find_title,
            found: Found {
                title: draft.title.clone(),
                author: draft.author.clone(),
                source: draft.source.clone(),
                url: draft.url.clone(),
                published: draft.published.clone(),
            },
        }
    }

    fn line(&self, at: usize) -> &'a str {
        self.lines.get(at).map_or("", |line| line.trim())
    }

    /// The first line with text from `at` on.
    fn next(&self, at: usize) -> Option<usize> {
        (at..self.end).find(|&at| !self.line(at).is_empty())
    }

    /// The last line with text before `at`.
    fn previous(&self, at: usize) -> Option<usize> {
        (self.start..at).rev().find(|&at| !self.line(at).is_empty())
    }

    fn head(&mut self) {
        for _ in 0..EDGE {
            let Some(at) = self.next(self.start) else { return };
            let line = self.line(at);
            if furniture::at_edge(line) || self.is_section(line, at) {
                self.left_out.push(line);
            } else if self.found.title.as_deref() == Some(line) {
                // The title, once more.
            } else if let Some(byline) = byline::read(line) {
                self.byline(line, byline);
            } else if let Some((title, lines)) = self.title(at) {
                self.found.title = Some(title);
                self.start = at + lines;
                continue;
            } else {
                break;
            }
            self.start = at + 1;
        }
        self.dateline(self.start, |page, at| page.next(at + 1));
    }

    fn tail(&mut self) {
        let mut first = true;
        for _ in 0..EDGE {
            let Some(at) = self.previous(self.end) else { return };
            let line = self.line(at);
            if furniture::at_edge(line) {
                self.tail.push(line);
            } else if let Some(heading) = self.list_heading(at) {
                let list: Vec<&str> = (heading..=at).rev().map(|at| self.line(at)).collect();
                self.tail.extend(list.into_iter().filter(|line| !line.is_empty()));
                self.end = heading;
                continue;
            } else if let Some(byline) = byline::read(line).filter(|byline| self.is_new(byline)) {
                self.byline(line, byline);
            } else if let Some(name) = byline::signature(line).filter(|_| first && self.ends_article(at)) {
                self.found.author = Some(name);
                first = false;
            } else {
                break;
            }
            self.end = at;
        }
        self.dateline(self.end, Self::previous);
    }

    /// A section is told from a title that is named like one by the title that follows it.
    fn is_section(&self, line: &str, at: usize) -> bool {
        let untitled = self.found.title.is_none();
        untitled
            && furniture::section(line)
                .is_some_and(|sure| sure || self.next(at + 1).is_some_and(|next| self.title(next).is_some()))
    }

    /// The title that starts at a line, and how many lines it has: a short line that is no sentence, above more text.
    fn title(&self, at: usize) -> Option<(String, usize)> {
        if !self.find_title || self.found.title.is_some() {
            return None;
        }
        let first = self.line(at);
        let second = self.line(at + 1);
        let below = self.line(at + 2);
        let one = first.strip_prefix("# ").unwrap_or(first);
        if is_title(one) && (second.is_empty() || is_text_below(one, second)) {
            return self.has_more(at + 1, one).then(|| (one.to_owned(), 1));
        }
        // A title broken over two lines.
        let two = format!("{one} {second}");
        let broken = second.starts_with(char::is_lowercase) && below.is_empty() && is_title(one) && is_title(&two);
        (broken && self.has_more(at + 2, &two)).then_some((two, 2))
    }

    fn has_more(&self, at: usize, title: &str) -> bool {
        let length: usize = (at..self.end).map(|at| self.line(at).len()).sum();
        length > title.len()
    }

    /// Takes in what a byline tells; what is known otherwise already is left out with a note.
    fn byline(&mut self, line: &'a str, byline: byline::Byline) {
        let found = &mut self.found;
        let known_day = found.published.as_deref().and_then(|text| published::day(text).ok());
        let day = byline.published.filter(|&day| known_day != Some(day)).map(|day| day.to_string());
        let fields = [
            (&mut found.author, byline.author),
            (&mut found.source, byline.source),
            (&mut found.title, byline.title),
            (&mut found.url, byline.url),
            (&mut found.published, day),
        ];
        let mut lost = byline.more;
        for (known, told) in fields {
            lost |= known.is_some() && told.is_some() && *known != told;
            *known = known.take().or(told);
        }
        if lost {
            self.left_out.push(line);
        }
    }

    /// At the end, a byline that tells another author or day than the head did is left where it stands.
    fn is_new(&self, byline: &byline::Byline) -> bool {
        (byline.author.is_none() || self.found.author.is_none())
            && (byline.published.is_none() || self.found.published.is_none())
            && (byline.source.is_none() || self.found.source.is_none())
            && (byline.url.is_none() || self.found.url.is_none())
            && byline.title.is_none()
    }

    /// Whether a line stands right after the last paragraph.
    fn ends_article(&self, at: usize) -> bool {
        self.found.author.is_none()
            && self.previous(at).is_some_and(|before| {
                let line = self.line(before);
                let apart = before + 1 < at || line.chars().count() > 60;
                apart && line.ends_with(['.', '!', '?', '…', '»', '”', '"', ')'])
            })
    }

    /// The heading of a list of other articles that ends with the line `at`.
    fn list_heading(&self, at: usize) -> Option<usize> {
        (self.start..=at)
            .rev()
            .take(EDGE)
            .map(|at| (at, self.line(at)))
            .take_while(|(_, line)| furniture::is_headline(line))
            .find(|(_, line)| furniture::above_list(line))
            .map(|(at, _)| at)
    }

    /// The day of a dateline among the three lines from `at` on, which stay in the text.
    fn dateline(&mut self, at: usize, step: impl Fn(&Self, usize) -> Option<usize>) {
        if self.found.published.is_some() {
            return;
        }
        let mut next = if at == self.end { self.previous(at) } else { self.next(at) };
        for _ in 0..3 {
            let Some(at) = next else { return };
            if let Some(day) = byline::dateline(self.line(at)) {
                self.found.published = Some(day.to_string());
                return;
            }
            next = step(self, at);
        }
    }

    fn finish(mut self) -> (String, Vec<&'a str>, Found) {
        let mut kept = String::new();
        for line in self.lines.get(self.start..self.end).unwrap_or_default() {
            if furniture::anywhere(line) {
                self.left_out.push(line.trim());
            } else {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        self.left_out.extend(self.tail.into_iter().rev());
        (normalize(&kept), self.left_out, self.found)
    }
}

fn is_title(line: &str) -> bool {
    let length = line.chars().count();
    (2..=TITLE).contains(&length)
        && !line.starts_with(char::is_lowercase)
        && !line.starts_with(['-', '•', '*', '–', '—'])
        && !line.ends_with(['.', ',', ';', ':'])
        && line.chars().any(char::is_alphabetic)
        && byline::dateline(line).is_none()
}

/// Whether the next line is no continuation of a broken line: a byline, or a paragraph on a line of its own.
fn is_text_below(title: &str, next: &str) -> bool {
    let length = next.chars().count();
    let paragraph = length > TITLE || length > 2 * title.chars().count();
    byline::read(next).is_some() || paragraph && !next.starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "L'armée a annoncé jeudi avoir repoussé une attaque contre un poste avancé au nord de la ville. \
        Deux assaillants ont été tués et trois motos saisies, selon un premier bilan de l'état-major.";

    fn read(text: &str) -> Draft {
        let mut draft = Draft { text: normalize(text), ..Draft::default() };
        undress(&mut draft, Titles::Find);
        draft
    }

    #[test]
    fn takes_a_page_apart() {
        let draft = read(&format!(
            "Actualités Monde \n\nUn poste attaqué au nord\n\nPar : Awa K.\nPublié le 9 janvier 2025\n\n{BODY}\n\n\
             Un bilan provisoire\n\nPartager\n\n{BODY}\n\nArticles relatifs\n\nUne autre attaque à Gao\n\nLeave a Comment"
        ));
        assert_eq!(draft.title.as_deref(), Some("Un poste attaqué au nord"));
        assert_eq!(draft.author.as_deref(), Some("Awa K."));
        assert_eq!(draft.published.as_deref(), Some("2025-01-09"));
        assert_eq!(draft.text, format!("{BODY}\n\nUn bilan provisoire\n\n{BODY}"));
        let left_out =
            ["Actualités Monde", "Partager", "Articles relatifs", "Une autre attaque à Gao", "Leave a Comment"];
        assert_eq!(draft.notes, left_out.map(|line| format!("left out: “{line}”")));
    }

    #[test]
    fn finds_a_signature() {
        let draft = read(&format!("{BODY}\n\nAwa KEÏTA\n#Échantillon, l'information\n\nPartager"));
        assert_eq!((draft.title.as_deref(), draft.author.as_deref()), (None, Some("Awa KEÏTA")));
        assert_eq!(draft.text, BODY);
        assert_eq!(draft.notes.len(), 2);
    }

    #[test]
    fn what_a_byline_tells_otherwise_is_noted() {
        let text = format!("Titre : Autre\nPar Awa K.\nPublié le 9 janvier 2025\n\n{BODY}");
        let (title, author, day) = ("Un titre".to_owned(), "La rédaction".to_owned(), "2025-01-09T10:00".to_owned());
        let mut draft =
            Draft { text, title: Some(title), author: Some(author), published: Some(day), ..Draft::default() };
        undress(&mut draft, Titles::Given);
        assert_eq!(draft.notes, ["left out: “Titre : Autre”", "left out: “Par Awa K.”"]);
        assert_eq!((draft.author.as_deref(), draft.text.as_str()), (Some("La rédaction"), BODY));
    }

    #[test]
    fn knows_titles() {
        let long = "Une phrase entière qui dit ce qui s'est passé. ".repeat(4);
        for (text, want) in [
            (format!("Titre court\n{BODY}"), Some("Titre court")),
            (format!("Titre court\nPar Awa Keïta\n{BODY}"), Some("Titre court")),
            (format!("# Titre marqué\n\n{BODY}"), Some("Titre marqué")),
            (
                format!("Un titre trop long pour une ligne et qui\ncontinue ici\n\n{BODY}"),
                Some("Un titre trop long pour une ligne et qui continue ici"),
            ),
            (format!("Mali\n\n{BODY}"), Some("Mali")),
            (format!("Mali\n\nAttaque à Gao\n\n{BODY}"), Some("Attaque à Gao")),
            (format!("Deux morts à Gao ?\n\n{BODY}"), Some("Deux morts à Gao ?")),
            (format!("Actualités\n\n{BODY}"), None),
            (format!("Une phrase courte.\n\n{BODY}"), None),
            (format!("{long}\n\n{BODY}"), None),
            (
                format!(
                    "Une ligne coupée à la quatre-vingtième colonne comme dans\nun courriel, et la suite du texte.\n{BODY}"
                ),
                None,
            ),
            ("Une seule ligne sans rien dessous".to_owned(), None),
            (format!("Bamako, le 9 janvier 2025\n\n{BODY}"), None),
        ] {
            assert_eq!(read(&text).title.as_deref(), want, "{text}");
        }
    }

    #[test]
    fn a_dateline_tells_the_day_and_stays() {
        let draft = read(&format!("Communiqué n° 3\n\nBamako, le 9 janvier 2025\n\n{BODY}"));
        assert_eq!(draft.published.as_deref(), Some("2025-01-09"));
        assert_eq!(draft.text, format!("Bamako, le 9 janvier 2025\n\n{BODY}"));
        let draft = read(&format!("{BODY}\n\nFait à Bamako, le 9 janvier 2025"));
        assert_eq!(draft.published.as_deref(), Some("2025-01-09"));
    }

    #[test]
    fn what_is_only_furniture_stays() {
        assert_eq!(read("Partager\n\nImprimer").text, "Partager\n\nImprimer");
        assert_eq!(read("").text, "");
    }

    proptest::proptest! {
        #[test]
        fn never_panics_and_never_empties(text in "(Par : Awa K\\.|Partager|Titre|Une phrase\\.|#x|9 mai 2024|\n|\n\n|é){0,12}") {
            let stored = normalize(&text);
            proptest::prop_assert_eq!(read(&text).text.is_empty(), stored.is_empty());
        }
    }
}
