//! Plain text: a page without markup, of which title, byline and furniture are known by where and how they stand.

use super::normalize::normalize;
use super::page::Page;
use super::record::Draft;
use super::{Task, encoding};

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
    let (kept, told, found) = Page::new(&text, draft, titles).take_apart();
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
    draft.updated = found.updated;
    draft.notes.extend(told);
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
        let told = [
            "left out: “Actualités Monde”",
            "taken as author: “Par : Awa K.”",
            "taken as published: “Publié le 9 janvier 2025”",
            "left out: “Partager”",
            "left out: “Articles relatifs”",
            "left out: “Une autre attaque à Gao”",
            "left out: “Leave a Comment”",
        ];
        assert_eq!(draft.notes, told);
    }

    #[test]
    fn finds_a_signature() {
        let draft = read(&format!("{BODY}\n\nAwa KEÏTA\n#Échantillon, l'information\n\nPartager"));
        assert_eq!((draft.title.as_deref(), draft.author.as_deref()), (None, Some("Awa KEÏTA")));
        assert_eq!(draft.text, BODY);
        assert_eq!(draft.notes[0], "taken as author: “Awa KEÏTA”");
        assert_eq!(draft.notes.len(), 3);
    }

    #[test]
    fn what_a_byline_tells_otherwise_is_noted() {
        let text = format!("Titre : Autre\nPar Awa K.\nPublié le 9 janvier 2025\n\n{BODY}");
        let (title, author, day) = ("Un titre".to_owned(), "La rédaction".to_owned(), "2025-01-09T10:00".to_owned());
        let mut draft =
            Draft { text, title: Some(title), author: Some(author), published: Some(day), ..Draft::default() };
        undress(&mut draft, Titles::Given);
        assert_eq!(
            draft.notes,
            ["Titre : Autre", "Par Awa K.", "Publié le 9 janvier 2025"].map(|line| format!("left out: “{line}”"))
        );
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
