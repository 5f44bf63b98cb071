//! From a project file to something that can run without a window.

use std::path::Path;

use compose_runtime::command::Step;
use compose_runtime::registry::Registry;
use compose_runtime::topology::Topology;

use super::only_frame::only_frame;
use super::tell;
use crate::live::plan::plan;
use crate::live::topology_of::topology_of;
use crate::project::{Project, store};

/// A project that can run.
pub struct Prepared {
    /// The project.
    pub project: Project,
    /// The types of component there are.
    pub registry: Registry,
    /// What is to run.
    pub topology: Topology,
}

impl Prepared {
    /// Opens a project with these values of its parameters; with `frame`, only what stands in the frame of this title.
    /// `None`, and words on standard error, if something in it would keep a part of it from running.
    pub fn open(path: &Path, settings: &[(String, String)], frame: Option<&str>) -> Option<Self> {
        let file = path.display();
        let opened = store::open(path).map_err(tell).ok()?;
        let (mut project, mut problems) = (opened.project, opened.problems);
        let mut is_refused = false;
        for (name, value) in settings {
            if let Err(error) = project.set_parameter(name, value) {
                is_refused = true;
                tell(format!("{file}: {error}"));
            }
        }
        let registry = compose_components::registry();
        problems.extend(project.check(&registry));
        for problem in problems.iter().filter(|problem| problem.is_error()) {
            is_refused = true;
            tell(format!("{file}: {}", problem.line(&project.document)));
        }
        let mut topology = topology_of(&project.document, &registry, &project.parameter_values());
        if let Some(title) = frame
            && let Err(words) = only_frame(&mut topology, &project.document, title)
        {
            is_refused = true;
            tell(format!("{file}: {words}"));
        }
        (!is_refused).then_some(Self { project, registry, topology })
    }

    /// What a scheduler has to do to begin.
    pub fn steps(&self) -> Vec<Step> {
        plan(&Topology::default(), &self.topology, &self.registry)
    }
}

/// A project parameter of the command line, as in `port=8080`.
pub fn parse_setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write NAME=VALUE, as in port=8080".to_owned()),
    }
}
