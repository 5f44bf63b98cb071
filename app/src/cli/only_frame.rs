//! Reduces a system of several programs to one of them: the components inside one frame of the canvas. Pure.
//!
//! A component is inside a frame if its top left corner is; the members of a composite go with it. Links that leave the
//! frame are removed. Templates are kept, because a server in the frame may use a template outside it.

use std::collections::BTreeSet;

use compose_runtime::ids::ComponentId;
use compose_runtime::topology::Topology;

use crate::document::Document;

/// Why a single frame cannot be run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The project has no frame with this title.
    #[error("there is no frame {title:?}; {}", listed(.known))]
    NoSuchFrame {
        /// The given title.
        title: String,
        /// The titles of all frames.
        known: Vec<String>,
    },
    /// No component is inside the frame.
    #[error("the frame {0:?} is empty; move its components into it")]
    Empty(String),
}

fn listed(titles: &[String]) -> String {
    if titles.is_empty() {
        return "the project has no frames".to_owned();
    }
    let titles: Vec<String> = titles.iter().map(|title| format!("{title:?}")).collect();
    format!("the project has {}", titles.join(", "))
}

/// Removes everything outside the frame with this title.
pub fn only_frame(topology: &mut Topology, document: &Document, title: &str) -> Result<(), FrameError> {
    let Some(frame) = document.frames_in(None).find(|frame| frame.title == title) else {
        let known = document.frames_in(None).map(|frame| frame.title.clone()).collect();
        return Err(FrameError::NoSuchFrame { title: title.to_owned(), known });
    };
    let inside = document.nodes_in(None).filter(|node| frame.contains(node.pos_in_canvas)).map(|node| node.id);
    let kept: BTreeSet<ComponentId> = document.with_members(inside).into_iter().map(ComponentId::from).collect();
    topology.components.retain(|id, _| kept.contains(id));
    topology.linkages.retain(|link| kept.contains(&link.from.component) && kept.contains(&link.to.component));
    if topology.components.is_empty() {
        return Err(FrameError::Empty(title.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::live::topology_of::topology_of;
    use crate::project::format::from_text;

    fn names(title: &str) -> Result<(Vec<String>, usize), FrameError> {
        let text = r#"{
            "format": "kamaelia-compose/1",
            "components": {
                "a": { "type": "PassThrough" },
                "b": { "graph": { "components": { "c": { "type": "PassThrough" } }, "links": ["self.inbox -> c.inbox"] } },
                "d": { "type": "PassThrough" }
            },
            "links": ["a.outbox -> b.inbox", "a.outbox -> d.inbox"],
            "layout": { "a": [40, 40], "b": [240, 40], "d": [40, 440] },
            "frames": [
                { "title": "Both", "rect": [0, 0, 500, 200], "colour": 0 },
                { "title": "Empty", "rect": [900, 0, 100, 100], "colour": 1 }
            ]
        }"#;
        let (document, problems) = from_text(text);
        assert_eq!(problems, []);
        let registry = compose_components::registry();
        let mut topology = topology_of(&document, &registry, &document.meta().defaults());
        only_frame(&mut topology, &document, title)?;
        let names = topology.components.values().map(|desc| desc.name.to_string()).collect();
        Ok((names, topology.linkages.len()))
    }

    #[test]
    fn a_frame_keeps_the_members_of_its_composites() {
        assert_eq!(names("Both").unwrap(), (vec!["a".to_owned(), "b".to_owned(), "b/c".to_owned()], 2));
    }

    #[test]
    fn an_unknown_frame_is_refused_with_the_known_titles() {
        assert_eq!(
            names("both").unwrap_err().to_string(),
            "there is no frame \"both\"; the project has \"Both\", \"Empty\""
        );
        assert_eq!(names("Empty"), Err(FrameError::Empty("Empty".to_owned())));
    }
}
