//! Tests of the graph, by the rules of the original's viewer.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use compose_runtime::introspect::tokens::tokens;

use super::*;

fn graph() -> Graph {
    Graph::new(Types::Plain(Vec::new()), 100.0, 1.0)
}

fn execute_as(graph: &mut Graph, prefix: &str, line: &str) -> Result<Vec<String>, Fault> {
    let command = Command::read(&tokens(line)?, prefix)?;
    let effect = graph.apply(command, prefix)?;
    Ok(effect.answers.iter().map(ToString::to_string).collect())
}

fn execute(graph: &mut Graph, line: &str) -> Result<Vec<String>, Fault> {
    execute_as(graph, "", line)
}

/// A graph made by these commands, none of which may fail.
fn graph_of(lines: &[&str]) -> Graph {
    let mut graph = graph();
    for line in lines {
        assert_eq!(execute(&mut graph, line), Ok(Vec::new()), "{line}");
    }
    graph
}

fn ids(graph: &Graph) -> Vec<&str> {
    graph.nodes.values().map(|node| &*node.id).collect()
}

const PAIR: [&str; 3] = ["ADD NODE 1 one 10,-20 -", "ADD NODE 2 two auto -", "ADD LINK 1 2"];

#[test]
fn view_2_an_id_belongs_to_one_node_and_an_unknown_type_is_refused() {
    let mut graph = graph_of(&PAIR);
    let error = execute(&mut graph, "ADD NODE 1 again auto -").unwrap_err().to_string();
    assert!(error.starts_with("there is already a node 1"), "{error}");
    assert_eq!((ids(&graph), graph.links.len()), (vec!["1", "2"], 1));
    let mut graph = Graph::new(Types::Axon, 100.0, 1.0);
    let error = execute(&mut graph, "ADD NODE 1 one auto -").unwrap_err().to_string();
    assert_eq!(error, "there is no node type -; the types are component, inbox, outbox");
    let mut graph = Graph::new(Types::Plain(vec!["a".to_owned()]), 100.0, 1.0);
    assert_eq!(execute(&mut graph, "ADD NODE 1 one auto a"), Ok(Vec::new()));
    assert!(execute(&mut graph, "ADD NODE 2 two auto b").is_err());
}

#[test]
fn view_4_deleting_a_node_deletes_its_links_and_its_selection() {
    let mut graph = graph_of(&PAIR);
    assert_eq!(
        graph.select(Some("2")).map(|answer| answer.to_string()),
        Some("[\"SELECT\", \"NODE\", \"2\"]".to_owned())
    );
    assert_eq!(graph.select(Some("2")), None, "the same node is never announced twice (VIEW-13)");
    assert_eq!(execute(&mut graph, "DEL NODE 2"), Ok(vec!["[\"SELECT\", \"NODE\", nothing]".to_owned()]));
    assert_eq!((ids(&graph), graph.links.len()), (vec!["1"], 0));
    assert_eq!(execute(&mut graph, "DEL NODE 2"), Err(Fault::new("there is no node 2")));
}

#[test]
fn view_5_view_6_links_are_directed_and_unique() {
    let mut graph = graph_of(&PAIR);
    assert_eq!(execute(&mut graph, "ADD LINK 1 2"), Ok(Vec::new()));
    assert_eq!(graph.links.len(), 1);
    assert_eq!(execute(&mut graph, "DEL LINK 2 1"), Err(Fault::new("there is no link from 2 to 1")));
    assert_eq!(execute(&mut graph, "ADD LINK 2 1"), Ok(Vec::new()));
    assert_eq!(execute(&mut graph, "ADD LINK 1 1"), Ok(Vec::new()));
    assert_eq!(graph.links.len(), 3);
    assert_eq!(execute(&mut graph, "ADD LINK 1 9"), Err(Fault::new("there is no node 9")));
    assert_eq!(execute(&mut graph, "DEL LINK 1 2"), Ok(Vec::new()));
    assert_eq!(graph.links.len(), 2);
}

#[test]
fn view_7_view_8_view_14_get_all_returns_commands_that_recreate_the_graph() {
    let mut graph = graph_of(&PAIR);
    let Ok(effect) = graph.apply(Command::GetAll, "") else { panic!("GET ALL is refused") };
    let [Message::List(answer)] = effect.answers.as_slice() else { panic!("{effect:?}") };
    let [Message::Text(head), Message::List(commands)] = answer.as_slice() else { panic!("{answer:?}") };
    assert_eq!((&**head, commands.len()), ("TOPOLOGY", 4));
    let again: Vec<String> = commands.iter().map(|command| crate::text::line_of(command).unwrap()).collect();
    assert_eq!(again[0..2], ["DEL ALL", "ADD NODE 1 one 10,-20 -"]);
    let copy = graph_of(&again.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!((ids(&copy), &copy.links), (ids(&graph), &graph.links));
    assert_eq!(execute(&mut graph, "DEL ALL"), Ok(Vec::new()));
    assert!(graph.nodes.is_empty() && graph.links.is_empty());
}

#[test]
fn view_9_view_10_view_15_names_can_be_changed_and_queried() {
    let mut graph = graph_of(&PAIR);
    assert_eq!(execute(&mut graph, "UPDATE_NAME NODE 1 \"the first\""), Ok(Vec::new()));
    assert_eq!(execute(&mut graph, "UPDATE_NAME NODE 9 x"), Ok(Vec::new()));
    let expected = "[\"UPDATE_NAME\", \"NODE\", \"1\", \"the first\"]".to_owned();
    assert_eq!(execute(&mut graph, "GET_NAME NODE 1"), Ok(vec![expected]));
    let expected = "[\"UPDATE_NAME\", \"NODE\", \"9\", nothing]".to_owned();
    assert_eq!(execute(&mut graph, "GET_NAME NODE 9"), Ok(vec![expected]));
}

#[test]
fn view_11_view_12_freezing_affects_existing_nodes_and_can_be_undone() {
    let mut graph = graph_of(&PAIR);
    assert_eq!(execute(&mut graph, "FREEZE ALL"), Ok(Vec::new()));
    assert_eq!(execute(&mut graph, "ADD NODE 3 three auto -"), Ok(Vec::new()));
    let frozen = |graph: &Graph| graph.nodes.values().map(|node| node.is_frozen).collect::<Vec<_>>();
    assert_eq!(frozen(&graph), [true, true, false]);
    assert_eq!(execute(&mut graph, "UNFREEZE ALL"), Ok(Vec::new()));
    assert_eq!(frozen(&graph), [false; 3]);
}

#[test]
fn view_21_the_kind_of_a_link_depends_on_its_ends() {
    let mut graph = Graph::new(Types::Axon, 100.0, 1.0);
    for line in [
        "ADD NODE c c auto component",
        "ADD NODE i i auto inbox",
        "ADD NODE o o auto outbox",
        "ADD NODE j j auto inbox",
        "ADD LINK c i",
        "ADD LINK o i",
        "ADD LINK i j",
    ] {
        assert_eq!(execute(&mut graph, line), Ok(Vec::new()), "{line}");
    }
    let Surface::Graph { nodes, links, .. } = graph.surface(String::new()) else { panic!("no graph") };
    let look =
        |from: usize, to: usize| links.iter().find(|link| (link.from, link.to) == (from, to)).map(|link| link.kind);
    assert_eq!(nodes.len(), 4);
    assert_eq!(look(0, 1), Some(GraphLinkKind::Belongs));
    assert_eq!(look(2, 1), Some(GraphLinkKind::Data));
    assert_eq!(look(1, 3), Some(GraphLinkKind::Passthrough));
}

#[test]
fn port_2_senders_see_and_delete_only_their_own_nodes() {
    let mut graph = graph();
    for (prefix, line) in [("1:", "ADD NODE a a auto -"), ("2:", "ADD NODE a b 3,4 -"), ("", "ADD LINK 1:a 2:a")] {
        assert_eq!(execute_as(&mut graph, prefix, line), Ok(Vec::new()), "{line}");
    }
    let answer = execute_as(&mut graph, "2:", "GET ALL").unwrap_or_default().concat();
    assert_eq!(answer, "[\"TOPOLOGY\", [[\"DEL\", \"ALL\"], [\"ADD\", \"NODE\", \"a\", \"b\", \"3,4\", \"-\"]]]");
    assert_eq!(execute_as(&mut graph, "2:", "DEL ALL"), Ok(Vec::new()));
    assert_eq!((ids(&graph), graph.links.len()), (vec!["1:a"], 0));
}

#[test]
fn nodes_links_and_types_are_bounded() {
    let mut graph = graph();
    for number in 0..MOST_NODES {
        assert!(execute(&mut graph, &format!("ADD NODE {number} n auto {}", number % MOST_TYPES)).is_ok());
    }
    let error = execute(&mut graph, "ADD NODE more n auto 0").unwrap_err().to_string();
    assert_eq!(error, "there are already 10000 nodes, which is the maximum; delete some first");
    assert!(execute(&mut graph, "DEL NODE 0").is_ok());
    assert_eq!(execute(&mut graph, "ADD NODE more n auto new").unwrap_err().to_string().split(' ').nth(3), Some("64"));
    let pairs = (1..).flat_map(|from| (1..=9).map(move |step| (from, from + step)));
    for (from, to) in pairs.take(MOST_LINKS) {
        assert!(execute(&mut graph, &format!("ADD LINK {from} {to}")).is_ok());
    }
    assert!(execute(&mut graph, "ADD LINK 9 1").unwrap_err().to_string().starts_with("there are already 40000 links"));
    assert!(execute(&mut graph, "ADD LINK 1 2").is_ok(), "adding an existing link must succeed");
}

#[test]
fn an_error_repeats_only_the_beginning_of_a_long_id() {
    let long = "x".repeat(1 << 20);
    let mut graph = graph_of(&[&format!("ADD NODE {long} a auto -"), "ADD NODE 2 b auto -"]);
    let other = "y".repeat(1 << 20);
    for line in [
        format!("ADD NODE {long} a auto -"),
        format!("DEL NODE {other}"),
        format!("ADD LINK {other} 2"),
        format!("DEL LINK {long} 2"),
    ] {
        let error = execute(&mut graph, &line).unwrap_err().to_string();
        assert!(error.len() < 400 && error.contains('…'), "{} bytes", error.len());
    }
    let mut axon = Graph::new(Types::Axon, 100.0, 1.0);
    let error = execute(&mut axon, &format!("ADD NODE 1 a auto {long}")).unwrap_err().to_string();
    assert!(error.len() < 400, "{} bytes", error.len());
}
