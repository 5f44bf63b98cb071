//! Springs: where the nodes of a graph settle. Links pull like springs, neighbours push each other away.
//!
//! Pure, and the same every time: no chance, no clock. One [`Round`] is one movement of every node; it can be worked off in
//! pieces, so that a large graph keeps nobody from their turn. The heat falls with every round and limits how far a node
//! may go, so that it always comes to rest.

use std::collections::{BTreeMap, HashMap};

use compose_runtime::surface::{GraphLinkKind, GraphNodeKind};

use super::graph::{Graph, link_kind};

/// What is left of the heat after a round.
const COOLING: f32 = 0.95;
/// Below this part of a bond nothing is seen to move.
const AT_REST: f32 = 0.005;
/// How far nodes push each other, in bonds.
const REACH: f32 = 2.2;
/// How much of a force becomes movement in one round.
const GAIN: f32 = 0.1;
/// How much everything is drawn to the origin, so that parts without links do not drift away.
const GRAVITY: f32 = 0.04;

/// How much the layout may still move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heat {
    bond: f32,
    /// The farthest a node may go in one round.
    limit: f32,
}

impl Heat {
    /// At rest.
    pub(super) fn none(bond: f32) -> Self {
        Self { bond, limit: 0.0 }
    }

    /// Something has changed, by 0 to 1.
    pub(super) fn rise(&mut self, disturbance: f32) {
        self.limit = self.limit.max(disturbance * self.bond);
    }

    /// Whether nothing will move.
    pub(super) fn is_at_rest(self) -> bool {
        self.limit < AT_REST * self.bond
    }
}

/// One movement of all nodes, being worked out.
pub(super) struct Round {
    bond: f32,
    keys: Vec<u64>,
    at: Vec<[f32; 2]>,
    /// How much room each wants, 1 for a component or plain node.
    size: Vec<f32>,
    force: Vec<[f32; 2]>,
    /// Nodes by square of the plane, a square being as wide as nodes reach.
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
        for (place, at) in round.at.iter().enumerate() {
            let square = round.square(*at);
            round.squares.entry(square).or_default().push(place);
        }
        round.force = round.at.iter().map(|[x, y]| [-GRAVITY * x, -GRAVITY * y]).collect();
        let places: BTreeMap<u64, usize> = round.keys.iter().enumerate().map(|(place, key)| (*key, place)).collect();
        for (from, to) in &graph.links {
            if let (Some(from), Some(to)) = (places.get(from), places.get(to)) {
                round.pull(graph, *from, *to);
            }
        }
        round
    }

    /// Looks at pairs of neighbours, about so many; whether all have been looked at.
    pub(super) fn work(&mut self, pairs: usize) -> bool {
        let mut looked = 0;
        while looked < pairs && self.next < self.at.len() {
            looked += self.push(self.next);
            self.next += 1;
        }
        self.next == self.at.len()
    }

    /// Moves the nodes and lets the heat fall.
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

    /// A link as a spring: the longer, the stronger.
    fn pull(&mut self, graph: &Graph, from: usize, to: usize) {
        let kind_at = |place: usize| self.keys.get(place).and_then(|key| graph.nodes.get(key)).map(|node| node.kind);
        let (Some(one), Some(other), Some(a), Some(b)) =
            (self.at.get(from), self.at.get(to), kind_at(from), kind_at(to))
        else {
            return;
        };
        let rest = if link_kind(a, b) == GraphLinkKind::Belongs { 0.4 * self.bond } else { self.bond };
        let (x, y) = (other[0] - one[0], other[1] - one[1]);
        let strength = x.hypot(y) / rest;
        for (place, sign) in [(from, 1.0), (to, -1.0)] {
            if let Some(force) = self.force.get_mut(place) {
                *force = [force[0] + sign * x * strength, force[1] + sign * y * strength];
            }
        }
    }

    /// What the neighbours of one node do to it; how many were looked at.
    fn push(&mut self, place: usize) -> usize {
        let (Some(own), Some(size)) = (self.at.get(place).copied(), self.size.get(place).copied()) else { return 1 };
        let (column, row) = self.square(own);
        let mut looked = 1;
        let mut force = [0.0, 0.0];
        for (columns, rows) in (-1..=1).flat_map(|columns| (-1..=1).map(move |rows| (columns, rows))) {
            let square = (column.saturating_add(columns), row.saturating_add(rows));
            for other in self.squares.get(&square).into_iter().flatten().filter(|other| **other != place) {
                looked += 1;
                let (Some(at), Some(other_size)) = (self.at.get(*other), self.size.get(*other)) else { continue };
                let (mut x, mut y) = (own[0] - at[0], own[1] - at[1]);
                let mut distance = x.hypot(y);
                if distance < 0.01 * self.bond {
                    // On top of each other: part in a direction that differs for both.
                    let angle = place as f32 + if place < *other { 0.0 } else { std::f32::consts::PI };
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
        if let Some(sum) = self.force.get_mut(place) {
            *sum = [sum[0] + force[0], sum[1] + force[1]];
        }
        looked
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

    /// Rounds until it is at rest.
    fn settle(graph: &mut Graph) -> usize {
        let mut heat = Heat::none(BOND);
        heat.rise(1.0);
        let mut rounds = 0;
        while !heat.is_at_rest() {
            let mut round = Round::new(graph, heat);
            while !round.work(100) {}
            round.finish(graph, &mut heat);
            rounds += 1;
            assert!(rounds < 200, "it does not come to rest");
        }
        rounds
    }

    fn places(graph: &Graph) -> Vec<[f32; 2]> {
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
    fn it_comes_to_rest_with_every_node_in_a_place_of_its_own_near_its_neighbours() {
        let mut graph = graph(&ring(12));
        assert!(settle(&mut graph) > 50);
        let places = places(&graph);
        for (n, one) in places.iter().enumerate() {
            assert!(places.iter().skip(n + 1).all(|other| distance(*one, *other) > 0.3 * BOND), "{places:?}");
            let next = places[(n + 1) % places.len()];
            assert!(distance(*one, next) < 2.0 * BOND, "{n}: {places:?}");
        }
    }

    #[test]
    fn the_same_commands_lead_to_the_same_picture() {
        let (mut one, mut other) = (graph(&ring(40)), graph(&ring(40)));
        settle(&mut one);
        settle(&mut other);
        assert_eq!(places(&one), places(&other));
    }

    #[test]
    fn nodes_on_one_spot_part_and_frozen_or_held_ones_stay() {
        let mut graph = graph(&["a", "b", "c"].map(|id| format!("ADD NODE {id} {id} 5,5 -")));
        graph.hold("c", Some([7.0, 7.0]));
        settle(&mut graph);
        let found = places(&graph);
        assert!(distance(found[0], found[1]) > 0.5 * BOND, "{found:?}");
        assert_eq!(found[2], [7.0, 7.0]);
        let before = places(&graph);
        graph.nodes.values_mut().for_each(|node| node.is_frozen = true);
        settle(&mut graph);
        assert_eq!(places(&graph), before);
    }

    #[test]
    fn a_round_is_worked_off_in_pieces() {
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
