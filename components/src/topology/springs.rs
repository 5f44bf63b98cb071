//! Springs: the layout of a graph. Links pull like springs, and neighbouring nodes repel each other.
//!
//! Pure and deterministic: no random numbers, no clock. One [`Round`] moves every node once. A round can be processed
//! in parts, so that a large graph does not hold up other components. The heat limits how far a node may move and falls
//! with every round, so the layout always comes to rest.

use std::collections::{BTreeMap, HashMap};

use compose_runtime::surface::{GraphLinkKind, GraphNodeKind};

use super::graph::{Graph, link_kind};

/// Factor of the heat after each round.
const COOLING: f32 = 0.95;
/// Below this fraction of a bond, movement is not visible.
const AT_REST: f32 = 0.005;
/// The range of repulsion, in bonds.
const REACH: f32 = 2.2;
/// Movement per unit of force in one round.
const GAIN: f32 = 0.1;
/// Attraction of every node to the origin, so that unlinked parts do not drift away.
const GRAVITY: f32 = 0.04;

/// How far the layout may still move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heat {
    bond: f32,
    /// The largest distance that a node may move in one round.
    limit: f32,
}

impl Heat {
    /// At rest.
    pub(super) fn none(bond: f32) -> Self {
        Self { bond, limit: 0.0 }
    }

    /// Raises the heat after a change; `disturbance` is from 0 to 1.
    pub(super) fn rise(&mut self, disturbance: f32) {
        self.limit = self.limit.max(disturbance * self.bond);
    }

    /// Whether the layout has come to rest.
    pub(super) fn is_at_rest(self) -> bool {
        self.limit < AT_REST * self.bond
    }
}

/// One movement of all nodes, in progress.
pub(super) struct Round {
    bond: f32,
    keys: Vec<u64>,
    at: Vec<[f32; 2]>,
    /// The relative size of each node, 1 for a component or plain node.
    size: Vec<f32>,
    force: Vec<[f32; 2]>,
    /// Nodes by square of the plane; a square is as wide as the range of repulsion.
    squares: HashMap<(i32, i32), Vec<usize>>,
    next: usize,
}

impl Round {
    pub(super) fn new(graph: &Graph, heat: Heat) -> Self {
        let bond = heat.bond;
        let keys: Vec<u64> = graph.nodes.keys().copied().collect();
        let at: Vec<[f32; 2]> = graph.nodes.values().map(|node| node.at).collect();
        let size = graph.nodes.values().map(|node| size_of(node.kind)).collect();
        let mut round = Self { bond, keys, at, size, force: Vec::new(), squares: HashMap::new(), next: 0 };
        for (index, at) in round.at.iter().enumerate() {
            let square = round.square(*at);
            round.squares.entry(square).or_default().push(index);
        }
        round.force = round.at.iter().map(|[x, y]| [-GRAVITY * x, -GRAVITY * y]).collect();
        let indices: BTreeMap<u64, usize> = round.keys.iter().enumerate().map(|(index, key)| (*key, index)).collect();
        for (from, to) in &graph.links {
            if let (Some(from), Some(to)) = (indices.get(from), indices.get(to)) {
                round.pull(graph, *from, *to);
            }
        }
        round
    }

    /// Processes about `pairs` pairs of neighbours. Returns whether all are processed.
    pub(super) fn work(&mut self, pairs: usize) -> bool {
        let mut processed = 0;
        while processed < pairs && self.next < self.at.len() {
            processed += self.push(self.next);
            self.next += 1;
        }
        self.next == self.at.len()
    }

    /// Moves the nodes and lowers the heat.
    pub(super) fn finish(self, graph: &mut Graph, heat: &mut Heat) {
        for (key, [x, y]) in self.keys.iter().zip(&self.force) {
            let Some(node) = graph.nodes.get_mut(key).filter(|node| !node.is_frozen && !node.is_held) else { continue };
            let (x, y) = (x * GAIN, y * GAIN);
            let length = x.hypot(y);
            if length.is_finite() && length > 0.0 {
                let part = (heat.limit / length).min(1.0);
                node.at = [node.at[0] + x * part, node.at[1] + y * part];
            }
        }
        heat.limit *= COOLING;
        if heat.is_at_rest() {
            heat.limit = 0.0;
        }
    }

    fn square(&self, [x, y]: [f32; 2]) -> (i32, i32) {
        let side = REACH * self.bond;
        ((x / side).floor() as i32, (y / side).floor() as i32)
    }

    /// Adds the force of a link, which grows with its length.
    fn pull(&mut self, graph: &Graph, from: usize, to: usize) {
        let kind_at = |index: usize| self.keys.get(index).and_then(|key| graph.nodes.get(key)).map(|node| node.kind);
        let (Some(one), Some(other), Some(a), Some(b)) =
            (self.at.get(from), self.at.get(to), kind_at(from), kind_at(to))
        else {
            return;
        };
        let rest = if link_kind(a, b) == GraphLinkKind::Belongs { 0.4 * self.bond } else { self.bond };
        let (x, y) = (other[0] - one[0], other[1] - one[1]);
        let strength = x.hypot(y) / rest;
        for (index, sign) in [(from, 1.0), (to, -1.0)] {
            if let Some(force) = self.force.get_mut(index) {
                *force = [force[0] + sign * x * strength, force[1] + sign * y * strength];
            }
        }
    }

    /// Adds the forces of its neighbours to one node. Returns the number of neighbours processed.
    fn push(&mut self, index: usize) -> usize {
        let (Some(own), Some(size)) = (self.at.get(index).copied(), self.size.get(index).copied()) else { return 1 };
        let (column, row) = self.square(own);
        let mut processed = 1;
        let mut force = [0.0, 0.0];
        for (columns, rows) in (-1..=1).flat_map(|columns| (-1..=1).map(move |rows| (columns, rows))) {
            let square = (column.saturating_add(columns), row.saturating_add(rows));
            for other in self.squares.get(&square).into_iter().flatten().filter(|other| **other != index) {
                processed += 1;
                let (Some(at), Some(other_size)) = (self.at.get(*other), self.size.get(*other)) else { continue };
                let (mut x, mut y) = (own[0] - at[0], own[1] - at[1]);
                let mut distance = x.hypot(y);
                if distance < 0.01 * self.bond {
                    // The nodes are on top of each other: push them in opposite directions.
                    let angle = index as f32 + if index < *other { 0.0 } else { std::f32::consts::PI };
                    (x, y) = (angle.cos(), angle.sin());
                    distance = 1.0;
                    force = [force[0] + x * self.bond, force[1] + y * self.bond];
                }
                if distance < REACH * self.bond {
                    let strength = self.bond * self.bond * size * other_size / (distance * distance);
                    force = [force[0] + x * strength, force[1] + y * strength];
                }
            }
        }
        if let Some(sum) = self.force.get_mut(index) {
            *sum = [sum[0] + force[0], sum[1] + force[1]];
        }
        processed
    }
}

fn size_of(kind: GraphNodeKind) -> f32 {
    match kind {
        GraphNodeKind::Inbox | GraphNodeKind::Outbox => 0.5,
        GraphNodeKind::Component | GraphNodeKind::Plain(_) => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::tokens::tokens;

    use super::super::command::Command;
    use super::super::graph::Types;
    use super::*;

    const BOND: f32 = 100.0;

    fn graph(lines: &[String]) -> Graph {
        let mut graph = Graph::new(Types::Plain(Vec::new()), BOND, 1.0);
        for line in lines {
            let command = Command::read(&tokens(line).unwrap_or_default(), "").ok();
            assert!(command.is_some_and(|command| graph.apply(command, "").is_ok()), "{line}");
        }
        graph
    }

    /// Runs rounds until the layout is at rest; returns their number.
    fn settle(graph: &mut Graph) -> usize {
        let mut heat = Heat::none(BOND);
        heat.rise(1.0);
        let mut rounds = 0;
        while !heat.is_at_rest() {
            let mut round = Round::new(graph, heat);
            while !round.work(100) {}
            round.finish(graph, &mut heat);
            rounds += 1;
            assert!(rounds < 200, "the layout must come to rest");
        }
        rounds
    }

    fn positions(graph: &Graph) -> Vec<[f32; 2]> {
        graph.nodes.values().map(|node| node.at).collect()
    }

    fn distance(one: [f32; 2], other: [f32; 2]) -> f32 {
        (one[0] - other[0]).hypot(one[1] - other[1])
    }

    fn ring(count: usize) -> Vec<String> {
        let nodes = (0..count).map(|n| format!("ADD NODE {n} n{n} auto -"));
        nodes.chain((0..count).map(|n| format!("ADD LINK {n} {}", (n + 1) % count))).collect()
    }

    #[test]
    fn the_layout_comes_to_rest_with_separate_nodes_near_their_neighbours() {
        let mut graph = graph(&ring(12));
        assert!(settle(&mut graph) > 50);
        let positions = positions(&graph);
        for (n, one) in positions.iter().enumerate() {
            assert!(positions.iter().skip(n + 1).all(|other| distance(*one, *other) > 0.3 * BOND), "{positions:?}");
            let next = positions[(n + 1) % positions.len()];
            assert!(distance(*one, next) < 2.0 * BOND, "{n}: {positions:?}");
        }
    }

    #[test]
    fn the_same_commands_give_the_same_layout() {
        let (mut one, mut other) = (graph(&ring(40)), graph(&ring(40)));
        settle(&mut one);
        settle(&mut other);
        assert_eq!(positions(&one), positions(&other));
    }

    #[test]
    fn nodes_at_one_position_separate_and_frozen_or_held_nodes_stay() {
        let mut graph = graph(&["a", "b", "c"].map(|id| format!("ADD NODE {id} {id} 5,5 -")));
        graph.hold("c", Some([7.0, 7.0]));
        settle(&mut graph);
        let found = positions(&graph);
        assert!(distance(found[0], found[1]) > 0.5 * BOND, "{found:?}");
        assert_eq!(found[2], [7.0, 7.0]);
        let before = positions(&graph);
        graph.nodes.values_mut().for_each(|node| node.is_frozen = true);
        settle(&mut graph);
        assert_eq!(positions(&graph), before);
    }

    #[test]
    fn a_round_is_processed_in_parts() {
        let graph = graph(&ring(500));
        let mut heat = Heat::none(BOND);
        heat.rise(1.0);
        let mut round = Round::new(&graph, heat);
        let mut pieces = 1;
        while !round.work(200) {
            pieces += 1;
        }
        assert!(pieces > 10, "{pieces}");
    }
}
