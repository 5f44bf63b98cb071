//! Prints the structure of a checkout: `cargo run -p compose_structure -- cycles [root]`.
#![allow(clippy::print_stdout)] // printing is the purpose of this program

use std::path::Path;
use std::process::ExitCode;

use compose_structure::crates::Workspace;
use compose_structure::cycles;
use compose_structure::tree::Tree;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = arguments.get(1).map_or(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."), String::as_str);
    let tree = match Tree::read(Path::new(root)) {
        Ok(tree) => tree,
        Err(error) => {
            println!("cannot read {root}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let workspace = Workspace::of(&tree);
    match arguments.first().map(String::as_str) {
        Some("cycles") => print_cycles(&workspace),
        Some("edges") => {
            for ((from, to), by) in cycles::edges(&workspace) {
                println!("{from} -> {to}: {}", by.join(", "));
            }
        }
        _ => {
            println!("usage: compose_structure cycles|edges [root]");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn print_cycles(workspace: &Workspace) {
    for problem in &workspace.unreadable {
        println!("unreadable: {problem}");
    }
    let found = cycles::cycles(workspace);
    println!("{} cycles", found.len());
    for cycle in found {
        println!("\n{} files: {}", cycle.files.len(), cycle.files.join(" "));
        for edge in cycle.edges {
            println!("  {edge}");
        }
    }
}
