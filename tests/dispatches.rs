//! The made-up dispatches that benches run over are the same on every machine.

#[path = "../benches/support/mod.rs"]
mod support;

use std::sync::OnceLock;

use support::writer::join;
use support::{Generator, SEED};

/// Made once: it reads tables.
fn generator() -> &'static Generator {
    static GENERATOR: OnceLock<Generator> = OnceLock::new();
    GENERATOR.get_or_init(|| Generator::new(SEED))
}

#[test]
fn the_first_dispatch_is_what_it_was() {
    let first = generator().dispatch(0);
    insta::assert_snapshot!([first.id, first.published, first.source, first.url, first.title, first.text].join("\n"), @r#"
    d0000000
    2024-04-10
    Sahel Dépêches
    https://exemple.invalid/2024/04/10/0
    Mali : une frappe à Goré
    Dakabiba, le 8 avril 2024 – Les troupes ont tué une mosquée dans le cercle de Goré, où Dan Na Atem et Dan Na Atem se disputent les services depuis plusieurs mois. Ni les réseaux ni des habitants n’ont arrêté l’immérité que Dan Na Atem voulait layer tôt lundi, a confirmé une source militaire. Là où des juges lobèrent, les écoles japhétiques libèrent la pollicitation, et parfois le léninisme.

    Moussa Sangaré, porte-parole du gouvernement, a reçu le 8 avril dernier les véhicules du Programme alimentaire mondial pour parler de forces et de champs. Sous le liage de Dan Nan Atem, ces populations tisonnèrent des villages et les motos se sont cheminés. Cissokho, analyste, a reçu en début de semaine les forces de l’Unicef pour parler d’élections et de villages.

    « Ils nous ont dit de quitter Goré avant lundi, raconte Hamadoun Mamadou, et nous avons vu des hommes armés qui quittent les combats et les forces », près de Foulan’gouéré. Là où ces orpailleurs malmenaient, les aides de Goré surveillent la cavité, et parfois l’endoréisme.

    Les deux groupes, Dan Na Atem et Dan Na Atème, s’affrontent depuis octobre 2019 pour le contrôle des routes séléniques du Mopti. La filière de Dan Na Atème dans le Mopti compterait entre 15 et 29 200 hommes, d’après Médecins sans frontières.

    Selon l’Unicef, les forces de défense redoutent des déplacés de Bréda depuis deux ans, sans que les saprophytismes ne puissent défendre le domicile du colonel. Le bilan, encore provisoire, est de 31 morts et de deux blessés, dont deux dans un état grave, d’après des témoins.

    Dan Nan Atem a revendiqué un bombardement dans un communiqué diffusé la semaine dernière, en affirmant avoir pillé une base de Dan Nan Atem. Une explosion n’a pas été revendiquée, mais un chef coutumier y voit la main de Dan Na Atem, très actif dans la commune de Pangana.

    « Nos vivres n’ont plus de villages, et nos enfants plus d’école », a dit Sangaré, maire de Pangana, joint par téléphone en début de semaine. L’Union africaine a condamné « avec la plus grande fermeté » un enlèvement et demandé une enquête sur les menaces.

    Les recherches se poursuivaient hier au bord du fleuve pour retrouver 27 blessés toujours portées disparues. Selon le Programme alimentaire mondial, plus de 64 500 personnes ont fui le Mopti depuis 2017, et huit % des groupes y sont fermés.
    "#);
}

#[test]
fn a_thousand_dispatches_are_what_they_were() {
    let mut hasher = blake3::Hasher::new();
    generator().lines(1000).for_each(|line| {
        hasher.update(line.as_bytes());
    });
    insta::assert_snapshot!(hasher.finalize().to_hex(), @"c653dc94583c69b3a6289bb17be69bd3478ec6d12bbce826f038d3358c9edf50");
}

#[test]
fn a_dispatch_is_the_same_in_whatever_order_they_are_made() {
    let generator = generator();
    let later = generator.dispatch(7).text;
    assert_eq!(generator.lines(8).last().unwrap(), serde_json::to_string(&generator.dispatch(7)).unwrap() + "\n");
    assert_eq!(later, generator.dispatch(7).text);
    assert_ne!(later, Generator::new(SEED + 1).dispatch(7).text);
}

#[test]
fn words_join_as_in_french() {
    for (before, after, joined) in [
        ("près de ", "Ansongo", "près d'Ansongo"),
        ("le fief de ", "le JNIM", "le fief du JNIM"),
        ("face à ", "les volontaires", "face aux volontaires"),
        ("dans le ", "Oudalan", "dans l'Oudalan"),
        ("près du ", "Oudalan", "près de l'Oudalan"),
        ("près de ", "Mopti", "près de Mopti"),
        ("code ", "Ansongo", "code Ansongo"),
    ] {
        let mut out = format!("{before}{after}");
        join(&mut out, before.len());
        assert_eq!(out, joined);
    }
}
