//! All values of a kind of facet, each below the broader one that holds it.

use crate::facet::FacetPath;

/// The number of a value in its tree: values come in the order of their names, each right before those below it.
pub(crate) type Node = u32;
/// What all values stand below.
pub(crate) const ROOT: Node = 0;
/// What parts the names of a facet as the index writes it.
pub(super) const BETWEEN: u8 = 0;

/// The values of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    /// What each value stands right below.
    parents: Vec<Node>,
    /// The value behind the last one below each.
    ends: Vec<Node>,
    /// Names, one after the other.
    names: String,
    /// Where the name of each value ends among them.
    name_ends: Vec<usize>,
}

impl Tree {
    /// How many values there are, the one above all others among them.
    pub(crate) fn len(&self) -> usize {
        self.parents.len()
    }

    /// What each value stands right below.
    pub(crate) fn parents(&self) -> &[Node] {
        &self.parents
    }

    /// The last name of a value.
    pub(crate) fn name(&self, node: Node) -> &str {
        let at = node as usize;
        let start = if at == 0 { 0 } else { self.name_ends[at - 1] };
        &self.names[start..self.name_ends[at]]
    }

    /// The values right below one, by name.
    pub(crate) fn children(&self, node: Node) -> impl Iterator<Item = Node> + '_ {
        let end = self.ends[node as usize];
        let next = move |node: Node| (node < end).then_some(node);
        std::iter::successors(next(node + 1), move |&child| next(self.ends[child as usize]))
    }

    /// A value as it is written.
    pub(crate) fn path(&self, mut node: Node) -> FacetPath {
        let mut names = Vec::new();
        while node != ROOT {
            names.push(self.name(node).to_owned());
            node = self.parents[node as usize];
        }
        names.reverse();
        FacetPath::of(names)
    }

    /// For each value the one at a level, from 1, that it is or stands below; itself where it is broader.
    pub(crate) fn at_level(&self, level: usize) -> Vec<Node> {
        let mut levels = vec![0; self.len()];
        let mut found = vec![ROOT; self.len()];
        for (node, &parent) in (ROOT..).zip(&self.parents).skip(1) {
            let depth = levels[parent as usize] + 1;
            levels[node as usize] = depth;
            found[node as usize] = if depth <= level { node } else { found[parent as usize] };
        }
        found
    }
}

/// A tree that grows by values in the order in which the index sorts them.
pub(super) struct Growing {
    tree: Tree,
    /// The last facet.
    last: String,
    /// It with all that it stands below, and where the name of each ends in it.
    open: Vec<(Node, usize)>,
}

impl Growing {
    pub(super) fn new() -> Self {
        let root = Tree { parents: vec![ROOT], ends: vec![ROOT], name_ends: vec![0], names: String::new() };
        Self { tree: root, last: String::new(), open: vec![(ROOT, 0)] }
    }

    /// The value of a facet as the index writes it, which does not sort before the last one.
    pub(super) fn enter(&mut self, facet: &str) -> Node {
        let same = self.last.bytes().zip(facet.bytes()).take_while(|(a, b)| a == b).count();
        let ends = |end: usize| end == facet.len() || facet.as_bytes()[end] == BETWEEN;
        // Names of the last facet that end in what both begin with, and here too.
        let above = self.open.iter().skip(1).take_while(|&&(_, end)| end <= same && ends(end)).count();
        self.close(above + 1);
        let mut end = self.open.last().map_or(0, |&(_, end)| end);
        while end < facet.len() {
            let start = if self.open.len() == 1 { 0 } else { end + 1 };
            let len = facet.as_bytes()[start..].iter().take_while(|&&byte| byte != BETWEEN).count();
            end = start + len;
            let node = Node::try_from(self.tree.len()).unwrap_or(ROOT);
            self.tree.parents.push(self.node());
            self.tree.ends.push(node);
            self.tree.names.push_str(&facet[start..end]);
            self.tree.name_ends.push(self.tree.names.len());
            self.open.push((node, end));
        }
        self.last.clear();
        self.last.push_str(facet);
        self.node()
    }

    /// The values as they are, all of which were entered.
    pub(super) fn finish(mut self) -> Tree {
        self.close(0);
        self.tree
    }

    /// The last value.
    fn node(&self) -> Node {
        self.open.last().map_or(ROOT, |&(node, _)| node)
    }

    /// Nothing more comes below the values from a level on.
    fn close(&mut self, level: usize) {
        let end = Node::try_from(self.tree.len()).unwrap_or(ROOT);
        for (node, _) in self.open.drain(level.min(self.open.len())..) {
            self.tree.ends[node as usize] = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn tree(facets: &[&str]) -> Tree {
        let mut growing = Growing::new();
        for facet in facets {
            let node = growing.enter(facet);
            assert_eq!(growing.tree.path(node).names().join("\0"), *facet);
        }
        growing.finish()
    }

    #[test]
    fn values_stand_below_broader_ones() {
        let tree = tree(&["Mali\0Gao", "Mali\0Gao\0Ansongo", "Mali\0Gao Nord", "Mali\0Mopti\0Bankass", "Niger"]);
        let below = |node: Node| tree.children(node).map(|node| tree.name(node)).collect::<Vec<_>>();
        assert_eq!(below(ROOT), ["Mali", "Niger"]);
        let mali = tree.children(ROOT).next().unwrap();
        assert_eq!(below(mali), ["Gao", "Gao Nord", "Mopti"]);
        assert_eq!((tree.len(), tree.name(ROOT)), (8, ""));
        let level = tree.at_level(2);
        let told: Vec<String> = level.iter().map(|&node| tree.path(node).to_string()).collect();
        assert_eq!(
            told,
            ["", "/Mali", "/Mali/Gao", "/Mali/Gao", "/Mali/Gao Nord", "/Mali/Mopti", "/Mali/Mopti", "/Niger"]
        );
    }

    proptest::proptest! {
        #[test]
        fn every_value_is_there_once_with_all_above_it(
            facets in proptest::collection::btree_set("[abé ]{1,2}(\0[abé ]{1,2}){0,3}", 0..40),
        ) {
            let tree = tree(&facets.iter().map(String::as_str).collect::<Vec<_>>());
            let mut want = BTreeSet::new();
            for facet in &facets {
                let names: Vec<&str> = facet.split('\0').collect();
                want.extend((1..=names.len()).map(|end| names[..end].join("\0")));
            }
            let nodes = ROOT + 1..Node::try_from(tree.len()).unwrap();
            let paths: Vec<String> = nodes.clone().map(|node| tree.path(node).names().join("\0")).collect();
            proptest::prop_assert!(paths.iter().eq(&want));
            for node in std::iter::once(ROOT).chain(nodes.clone()) {
                let below: Vec<Node> = nodes.clone().filter(|&other| tree.parents()[other as usize] == node).collect();
                proptest::prop_assert_eq!(tree.children(node).collect::<Vec<_>>(), below);
            }
        }
    }
}
