//! Opens a project file and turns it into a topology that runs without a window.

use std::path::Path;

use compose_runtime::command::Step;
use compose_runtime::registry::Registry;
use compose_runtime::topology::Topology;

use super::only_frame::only_frame;
use super::outputs::STANDARD;
use super::terminal::report;
use crate::live::plan::plan;
use crate::live::topology_of::topology_of;
use crate::project::{Project, store};

/// A project that can run.
pub struct Prepared {
    /// The project.
    pub project: Project,
    /// The known component types.
    pub registry: Registry,
    /// The topology that the scheduler runs.
    pub topology: Topology,
}

impl Prepared {
    /// Opens a project, or reads it from standard input, with these parameter values. With `frame`, keeps only the
    /// components inside the frame with that title. Returns `None` if any part of the project cannot run; the problems
    /// are then printed to standard error.
    pub fn open(path: &Path, settings: &[(String, String)], frame: Option<&str>) -> Option<Self> {
        let is_standard = path == Path::new(STANDARD);
        let file = if is_standard { store::STANDARD_INPUT.into() } else { path.to_string_lossy() };
        let opened = if is_standard { store::read(std::io::stdin()) } else { store::open(path) };
        let opened = opened.map_err(report).ok()?;
        let (mut project, mut problems) = (opened.project, opened.problems);
        let mut is_refused = false;
        for (name, value) in settings {
            if let Err(error) = project.set_parameter(name, value) {
                is_refused = true;
                report(format!("{file}: {error}"));
            }
        }
        let registry = compose_components::registry();
        problems.extend(project.check(&registry));
        for problem in problems.iter().filter(|problem| problem.is_error()) {
            is_refused = true;
            report(format!("{file}: {}", problem.line(&project.document)));
        }
        let mut topology = topology_of(&project.document, &registry, &project.parameter_values());
        if let Some(title) = frame
            && let Err(error) = only_frame(&mut topology, &project.document, title)
        {
            is_refused = true;
            report(format!("{file}: {error}"));
        }
        (!is_refused).then_some(Self { project, registry, topology })
    }

    /// The steps that start the project in an empty scheduler.
    pub fn steps(&self) -> Vec<Step> {
        plan(&Topology::default(), &self.topology, &self.registry)
    }
}
