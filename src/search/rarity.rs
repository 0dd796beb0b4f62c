//! How rare what a query asks for is: in reports, and in their leads.

use super::dictionary::{Dictionary, Frequency};
use super::plan::{Plan, Slot, Variant, Way};
use super::weights::ACRONYM;
use crate::index::{IndexError, IndexReader};
use crate::query::Part;

/// Inverse document frequencies, as BM25 takes them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rarity {
    pub(super) report: f32,
    pub(super) lead: f32,
}

impl Rarity {
    fn of(found: Frequency, reports: u64) -> Self {
        Self { report: inverse(found.reports, reports), lead: inverse(found.leads, reports) }
    }

    fn map2(self, other: Self, with: fn(f32, f32) -> f32) -> Self {
        Self { report: with(self.report, other.report), lead: with(self.lead, other.lead) }
    }

    fn plus(self, other: Self) -> Self {
        self.map2(other, |a, b| a + b)
    }
}

/// Reports of an index, deleted ones too until they are merged away: what frequencies are counted in.
pub(super) fn reports(reader: &IndexReader) -> u64 {
    reader.searcher().segment_readers().iter().map(|segment| u64::from(segment.max_doc())).sum()
}

/// The inverse document frequency of what so many of so many reports have.
pub(super) fn inverse(found: u64, reports: u64) -> f32 {
    let (found, reports) = (found as f32, reports as f32);
    (1.0 + (reports - found + 0.5).max(0.5) / (found + 0.5)).ln()
}

/// The rarity of each variant of each slot of a plan.
///
/// # Errors
/// If the index cannot be read.
pub(super) fn rarities(dictionary: &Dictionary<'_>, plan: &Plan) -> Result<Vec<Vec<Rarity>>, IndexError> {
    let reader = dictionary.reader();
    let reports = reports(reader);
    let mut found: Vec<Vec<Rarity>> = Vec::with_capacity(plan.slots.len());
    for (at, slot) in plan.slots.iter().enumerate() {
        // What is said in other words is as rare as the words that say it.
        let least = slot.instead_of.iter().filter_map(|&other| best(found.get(other)?)).reduce(Rarity::plus);
        found.push(if slot.named {
            of_named(dictionary, plan, at)?
        } else {
            of_slot(dictionary, slot, least, reports)?
        });
    }
    Ok(found)
}

/// The rarity of what passages tell, where it counts for the rank; filters have none.
fn of_named(dictionary: &Dictionary<'_>, plan: &Plan, at: usize) -> Result<Vec<Rarity>, IndexError> {
    let mut found = Vec::new();
    if !plan.concepts.iter().flatten().flatten().any(|&slot| slot == at) {
        return Ok(found);
    }
    let reader = dictionary.reader();
    let reports = reports(reader);
    for variant in &plan.slots[at].variants {
        let mut sum = 0;
        for term in variant.ways.iter().filter_map(Way::terms).flatten() {
            sum += dictionary.entry(reader.fields().mention, term)?.reports;
        }
        let rarity = inverse(sum.min(reports), reports);
        found.push(Rarity { report: rarity, lead: rarity });
    }
    Ok(found)
}

fn best(variants: &[Rarity]) -> Option<Rarity> {
    variants.iter().copied().reduce(|a, b| a.map2(b, f32::max))
}

fn of_slot(
    dictionary: &Dictionary<'_>,
    slot: &Slot,
    least: Option<Rarity>,
    reports: u64,
) -> Result<Vec<Rarity>, IndexError> {
    let mut found = Vec::with_capacity(slot.variants.len());
    for variant in &slot.variants {
        found.push(of_variant(dictionary, variant, slot.part, reports)?);
    }
    if let Some(least) = least {
        // The words in a row are as rare as they are one by one, and so are the letters that stand for them; what only says
        // nearly the same is no rarer.
        let own = found.first().map_or(least, |own| own.map2(least, f32::max));
        let rarity = |(at, (variant, rarity)): (usize, (&Variant, Rarity))| {
            if at == 0 || variant.weight >= ACRONYM { own } else { rarity.map2(own, f32::min) }
        };
        return Ok(slot.variants.iter().zip(found).enumerate().map(rarity).collect());
    }
    // A rare word that is only near what was asked for does not outweigh it.
    let written =
        slot.variants.iter().zip(&found).filter(|(variant, rarity)| !variant.added && rarity.report.is_finite());
    let written = written.map(|(_, rarity)| *rarity).reduce(|a, b| a.map2(b, f32::min));
    let capped = |(variant, rarity): (&Variant, Rarity)| match written {
        Some(written) if variant.added => rarity.map2(written, f32::min),
        _ => rarity,
    };
    Ok(slot.variants.iter().zip(found).map(capped).collect())
}

/// A variant is as rare as its most frequent spelling; where the first of them is a phrase, at least as its words
/// together.
fn of_variant(
    dictionary: &Dictionary<'_>,
    variant: &Variant,
    part: Option<Part>,
    reports: u64,
) -> Result<Rarity, IndexError> {
    let mut sum = Rarity::default();
    if let Some(way) = variant.ways.first().filter(|way| way.steps.len() > 1) {
        for step in &way.steps {
            let mut most = Frequency::default();
            for term in &step.terms {
                most = more(most, dictionary.frequency(term, part)?);
            }
            sum = sum.plus(Rarity::of(most, reports));
        }
        if variant.ways.len() == 1 {
            return Ok(sum);
        }
    }
    let mut most = Frequency::default();
    for way in &variant.ways {
        most = more(most, spelled(dictionary, way, part, reports)?);
    }
    Ok(Rarity::of(most, reports).map2(sum, f32::max))
}

/// How many reports have a spelling, at most: all that have any term of a word, of several the rarest word.
pub(super) fn spelled(
    dictionary: &Dictionary<'_>,
    way: &Way,
    part: Option<Part>,
    reports: u64,
) -> Result<Frequency, IndexError> {
    let mut least = Frequency { reports, leads: reports };
    for step in &way.steps {
        let mut sum = Frequency::default();
        for term in &step.terms {
            let found = dictionary.frequency(term, part)?;
            let both = (sum.reports + found.reports, sum.leads + found.leads);
            sum = Frequency { reports: both.0.min(reports), leads: both.1.min(reports) };
        }
        least = Frequency { reports: least.reports.min(sum.reports), leads: least.leads.min(sum.leads) };
    }
    Ok(least)
}

fn more(a: Frequency, b: Frequency) -> Frequency {
    Frequency { reports: a.reports.max(b.reports), leads: a.leads.max(b.leads) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarer_the_more() {
        assert!(inverse(1, 1000) > inverse(10, 1000) && inverse(1000, 1000) > 0.0);
    }
}
