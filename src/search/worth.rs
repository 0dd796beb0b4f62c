//! What the first pass takes a report to be worth: BM25 as the library computes it, over tables that all terms of a field
//! share.

use std::rc::Rc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, Score};

use super::weights::{B, K1};

/// What is added to how often a term stands in a report, by the class of length that the report has: the longer, the more.
pub(super) struct Lengths([Score; 256]);

impl Lengths {
    /// Against the mean length of the field, in terms.
    pub(super) fn of(mean: f32) -> Self {
        Self(std::array::from_fn(|class| {
            let length = FieldNormReader::id_to_fieldnorm(u8::try_from(class).unwrap_or(u8::MAX));
            K1 * (1.0 - B + B * length as f32 / mean)
        }))
    }
}

/// What a report is worth that was found.
pub(super) enum Worth {
    /// Nobody asks.
    Untold,
    /// The same for each.
    Same(Score),
    /// By how often it has what was looked for, how rare that is, and how long the report is.
    Rarity {
        /// The worth of a report that has nothing else.
        most: Score,
        lengths: Rc<Lengths>,
        norms: FieldNormReader,
    },
}

impl Worth {
    /// By a rarity, as [`inverse`](super::rarity::inverse) tells it, and a weight.
    pub(super) fn of(rarity: f32, weight: f32, lengths: &Rc<Lengths>, norms: &FieldNormReader) -> Self {
        let most = rarity * (1.0 + K1) * weight;
        Self::Rarity { most, lengths: Rc::clone(lengths), norms: norms.clone() }
    }

    /// What no report is worth more than.
    pub(super) fn most(&self) -> Score {
        match self {
            Self::Untold => 0.0,
            Self::Same(score) => *score,
            Self::Rarity { most, .. } => *most,
        }
    }

    /// What a report is worth that has it so many times.
    pub(super) fn score(&self, doc: DocId, times: u32) -> Score {
        match self {
            Self::Untold => 0.0,
            Self::Same(score) => *score,
            Self::Rarity { most, lengths, norms } => {
                let times = times as Score;
                most * (times / (times + lengths.0[usize::from(norms.fieldnorm_id(doc))]))
            }
        }
    }
}
