//! What of the counts of facets is told: so many levels, so many values below each, and whatever is selected.

use rustc_hash::FxHashSet;

use super::DEEPEST;
use crate::counts::{Choice, FacetCount, FacetCounts};
use crate::facet::FacetPath;
use crate::index::{Node, ROOT, Tally, Tree};

/// The counts as a tree, `depth` levels deep with at most `limit` values below each (0: all of them). Where values are
/// selected, each is there in any case, down to [`DEEPEST`], and every value tells what choosing it would give.
pub(super) fn told(
    tree: &Tree,
    tally: &Tally,
    selected: Option<&[FacetPath]>,
    depth: usize,
    limit: usize,
) -> FacetCounts {
    let view = View {
        tally,
        values: Selected::new(tree, selected.unwrap_or_default()),
        filtered: selected.is_some(),
        depth,
        limit,
    };
    let (values, more) = view.children(ROOT, &mut Vec::new());
    FacetCounts { filtered: view.filtered, without: tally.without(), values, more }
}

/// The values of a tree, with those that a request filters by, which no report may have.
struct Selected<'t> {
    tree: &'t Tree,
    /// Values that the tree lacks, numbered on from it: what each stands right below, and its name.
    added: Vec<(Node, String)>,
    /// Those that are selected.
    chosen: FxHashSet<Node>,
    /// Those, and all above them.
    leads: FxHashSet<Node>,
}

impl<'t> Selected<'t> {
    fn new(tree: &'t Tree, selected: &[FacetPath]) -> Self {
        let mut values = Self { tree, added: Vec::new(), chosen: FxHashSet::default(), leads: FxHashSet::default() };
        for path in selected {
            let mut node = ROOT;
            for name in path.names() {
                node = values.child(node, name);
                values.leads.insert(node);
            }
            values.chosen.insert(node);
        }
        values
    }

    /// The value of a name below another.
    fn child(&mut self, parent: Node, name: &str) -> Node {
        let known = self.children(parent).find(|&child| self.name(child) == name);
        known.unwrap_or_else(|| {
            self.added.push((parent, name.to_owned()));
            Node::try_from(self.tree.len() + self.added.len() - 1).unwrap_or(ROOT)
        })
    }

    fn children(&self, node: Node) -> impl Iterator<Item = Node> + '_ {
        let known = ((node as usize) < self.tree.len()).then(|| self.tree.children(node));
        let added = (0..).zip(&self.added).filter(move |(_, (parent, _))| *parent == node);
        known.into_iter().flatten().chain(added.filter_map(|(at, _)| Node::try_from(self.tree.len() + at).ok()))
    }

    fn name(&self, node: Node) -> &str {
        match (node as usize).checked_sub(self.tree.len()) {
            None => self.tree.name(node),
            Some(at) => self.added.get(at).map_or("", |(_, name)| name),
        }
    }
}

/// What of a tally is shown.
struct View<'t> {
    tally: &'t Tally,
    values: Selected<'t>,
    filtered: bool,
    depth: usize,
    limit: usize,
}

impl View<'_> {
    /// The values right below one that are shown, and how many are not.
    fn children(&self, parent: Node, names: &mut Vec<String>) -> (Vec<FacetCount>, usize) {
        let level = names.len() + 1;
        let leads = |node: Node| self.values.leads.contains(&node);
        let there = self.values.children(parent).filter(|&node| self.tally.reports(node) > 0 || leads(node));
        if level > self.depth && self.values.leads.is_empty() || level > DEEPEST {
            return (Vec::new(), there.count());
        }
        let mut nodes: Vec<Node> = there.collect();
        nodes.sort_by(|&a, &b| {
            let reports = self.tally.reports(b).cmp(&self.tally.reports(a));
            reports.then_with(|| self.values.name(a).cmp(self.values.name(b)))
        });
        let mut shown = Vec::new();
        for (place, &node) in nodes.iter().enumerate() {
            if level <= self.depth && (self.limit == 0 || place < self.limit) || leads(node) {
                names.push(self.values.name(node).to_owned());
                shown.push(self.value(node, names));
                names.pop();
            }
        }
        let more = nodes.len() - shown.len();
        (shown, more)
    }

    fn value(&self, node: Node, names: &mut Vec<String>) -> FacetCount {
        let (children, more) = self.children(node, names);
        let (reports, answering) = (self.tally.reports(node), self.tally.answering(node));
        let choice = self.filtered.then(|| Choice {
            selected: self.values.chosen.contains(&node),
            if_added: self.tally.total() + (reports - answering),
            if_chosen_instead: reports,
        });
        FacetCount { path: FacetPath::of(names.clone()), count: answering, choice, children, more }
    }
}
