//! Facets as trees of links: what each value counts, and what adding it, choosing it instead or leaving it out leads to.

use askama::Template;

use super::frame::Frame;
use super::state::State;
use super::words;
use crate::counts::{Choice, FacetCount, FacetCounts};
use crate::facet::{FacetKind, FacetPath};
use crate::lang::Lang;

/// The values of one kind that a page shows.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) kind: FacetKind,
    pub(super) values: Vec<Node>,
    /// Broadest values that are not shown.
    pub(super) rest: Option<Rest>,
    /// Reports without any value.
    pub(super) without: u64,
    /// Leads to the state without the values of this kind, where some are wanted.
    pub(super) clear: Option<String>,
    /// Names of values that are left out, and what leads to the state that lets them in again.
    pub(super) excluded: Vec<(String, String)>,
}

/// A value.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) name: String,
    /// All names, broadest first.
    pub(super) path: String,
    /// Chooses it; where it is chosen, lets go of it.
    pub(super) choose: String,
    /// The reports that choosing it finds.
    pub(super) found: u64,
    /// What adding it to those that are chosen leads to.
    pub(super) add: Option<Added>,
    /// Leaves it out.
    pub(super) exclude: Option<String>,
    pub(super) selected: bool,
    /// Whether it, or a value below it, is selected.
    pub(super) open: bool,
    pub(super) children: Vec<Node>,
    /// Values right below that are not shown.
    pub(super) rest: Option<Rest>,
}

/// What adding a value to those that are chosen leads to.
#[derive(Clone, Debug)]
pub(super) struct Added {
    pub(super) href: String,
    /// Reports beyond those that answer now.
    pub(super) more: u64,
    /// All that answer then.
    pub(super) total: u64,
}

/// Values that are not shown, and where they are.
#[derive(Clone, Debug)]
pub(super) struct Rest {
    pub(super) href: String,
    pub(super) count: usize,
}

/// A tree with its frame, to be written level by level.
pub(super) struct Branches {
    pub(super) frame: Frame,
    pub(super) tree: Tree,
    /// The counts as a table.
    pub(super) table: String,
}

impl Branches {
    pub(super) fn new(frame: &Frame, state: &State, tree: Tree) -> Self {
        Self { frame: frame.clone(), table: super::export::facets(&state.first(), tree.kind), tree }
    }

    /// The heading, in English, to be told.
    pub(super) fn heading(&self) -> &'static str {
        match self.tree.kind {
            FacetKind::Group => "Groups",
            FacetKind::Region => "Places",
            FacetKind::Date => "Years",
            FacetKind::Source => "Sources",
        }
    }

    /// The values as a list.
    pub(super) fn list(&self) -> Result<String, askama::Error> {
        Level { frame: &self.frame, nodes: &self.tree.values, rest: self.tree.rest.as_ref() }.render()
    }
}

/// Values side by side.
#[derive(Template)]
#[template(path = "level.html", config = "src/web/askama.toml")]
struct Level<'t> {
    frame: &'t Frame,
    nodes: &'t [Node],
    rest: Option<&'t Rest>,
}

impl<'t> Level<'t> {
    fn below(&self, node: &'t Node) -> Result<String, askama::Error> {
        Self { frame: self.frame, nodes: &node.children, rest: node.rest.as_ref() }.render()
    }
}

/// How trees are drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'s> {
    pub(super) state: &'s State,
    pub(super) lang: Lang,
    pub(super) kind: FacetKind,
    /// Reports that answer.
    pub(super) total: u64,
    /// Levels that are shown where nothing is selected below.
    pub(super) depth: usize,
}

impl View<'_> {
    /// The tree of some counts.
    pub(super) fn tree(self, counts: &FacetCounts) -> Tree {
        Tree {
            kind: self.kind,
            values: self.nodes(&counts.values, 1),
            rest: self.rest(None, counts.more),
            without: counts.without,
            clear: self.state.wants(self.kind).then(|| self.state.without_wanted(self.kind).at("/")),
            excluded: self.excluded().collect(),
        }
    }

    fn excluded(self) -> impl Iterator<Item = (String, String)> {
        let values = self.state.values(self.kind).iter().filter(|value| value.starts_with('!'));
        values.map(move |value| {
            let name =
                words::text(value.trim_start_matches('!').trim_end_matches('/').rsplit('/').next().unwrap_or(value));
            (name, self.state.without(self.kind, value).at("/"))
        })
    }

    /// The values at a level, from 1.
    pub(super) fn nodes(self, values: &[FacetCount], level: usize) -> Vec<Node> {
        let mut nodes: Vec<&FacetCount> = values.iter().collect();
        if self.kind == FacetKind::Date {
            nodes.sort_by(|a, b| b.path.cmp(&a.path));
        }
        nodes.into_iter().filter_map(|value| self.node(value, level)).collect()
    }

    fn node(self, value: &FacetCount, level: usize) -> Option<Node> {
        let (state, kind, path) = (self.state, self.kind, &value.path);
        let given = self.given(path);
        let selected = value.choice.is_some_and(|choice| choice.selected);
        // Nothing is found there, nor would be.
        if value.weight() == 0 && !selected && value.children.is_empty() {
            return None;
        }
        let mut children = self.nodes(&value.children, level + 1);
        let open = selected || children.iter().any(|child| child.open);
        let mut hidden = value.more;
        if level >= self.depth && !open {
            hidden += children.len();
            children.clear();
        }
        let choose = match &given {
            Some(given) if selected => state.without(kind, given),
            _ => state.choosing(kind, path),
        };
        let found = if selected && given.is_some() { value.count } else { value.weight() };
        // What is held by those selected adds nothing.
        let adds = |choice: &Choice| !choice.selected && choice.if_added > self.total;
        let add = value.choice.filter(adds).map(|choice| Added {
            href: state.adding(kind, path).at("/"),
            more: choice.if_added.saturating_sub(self.total),
            total: choice.if_added,
        });
        Some(Node {
            name: words::name(self.lang, kind, path),
            path: words::steps(self.lang, kind, path),
            choose: choose.at("/"),
            found,
            add,
            exclude: if selected { None } else { state.excluding(kind, path).map(|state| state.at("/")) },
            selected,
            open,
            rest: self.rest(Some(path), hidden),
            children,
        })
    }

    /// The value of the request that stands for a path, if it is written so.
    fn given(self, path: &FacetPath) -> Option<String> {
        let plain = |text: &str| text.trim_matches('/').to_lowercase();
        let whole = plain(&super::state::written(self.kind, path));
        let values = self.state.values(self.kind).iter();
        let mut named = values.filter(|value| plain(value) == whole || plain(value) == plain(path.name()));
        named.next().cloned()
    }

    fn rest(self, under: Option<&FacetPath>, count: usize) -> Option<Rest> {
        let page = format!("/facets/{}", self.kind.name());
        let state = self.state.first();
        let href = match under {
            Some(path) => state.at_with(&page, &[("under", &path.to_string())]),
            None => state.at(&page),
        };
        (count > 0).then_some(Rest { href, count })
    }
}

/// Whether a value, or one below it, is selected.
pub(super) fn leads(value: &FacetCount) -> bool {
    value.choice.is_some_and(|choice| choice.selected) || value.children.iter().any(leads)
}

/// Whether a value, or one below it, finds something.
pub(super) fn finds(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| node.found > 0 || node.add.is_some() || finds(&node.children))
}

/// Opens all levels.
pub(super) fn opened(nodes: &mut [Node]) {
    for node in nodes {
        node.open = true;
        opened(&mut node.children);
    }
}
