//! The furniture of pages: lines around an article that are no part of it, known by their wording.

use crate::french::fold;

/// How a phrase must stand to be furniture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    /// The whole line, wherever it stands.
    Alone,
    /// The whole line, and what follows up to the end is a list of headlines.
    AboveList,
    /// The whole line, before or after the article only: within it, it might be a heading.
    AtEdge,
    /// The start of a short line that is no sentence, wherever it stands: `Lire aussi : …`.
    Starting,
    /// The start of a line before or after the article only.
    StartingAtEdge,
}

use Stands::{AboveList, Alone, AtEdge, Starting, StartingAtEdge};

/// Phrases as [`key`] makes them: folded, in lower case, without signs at their ends.
const PHRASES: [(&str, Stands); 109] = [
    ("a decouvrir aussi", AboveList),
    ("a la une", AtEdge),
    ("a lire aussi", AboveList),
    ("a lire egalement", AboveList),
    ("a propos de l'auteur", AtEdge),
    ("a voir aussi", AboveList),
    ("abonnez-vous", StartingAtEdge),
    ("accepter les cookies", Alone),
    ("advertisement", Alone),
    ("afficher les commentaires", Alone),
    ("ajouter un commentaire", Alone),
    ("aller au contenu", Alone),
    ("article precedent", StartingAtEdge),
    ("article suivant", StartingAtEdge),
    ("articles associes", AboveList),
    ("articles connexes", AboveList),
    ("articles lies", AboveList),
    ("articles recents", AboveList),
    ("articles relatifs", AboveList),
    ("articles similaires", AboveList),
    ("aucun commentaire", AtEdge),
    ("cliquez ici pour", StartingAtEdge),
    ("commentaire", AtEdge),
    ("commentaires", AtEdge),
    ("commentez cet article", Alone),
    ("copier le lien", Alone),
    ("copyright", StartingAtEdge),
    ("dans la meme categorie", AboveList),
    ("dans la meme rubrique", AboveList),
    ("ecouter l'article", Alone),
    ("en savoir plus sur les cookies", Alone),
    ("enregistrer mon nom, mon e-mail et mon site", StartingAtEdge),
    ("envoyer par e-mail", Alone),
    ("envoyer par mail", Alone),
    ("etiquettes", StartingAtEdge),
    ("facebook comments", Alone),
    ("fil d'actualite", AtEdge),
    ("fil info", AtEdge),
    ("gerer les cookies", Alone),
    ("imprimer", Alone),
    ("imprimer cet article", Alone),
    ("inscrivez-vous", StartingAtEdge),
    ("j'aime ca", StartingAtEdge),
    ("je m'abonne", Alone),
    ("laisser un commentaire", Alone),
    ("laissez un commentaire", Alone),
    ("laissez votre commentaire", Alone),
    ("le champ e-mail est obligatoire", StartingAtEdge),
    ("leave a comment", Alone),
    ("leave a reply", Alone),
    ("les champs obligatoires sont indiques", StartingAtEdge),
    ("les plus lus", AboveList),
    ("lire aussi", AboveList),
    ("lire egalement", AboveList),
    ("lire l'article complet", StartingAtEdge),
    ("lire la suite", Alone),
    ("loading", AtEdge),
    ("mots cles", StartingAtEdge),
    ("mots-cles", StartingAtEdge),
    ("navigation de l'article", Alone),
    ("newsletter", AtEdge),
    ("nos derniers articles", AboveList),
    ("nous utilisons des cookies", StartingAtEdge),
    ("partage", AtEdge),
    ("partager", Alone),
    ("partager cet article", Alone),
    ("partager l'article", Alone),
    ("partager par e-mail", Alone),
    ("partager sur", Starting),
    ("partager via", Starting),
    ("partagez", Alone),
    ("partagez cet article", Alone),
    ("passer au contenu", Alone),
    ("poster un commentaire", Alone),
    ("postez un commentaire", Alone),
    ("pour recevoir nos alertes", StartingAtEdge),
    ("precedent", AtEdge),
    ("publicite", Alone),
    ("publier un commentaire", Alone),
    ("reagir a cet article", Alone),
    ("recevez", StartingAtEdge),
    ("rechercher", AtEdge),
    ("recommande pour vous", AboveList),
    ("rejoignez notre chaine", StartingAtEdge),
    ("rejoignez-nous sur", StartingAtEdge),
    ("related articles", AboveList),
    ("related posts", AboveList),
    ("repondre", AtEdge),
    ("retour a l'accueil", Alone),
    ("s'abonner", AtEdge),
    ("se connecter", AtEdge),
    ("share this", AtEdge),
    ("suivant", AtEdge),
    ("suivez-nous", StartingAtEdge),
    ("sur le meme sujet", AboveList),
    ("tags", StartingAtEdge),
    ("telecharger notre application", StartingAtEdge),
    ("telechargez l'application", StartingAtEdge),
    ("telechargez notre application", StartingAtEdge),
    ("temps de lecture", StartingAtEdge),
    ("tous droits de reproduction", StartingAtEdge),
    ("tous droits reserves", StartingAtEdge),
    ("toute l'actualite", AtEdge),
    ("voir aussi", AboveList),
    ("voir tous les articles", StartingAtEdge),
    ("vos commentaires", AtEdge),
    ("votre adresse de messagerie ne sera pas publiee", StartingAtEdge),
    ("votre adresse e-mail ne sera pas publiee", StartingAtEdge),
    ("vous aimerez aussi", AboveList),
];

/// Words of the buttons under an article: a line of nothing else is furniture.
const BUTTONS: [&str; 20] = [
    "copier",
    "email",
    "facebook",
    "imprimer",
    "instagram",
    "lien",
    "linkedin",
    "mail",
    "messenger",
    "partager",
    "pinterest",
    "print",
    "reddit",
    "share",
    "telegram",
    "tumblr",
    "tweet",
    "tweeter",
    "twitter",
    "whatsapp",
];

/// The longest line that can be furniture by its start, in characters.
pub(super) const LONGEST: usize = 200;

/// Whether a line is furniture wherever it stands.
pub(super) fn anywhere(line: &str) -> bool {
    let key = key(line);
    match find(&key) {
        Some((Alone | AboveList, true)) => true,
        Some((Starting | AboveList, false)) => is_no_sentence(line),
        _ => buttons(&key),
    }
}

/// Whether a line before or after an article is furniture.
pub(super) fn at_edge(line: &str) -> bool {
    if anywhere(line) || is_mark(line) {
        return true;
    }
    match find(&key(line)) {
        Some((AtEdge | StartingAtEdge | Starting, true)) => true,
        Some((StartingAtEdge, false)) => line.chars().count() <= LONGEST,
        _ => false,
    }
}

/// Whether a line is the heading of a list of other articles.
pub(super) fn above_list(line: &str) -> bool {
    matches!(find(&key(line)), Some((AboveList, true)))
}

/// Whether a line may be one of a list of other articles: short, and no sentence.
pub(super) fn is_headline(line: &str) -> bool {
    line.chars().count() <= 150 && !line.ends_with(['.', ':'])
}

/// The phrase that a key is (`true`) or starts with, followed by something else than a letter (`false`).
fn find(key: &str) -> Option<(Stands, bool)> {
    let at = PHRASES.partition_point(|(phrase, _)| *phrase <= key);
    // The longest phrase that the key starts with is among those before it; none is the start of more than a few.
    let before =
        PHRASES.get(..at)?.iter().rev().take_while(|(phrase, _)| phrase.as_bytes().first() == key.as_bytes().first());
    before.filter_map(|(phrase, stands)| Some((*stands, *phrase, key.strip_prefix(phrase)?))).find_map(
        |(stands, _, rest)| {
            let bounded = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '\'');
            // « Lire aussi » starts a line of furniture only with a colon or bar after it.
            let separated = stands != AboveList || rest.trim_start().starts_with([':', '|', '-', '–', '—']);
            (rest.is_empty() || bounded && separated).then_some((stands, rest.is_empty()))
        },
    )
}

/// A hashtag or a copyright sign starts no sentence.
fn is_mark(line: &str) -> bool {
    let hashtag = line.strip_prefix('#').is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    (hashtag || line.starts_with('©')) && line.chars().count() <= LONGEST
}

fn buttons(key: &str) -> bool {
    let mut words = key.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| BUTTONS.binary_search(&word).is_ok())
}

fn is_no_sentence(line: &str) -> bool {
    line.chars().count() <= LONGEST && !line.ends_with('.')
}

/// A line as the table has its phrases.
pub(super) fn key(line: &str) -> String {
    let folded = fold(&line.to_lowercase());
    let words: Vec<&str> = folded.split_whitespace().collect();
    words.join(" ").trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_folded() {
        for pair in PHRASES.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} / {}", pair[0].0, pair[1].0);
        }
        assert!(PHRASES.iter().all(|(phrase, _)| key(phrase) == *phrase));
        assert!(BUTTONS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn knows_furniture_anywhere() {
        for line in [
            "Partager",
            "PARTAGER :",
            "► Lire aussi",
            "À lire aussi : Sahel, une année de violences",
            "Lire aussi | Trois questions sur la force conjointe",
            "Laisser un commentaire",
            "Facebook Twitter WhatsApp",
            "Publicité",
        ] {
            assert!(anywhere(line), "{line}");
        }
    }

    #[test]
    fn leaves_text_alone() {
        for line in [
            "",
            "Partager les renseignements est devenu une priorité, dit l'état-major.",
            "Lire aussi : « Nous avons fui », raconte-t-elle, avant de décrire la nuit de l'attaque.",
            "Voir aussi loin que possible",
            "Un bilan lourd",
            "Commentaires",
            "Mali",
        ] {
            assert!(!anywhere(line), "{line}");
        }
        assert!(!at_edge("Recevoir des soins reste difficile"));
        assert!(!at_edge("# Titre"));
    }

    #[test]
    fn knows_furniture_at_the_edge() {
        for line in [
            "#Sahel, toute l'information",
            "© Radio 2025 – Tous droits réservés",
            "Inscrivez-vous à notre lettre d'information !",
            "Temps de lecture : 3 min",
            "Commentaires",
        ] {
            assert!(at_edge(line), "{line}");
        }
    }
}
