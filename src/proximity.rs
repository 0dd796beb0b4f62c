//! Where words stand together: the same for a query over reports and for the marks of a text.

use std::collections::VecDeque;

/// The places at which words stand together in any order, with at most `slop` others among them.
///
/// `rows` holds the places of each word, in order; a word that is asked for twice has the same row twice, and has to
/// stand twice. Each coming together is told once, when its last word is met, by the places of all its words, in order.
pub(crate) fn together(rows: &[&[u32]], slop: u32) -> Vec<Vec<u32>> {
    // Each word once, with how often it is asked for and its last places so far.
    let mut words: Vec<(&[u32], usize, VecDeque<u32>)> = Vec::new();
    for row in rows {
        match words.iter_mut().find(|(known, ..)| known == row) {
            Some((_, times, _)) => *times += 1,
            None => words.push((row, 1, VecDeque::new())),
        }
    }
    let mut all: Vec<(u32, usize)> = Vec::new();
    for (word, (row, ..)) in words.iter().enumerate() {
        all.extend(row.iter().map(|&place| (place, word)));
    }
    all.sort_unstable();
    let reach = (slop as usize).saturating_add(rows.len().saturating_sub(1));
    let mut found: Vec<Vec<u32>> = Vec::new();
    for (place, word) in all {
        let (_, times, last) = &mut words[word];
        last.push_back(place);
        if last.len() > *times {
            last.pop_front();
        }
        let first = words.iter().filter_map(|(.., last)| last.front()).min().copied().unwrap_or(place);
        let complete = words.iter().all(|(_, times, last)| last.len() == *times);
        let new = found.last().is_none_or(|known| known.first() != Some(&first));
        if complete && new && (place - first) as usize <= reach {
            let mut places: Vec<u32> = words.iter().flat_map(|(.., last)| last).copied().collect();
            places.sort_unstable();
            places.dedup();
            found.push(places);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_together_in_any_order() {
        assert_eq!(together(&[&[10], &[16]], 5), [[10, 16]]);
        assert_eq!(together(&[&[16], &[10]], 5), [[10, 16]]);
        assert!(together(&[&[10], &[17]], 5).is_empty());
        assert_eq!(together(&[&[1, 20], &[2, 21], &[3, 22]], 0), [[1, 2, 3], [20, 21, 22]]);
    }

    #[test]
    fn a_word_that_is_asked_for_twice_has_to_stand_twice() {
        assert!(together(&[&[10], &[10]], 5).is_empty());
        assert_eq!(together(&[&[10, 12], &[10, 12]], 5), [[10, 12]]);
    }
}
