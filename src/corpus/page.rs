//! The lines of a page: which are its title and byline, which are furniture, and which are the article.

use chrono::NaiveDate;

use super::byline::{self, Byline};
use super::normalize::normalize;
use super::plain::Titles;
use super::record::Draft;
use super::{comments, dateline, furniture, names, site};

/// The longest title, in characters.
const TITLE: usize = 150;

/// Lines before and after an article that are looked at one by one.
const EDGE: usize = 40;

/// Lines of the article among which a byline may stand, as below a standfirst.
const BELOW: usize = 4;

/// What the edges of a page told.
#[derive(Default)]
pub(super) struct Found {
    pub(super) title: Option<String>,
    pub(super) author: Option<String>,
    pub(super) source: Option<String>,
    pub(super) url: Option<String>,
    pub(super) published: Option<String>,
    /// The day of a change, which counts where no other day is told.
    pub(super) updated: Option<NaiveDate>,
}

pub(super) struct Page<'a> {
    lines: Vec<&'a str>,
    /// The lines from `start` to `end` are the article, but for those that are `cut`.
    start: usize,
    end: usize,
    cut: Vec<usize>,
    /// What is to be told of the lines that are left out or taken, and of those of the tail, last line first.
    told: Vec<String>,
    tail: Vec<String>,
    find_title: bool,
    /// Whether the name of the site stood above.
    sited: bool,
    /// What the draft knows, and what the page adds.
    found: Found,
}

impl<'a> Page<'a> {
    pub(super) fn new(text: &'a str, draft: &Draft, titles: Titles) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        Self {
            start: 0,
            end: lines.len(),
            lines,
            cut: Vec::new(),
            told: Vec::new(),
            tail: Vec::new(),
            find_title: titles == Titles::Find,
            sited: false,
            found: Found {
                title: draft.title.clone(),
                author: draft.author.clone(),
                source: draft.source.clone(),
                url: draft.url.clone(),
                published: draft.published.clone(),
                updated: None,
            },
        }
    }

    /// The article, what is to be told of the other lines, and what was found.
    pub(super) fn take_apart(mut self) -> (String, Vec<String>, Found) {
        self.head();
        self.comments();
        self.tail();
        self.finish()
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
            if furniture::at_edge(line) || comments::is_heading(line) || self.is_section(line, at) {
                self.told.push(left_out(line));
            } else if self.found.title.as_deref() == Some(line) {
                // The title, once more.
            } else if let Some(byline) = self.byline_at(at) {
                let what = self.take(line, byline);
                self.told.extend(what);
            } else if self.is_site(line, at) {
                self.site(line);
            } else if let Some((title, lines)) = self.title(at) {
                self.found.title = Some(title);
                self.start = at + lines;
                continue;
            } else {
                break;
            }
            self.start = at + 1;
        }
        self.below();
        self.dateline(self.start, |page, at| page.next(at + 1));
    }

    /// Bylines below a standfirst. A day alone is one only below another: it might be that of an event.
    fn below(&mut self) {
        let (mut from, mut after) = (self.start, false);
        for _ in 0..BELOW {
            let Some(at) = self.next(from) else { return };
            let byline = self.byline_at(at).filter(|byline| (byline.sure || after) && self.is_new(byline));
            after = byline.is_some();
            if let Some(byline) = byline {
                let what = self.take(self.line(at), byline);
                self.told.extend(what);
                self.cut.push(at);
            }
            from = at + 1;
        }
    }

    /// The comments of readers, up to the end, are told in one note: they may be many. Above most of the text, their
    /// heading is a link to them.
    fn comments(&mut self) {
        let length = |from: usize, to: usize| (from..to).map(|at| self.line(at).len()).sum::<usize>();
        let heading = (self.start..self.end).find(|&at| comments::is_heading(self.line(at)));
        let Some(at) = heading.filter(|&at| 3 * length(self.start, at) >= length(at, self.end)) else { return };
        let lines = (at + 1..self.end).filter(|&at| !self.line(at).is_empty()).count();
        let told = left_out(self.line(at));
        self.tail.push(if lines == 0 { told } else { format!("{told} and all below it, {lines} lines") });
        self.end = at;
    }

    fn tail(&mut self) {
        let mut first = true;
        for _ in 0..EDGE {
            let Some(at) = self.previous(self.end).filter(|at| !self.cut.contains(at)) else { return };
            let line = self.line(at);
            if furniture::at_edge(line) {
                self.tail.push(left_out(line));
            } else if let Some(heading) = self.list_heading(at) {
                let list: Vec<&str> = (heading..=at).rev().map(|at| self.line(at)).collect();
                self.tail.extend(list.into_iter().filter(|line| !line.is_empty()).map(left_out));
                self.end = heading;
                continue;
            } else if let Some(byline) = self.byline_at(at).filter(|byline| self.is_new(byline)) {
                let what = self.take(line, byline);
                self.tail.extend(what);
            } else if let Some(name) = names::signature(line).filter(|_| first && self.ends_article(at)) {
                self.found.author = Some(name);
                self.tail.push(format!("taken as author: “{line}”"));
                first = false;
            } else {
                break;
            }
            self.end = at;
        }
        self.dateline(self.end, Self::previous);
    }

    /// The byline that a line is. The day below « Date » is that of an event.
    fn byline_at(&self, at: usize) -> Option<Byline> {
        let byline = byline::read(self.line(at))?;
        let above = || (0..at).rev().map(|at| self.line(at)).find(|line| !line.is_empty()).unwrap_or_default();
        (byline.sure || !dateline::is_day_label(above())).then_some(byline)
    }

    /// A section is told from a title that is named like one by what follows: the title, or a byline where the title
    /// is known or the site stands above.
    fn is_section(&self, line: &str, at: usize) -> bool {
        let Some(sure) = site::section(line) else { return false };
        let next = self.next(at + 1);
        let untitled = self.found.title.is_none();
        let above_byline =
            (self.sited || !untitled) && next.is_some_and(|next| byline::read(self.line(next)).is_some());
        above_byline || untitled && (sure || next.is_some_and(|next| self.title(next).is_some()))
    }

    /// The name of the site on top of the page: named as media are and above more of its kind, or above a section.
    fn is_site(&self, line: &str, at: usize) -> bool {
        if !self.find_title || self.found.title.is_some() || self.sited || !site::may_be_name(line) {
            return false;
        }
        let Some(next) = self.next(at + 1) else { return false };
        let below = self.line(next);
        let section = site::section(below).is_some();
        let known = site::is_media(line);
        known && (section || byline::read(below).is_some() || self.title(next).is_some())
            || section && self.is_section(below, next)
    }

    fn site(&mut self, line: &str) {
        self.sited = true;
        if site::is_media(line) && self.found.source.is_none() {
            self.found.source = Some(line.to_owned());
            self.told.push(format!("taken as source: “{line}”"));
        } else {
            self.told.push(left_out(line));
        }
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

    /// Takes in what a byline tells and is not known yet, and tells so; a title needs no telling.
    fn take(&mut self, line: &str, byline: Byline) -> Option<String> {
        let found = &mut self.found;
        let titled = byline.title.is_some() && found.title.is_none();
        let fields = [
            ("title", &mut found.title, byline.title),
            ("author", &mut found.author, byline.author),
            ("source", &mut found.source, byline.source),
            ("url", &mut found.url, byline.url),
            ("published", &mut found.published, byline.published.map(|day| day.to_string())),
        ];
        let mut taken = Vec::new();
        for (name, known, told) in fields {
            if known.is_none() && told.is_some() {
                *known = told;
                taken.push(name);
            }
        }
        if taken.is_empty() && found.published.is_none() && found.updated.is_none() && byline.updated.is_some() {
            found.updated = byline.updated;
            taken.push("published where no other day is told");
        }
        match &taken[..] {
            [] => Some(left_out(line)),
            ["title"] if titled => None,
            _ => Some(format!("taken as {}: “{line}”", taken.join(", "))),
        }
    }

    /// At the end, a byline that tells another author or day than the head did is left where it stands.
    fn is_new(&self, byline: &Byline) -> bool {
        let found = &self.found;
        (byline.author.is_none() || found.author.is_none())
            && (byline.published.is_none() || found.published.is_none())
            && (byline.source.is_none() || found.source.is_none())
            && (byline.url.is_none() || found.url.is_none())
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

    /// Day and agency of a dateline among the three lines from `at` on, which stay in the text.
    fn dateline(&mut self, at: usize, step: impl Fn(&Self, usize) -> Option<usize>) {
        let mut next = if at == self.end { self.previous(at) } else { self.next(at) };
        for _ in 0..3 {
            let Some(at) = next else { return };
            if let Some(dateline) = dateline::read(self.line(at)) {
                self.found.published.get_or_insert_with(|| dateline.day.to_string());
                self.found.source = self.found.source.take().or(dateline.source);
                return;
            }
            next = step(self, at);
        }
    }

    fn finish(mut self) -> (String, Vec<String>, Found) {
        let mut kept = String::new();
        let article = self.lines.iter().enumerate().take(self.end).skip(self.start);
        for (_, line) in article.filter(|(at, _)| !self.cut.contains(at)) {
            if furniture::anywhere(line) {
                self.told.push(left_out(line.trim()));
            } else {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        self.told.extend(self.tail.into_iter().rev());
        (normalize(&kept), self.told, self.found)
    }
}

fn left_out(line: &str) -> String {
    format!("left out: “{line}”")
}

fn is_title(line: &str) -> bool {
    let length = line.chars().count();
    (2..=TITLE).contains(&length)
        && !line.starts_with(char::is_lowercase)
        && !line.starts_with(['-', '•', '*', '–', '—'])
        && !line.ends_with(['.', ',', ';', ':'])
        && line.chars().any(char::is_alphabetic)
        && dateline::read(line).is_none()
        && !dateline::is_event_day(line)
}

/// Whether the next line is no continuation of a broken line: a byline, a section, furniture, or a paragraph on a line of
/// its own.
fn is_text_below(title: &str, next: &str) -> bool {
    let length = next.chars().count();
    let paragraph = length > TITLE || length > 2 * title.chars().count();
    let furniture = furniture::anywhere(next) || comments::is_heading(next) || site::section(next).is_some();
    byline::read(next).is_some() || furniture || paragraph && !next.starts_with(char::is_lowercase)
}
