//! Arrange: automatic layout from left to right, in layers. A pure function of the graph.
//!
//! Except in cycles, every node is to the right of its sources. Within a layer, nodes are ordered by the mean position
//! of their neighbours, so that few wires cross.

use std::collections::{BTreeMap, BTreeSet};

use super::{Document, Node, NodeId};

/// Space between layers, and between nodes of one layer.
const GAP: [f32; 2] = [100.0, 50.0];
/// Positions are multiples of this.
const GRID: f32 = 10.0;
/// Number of passes over the layers that reduce crossings.
const SWEEPS: usize = 4;

/// The assumed size of a node that was not drawn yet. Together with the gap, it leaves space for a node with a picture.
pub fn usual_size(_node: &Node) -> [f32; 2] {
    [200.0, 160.0]
}

/// Positions for all nodes of a scope, or only for the chosen nodes, to the right of and below the origin.
pub fn arrange(
    document: &Document,
    scope: Option<NodeId>,
    chosen: Option<&BTreeSet<NodeId>>,
    size_of: impl Fn(&Node) -> [f32; 2],
) -> Vec<(NodeId, [f32; 2])> {
    let ids: Vec<NodeId> = document
        .nodes_in(scope)
        .map(|node| node.id)
        .filter(|id| chosen.is_none_or(|chosen| chosen.contains(id)))
        .collect();
    let edges = Edges::new(document, scope, &ids);
    let mut layers = in_layers(ids.len(), &edges.without_cycles());
    order_layers(&mut layers, &edges);
    let sizes: Vec<[f32; 2]> = ids.iter().map(|id| document.node(*id).map_or([0.0, 0.0], &size_of)).collect();
    positions(&ids, &layers, &sizes)
}

/// The links between nodes, by index in the list of nodes.
struct Edges {
    sinks: Vec<Vec<usize>>,
    sources: Vec<Vec<usize>>,
}

impl Edges {
    fn new(document: &Document, scope: Option<NodeId>, ids: &[NodeId]) -> Self {
        let index_of: BTreeMap<NodeId, usize> = ids.iter().enumerate().map(|(index, id)| (*id, index)).collect();
        let mut edges = Self { sinks: vec![Vec::new(); ids.len()], sources: vec![Vec::new(); ids.len()] };
        let mut seen = BTreeSet::new();
        for wire in document.wires_in(scope) {
            let ends = (index_of.get(&wire.from.node), index_of.get(&wire.to.node));
            if let (Some(from), Some(to)) = ends
                && from != to
                && seen.insert((*from, *to))
            {
                edges.add(*from, *to);
            }
        }
        edges
    }

    fn add(&mut self, from: usize, to: usize) {
        if let (Some(sinks), Some(sources)) = (self.sinks.get_mut(from), self.sources.get_mut(to)) {
            sinks.push(to);
            sources.push(from);
        }
    }

    fn sinks(&self, node: usize) -> &[usize] {
        self.sinks.get(node).map_or(&[], Vec::as_slice)
    }

    fn sources(&self, node: usize) -> &[usize] {
        self.sources.get(node).map_or(&[], Vec::as_slice)
    }

    /// The same edges without those that close a cycle, found by an iterative depth-first search.
    fn without_cycles(&self) -> Edges {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            New,
            Open,
            Done,
        }
        let count = self.sinks.len();
        let mut kept = Edges { sinks: vec![Vec::new(); count], sources: vec![Vec::new(); count] };
        let mut marks = vec![Mark::New; count];
        // Start with nodes without sources, so that cycles are cut at their back edges.
        let mut starts: Vec<usize> = (0..count).collect();
        starts.sort_by_key(|node| !self.sources(*node).is_empty());
        for start in starts {
            let mut stack = vec![(start, 0)];
            while let Some((node, next)) = stack.pop() {
                if next == 0 {
                    match marks.get_mut(node) {
                        Some(mark) if *mark == Mark::New => *mark = Mark::Open,
                        _ => continue,
                    }
                }
                if let Some(sink) = self.sinks(node).get(next) {
                    stack.push((node, next + 1));
                    match marks.get(*sink) {
                        Some(Mark::Open) => {}
                        Some(Mark::New) => {
                            kept.add(node, *sink);
                            stack.push((*sink, 0));
                        }
                        _ => kept.add(node, *sink),
                    }
                } else if let Some(mark) = marks.get_mut(node) {
                    *mark = Mark::Done;
                }
            }
        }
        kept
    }
}

/// The layers: the layer of a node is the length of the longest path to it.
fn in_layers(count: usize, edges: &Edges) -> Vec<Vec<usize>> {
    let mut waiting: Vec<usize> = (0..count).map(|node| edges.sources(node).len()).collect();
    let mut layer_of = vec![0_usize; count];
    let mut ready: Vec<usize> = (0..count).filter(|node| edges.sources(*node).is_empty()).collect();
    while let Some(node) = ready.pop() {
        let next = layer_of.get(node).copied().unwrap_or_default() + 1;
        for sink in edges.sinks(node) {
            if let Some(layer) = layer_of.get_mut(*sink) {
                *layer = next.max(*layer);
            }
            if let Some(left) = waiting.get_mut(*sink) {
                *left -= 1;
                if *left == 0 {
                    ready.push(*sink);
                }
            }
        }
    }
    let mut layers = vec![Vec::new(); layer_of.iter().max().map_or(0, |last| last + 1)];
    for (node, layer) in layer_of.into_iter().enumerate() {
        if let Some(layer) = layers.get_mut(layer) {
            layer.push(node);
        }
    }
    layers
}

/// Sorts each layer by the mean position of its neighbours, alternating forwards and backwards.
fn order_layers(layers: &mut [Vec<usize>], edges: &Edges) {
    let mut rank: BTreeMap<usize, f32> = BTreeMap::new();
    let rank_layer = |layer: &[usize], rank: &mut BTreeMap<usize, f32>| {
        let middle = (layer.len() as f32 - 1.0) / 2.0;
        rank.extend(layer.iter().enumerate().map(|(index, node)| (*node, index as f32 - middle)));
    };
    for layer in layers.iter() {
        rank_layer(layer, &mut rank);
    }
    for sweep in 0..SWEEPS {
        let forwards = sweep % 2 == 0;
        let mut sort = |layer: &mut Vec<usize>| {
            let mean = |node: &usize| {
                let neighbours = if forwards { edges.sources(*node) } else { edges.sinks(*node) };
                let ranks: Vec<f32> = neighbours.iter().filter_map(|node| rank.get(node)).copied().collect();
                let own = rank.get(node).copied().unwrap_or_default();
                if ranks.is_empty() { own } else { ranks.iter().sum::<f32>() / ranks.len() as f32 }
            };
            layer.sort_by(|a, b| mean(a).total_cmp(&mean(b)));
            rank_layer(layer, &mut rank);
        };
        if forwards {
            layers.iter_mut().for_each(&mut sort);
        } else {
            layers.iter_mut().rev().for_each(&mut sort);
        }
    }
}

fn positions(ids: &[NodeId], layers: &[Vec<usize>], sizes: &[[f32; 2]]) -> Vec<(NodeId, [f32; 2])> {
    let size = |node: usize| sizes.get(node).copied().unwrap_or_default();
    let height = |layer: &[usize]| layer.iter().map(|node| size(*node)[1] + GAP[1]).sum::<f32>() - GAP[1];
    let tallest = layers.iter().map(|layer| height(layer)).fold(0.0, f32::max);
    let snap = |number: f32| (number / GRID).round() * GRID;
    let mut positions = Vec::with_capacity(ids.len());
    let mut x = 0.0;
    for layer in layers {
        let mut y = (tallest - height(layer)) / 2.0;
        for node in layer {
            if let Some(id) = ids.get(*node) {
                positions.push((*id, [snap(x), snap(y)]));
            }
            y += size(*node)[1] + GAP[1];
        }
        x += layer.iter().map(|node| size(*node)[0]).fold(0.0, f32::max) + GAP[0];
    }
    positions.sort_by_key(|(id, _)| *id);
    positions
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::document::{EditCommand, Wire};

    fn check(count: u64, wires: &[(u64, u64)], expected: &[[f32; 2]]) {
        let mut document = Document::new();
        for id in 1..=count {
            document.apply(EditCommand::AddNode { node: Node::leaf(NodeId(id), format!("n{id}"), "X") }).unwrap();
        }
        for (from, to) in wires {
            let wire = Wire::data(NodeId(*from), "outbox", NodeId(*to), "inbox");
            document.apply(EditCommand::Connect { wire }).unwrap();
        }
        let positions: Vec<[f32; 2]> =
            arrange(&document, None, None, usual_size).into_iter().map(|(_, position)| position).collect();
        assert_eq!(positions, expected);
    }

    #[test]
    fn a_pipeline_is_arranged_in_a_row() {
        check(3, &[(1, 2), (2, 3)], &[[0.0, 0.0], [300.0, 0.0], [600.0, 0.0]]);
    }

    #[test]
    fn the_sinks_of_a_fork_are_arranged_in_a_column() {
        check(3, &[(1, 2), (1, 3)], &[[0.0, 110.0], [300.0, 0.0], [300.0, 210.0]]);
    }

    #[test]
    fn cycles_and_self_links_are_arranged() {
        check(2, &[(1, 2), (2, 1), (1, 1)], &[[0.0, 0.0], [300.0, 0.0]]);
        check(0, &[], &[]);
    }

    #[test]
    fn crossing_wires_are_untangled() {
        check(4, &[(1, 4), (2, 3)], &[[0.0, 0.0], [0.0, 210.0], [300.0, 210.0], [300.0, 0.0]]);
    }
}
