//! Files of one report: what is taken for its title, author, source and day, and what is left out.

use super::{BODY, Read, one};

/// Title, author, source and day of the only report.
fn fields(read: &Read) -> String {
    let [report] = &read.reports[..] else { panic!("{} reports, {:?}", read.reports.len(), read.skips) };
    let day = report.published.map(|day| day.to_string());
    [&report.title, &report.author, &report.source, &day]
        .map(|value| value.clone().unwrap_or_else(|| "-".to_owned()))
        .join(" / ")
}

#[test]
fn front_matter_that_is_no_yaml_is_read_line_by_line() {
    let lines = "title: Mali : trois morts à Gossi\nauteur: Awa K.\ndate: 2025-01-09\nsource: Échantillon\n\
        groups:\n- JNIM\n- FAMa\nregions: [Mali/Gao]\n";
    for text in [format!("---\n{lines}---\n\n{BODY}\n"), format!("---\n{lines}\n{BODY}\n")] {
        let read = one("a.md", text.as_bytes());
        assert_eq!(fields(&read), "Mali : trois morts à Gossi / Awa K. / Échantillon / 2025-01-09", "{text}");
        let report = &read.reports[0];
        assert_eq!((report.text.as_str(), report.groups.len(), report.regions.len()), (BODY, 2, 1), "{text}");
        assert!(read.told()[0].starts_with("front matter read line by line"), "{:?}", read.told());
    }
}

#[test]
fn the_day_of_an_event_is_no_publication_day() {
    let sheet = "Date : 23 mars 2019\nLieu : Ogossagou\nBilan : lourd";
    for (name, page, kept) in [
        ("a.txt", format!("Attaque d'Ogossagou\n\n{sheet}\n\n{BODY}\n"), format!("{sheet}\n\n{BODY}")),
        ("a.txt", format!("Date : 23 mars 2019\n\nLieu : Ogossagou\n\n{BODY}\n"), "Date : 23 mars 2019\n".to_owned()),
        ("a.txt", format!("{BODY}\n\nDate\n\n23 mars 2019\n"), format!("{BODY}\n\nDate\n\n23 mars 2019")),
        ("a.txt", format!("{BODY}\n\nDate | 23 mars 2019\n"), format!("{BODY}\n\nDate | 23 mars 2019")),
        ("a.txt", format!("Massacre d'Ogossagou, le 23 mars 2019\n\n{BODY}\n"), BODY.to_owned()),
        ("a.html", format!("<main><h1>T</h1><p>Date : 23 mars 2019</p><p>{BODY}</p></main>"), sheet[..19].to_owned()),
        (
            "a.html",
            format!("<main><table><tr><th>Date</th><td>23 mars 2019</td></tr></table><p>{BODY}</p></main>"),
            "Date\t23 mars 2019".to_owned(),
        ),
    ] {
        let read = one(name, page.as_bytes());
        assert_eq!((read.reports[0].published, read.told()), (None, vec![]), "{page}");
        assert!(read.reports[0].text.contains(&kept), "{page}: {}", read.reports[0].text);
    }
}

#[test]
fn what_is_taken_for_a_field_is_told() {
    let page = format!(
        "Un poste attaqué\n\nPar : Awa K.\nMis à jour le 10 janvier 2025\n\n{BODY}\n\nSource : Échantillon B\n\nPartager\n"
    );
    let read = one("a.txt", page.as_bytes());
    assert_eq!(fields(&read), "Un poste attaqué / Awa K. / Échantillon B / 2025-01-10");
    let told = [
        "taken as author: “Par : Awa K.”",
        "taken as published where no other day is told: “Mis à jour le 10 janvier 2025”",
        "taken as source: “Source : Échantillon B”",
        "left out: “Partager”",
    ];
    assert_eq!(read.told(), told);
    assert_eq!(read.reports[0].text, BODY);
    let page = page.replace("\n\nSource", "\nPublié le 9 janvier 2025\n\nSource");
    assert!(fields(&one("a.txt", page.as_bytes())).ends_with("2025-01-09"));
    assert!(
        fields(&one("2025-01-08-poste.txt", page.replace("Publié le 9 janvier 2025", "").as_bytes())).ends_with("-08")
    );
}

#[test]
fn datelines_of_the_press_are_found() {
    let title = "Ménaka : un poste attaqué";
    for (head, want) in [
        (
            format!("{title}\n\nPublié le 12 mars 2024 à 18h20 – Mis à jour le 13 mars 2024\n\n"),
            format!("{title} / - / - / 2024-03-12"),
        ),
        (
            format!("Radio Tamani\nSociété\n\n{title}\n\nPar Oumar Cissé\n12/03/2024 à 08h15\n\n"),
            format!("{title} / Oumar Cissé / Radio Tamani / 2024-03-12"),
        ),
        (
            "Radio Tamani\n\nSociété\n\nPar Oumar Cissé\n\n12/03/2024 à 08h15\n\n".to_owned(),
            "- / Oumar Cissé / Radio Tamani / 2024-03-12".to_owned(),
        ),
        (
            format!("{title}\nSociété\nPar Oumar Cissé\n12/03/2024 à 08h15\n"),
            format!("{title} / Oumar Cissé / - / 2024-03-12"),
        ),
        (format!("Tamani Info\nSociété\n{title}\nPublié le 12/03/2024\n\n"), format!("{title} / - / - / 2024-03-12")),
        (format!("{title}\nPar AFP le 02.04.2019 à 18h20\n\n"), format!("{title} / AFP / AFP / 2019-04-02")),
        (format!("{title}\n\nAFP | 02/04/2019\n\n"), format!("{title} / - / AFP / 2019-04-02")),
    ] {
        let read = one("a.txt", format!("{head}{BODY}\n\n{BODY}\n").as_bytes());
        assert_eq!(fields(&read), want, "{head}");
        assert_eq!(read.reports[0].text, format!("{BODY}\n\n{BODY}"), "{head}");
    }
    let lead = "Une attaque a fait trois blessés dans la nuit de lundi à mardi, selon les autorités.";
    for (head, want, kept) in [
        ("AFP - Bamako, le 12 mars 2024.\n\n", "AFP / 2024-03-12", "AFP - Bamako, le 12 mars 2024.\n\n"),
        ("BAMAKO, 12 mars 2024 (Xinhua) -- ", "Xinhua / 2024-03-12", "BAMAKO, 12 mars 2024 (Xinhua) -- "),
        (&format!("{lead}\n\nPar Awa Keïta\n12/03/2024 à 08h15\n\n"), "- / 2024-03-12", &format!("{lead}\n\n")),
    ] {
        let read = one("a.txt", format!("{title}\n\n{head}{BODY}\n").as_bytes());
        assert!(fields(&read).starts_with(title) && fields(&read).ends_with(want), "{head}: {}", fields(&read));
        assert_eq!(read.reports[0].text, format!("{kept}{BODY}"), "{head}");
    }
}

#[test]
fn the_comments_of_readers_are_left_out() {
    let comments = "Commentaires (3)\n\nAli\nBravo à nos soldats.\n\nAwa\nQue la paix revienne !\n";
    let read = one("a.txt", format!("{BODY}\n\nPartager\n\n{comments}").as_bytes());
    assert_eq!(read.reports[0].text, BODY);
    assert_eq!(read.told(), ["left out: “Partager”", "left out: “Commentaires (3)” and all below it, 4 lines"]);
    // Above the article, it is a link to them.
    let read = one("a.txt", format!("Un poste attaqué\nCommentaires (3)\n\n{BODY}\n\n{BODY}\n").as_bytes());
    assert_eq!(read.told(), ["left out: “Commentaires (3)”"]);
    let lead = "Trois soldats ont été blessés.";
    let read = one("a.txt", format!("{lead}\n\n3 commentaires\n\n{}", BODY.repeat(9)).as_bytes());
    assert!(read.told().is_empty() && read.reports[0].text.ends_with(BODY));
}

#[test]
fn a_page_of_a_wiki_is_read_without_its_marks() {
    let page = format!(
        "<html><body><main><h1>Massacre d'Ogossagou</h1><table class=infobox><tr><th>Date<td><time datetime=2019-03-23>23 \
         mars 2019</time></table><p>{BODY}<sup>[<a href=#n1>1</a>]</sup><sup>,</sup><sup>[note 2]</sup></p><h2>Contexte\
         <span>[<a href=x>modifier</a> | <a href=y>modifier le code</a>]</span></h2><p>{BODY}</p></main></body></html>"
    );
    let read = one("a.html", page.as_bytes());
    assert_eq!(fields(&read), "Massacre d'Ogossagou / - / - / -");
    assert!(read.reports[0].text.ends_with(&format!("{BODY}\n\nContexte\n\n{BODY}")), "{}", read.reports[0].text);
    assert_eq!(read.told(), ["left out: marks within the text, such as [1]: 3"]);
}
