//! One program of a system of several: what stands in one frame of the canvas. Pure.
//!
//! A component stands in a frame if its upper left corner does; what is inside a composite goes with it. Links that lead
//! out of the frame are left out, and templates stay, since a server of this frame may use one that stands elsewhere.

use std::collections::BTreeSet;

use compose_runtime::ids::ComponentId;
use compose_runtime::topology::Topology;

use crate::document::Document;

/// Leaves only what stands in the frame of this title; words if there is none, or nothing in it that could run.
pub fn only_frame(topology: &mut Topology, document: &Document, title: &str) -> Result<(), String> {
    let Some(frame) = document.frames_in(None).find(|frame| frame.title == title) else {
        let titles: Vec<String> = document.frames_in(None).map(|frame| format!("{:?}", frame.title)).collect();
        let known = if titles.is_empty() { "it has none".to_owned() } else { format!("it has {}", titles.join(", ")) };
        return Err(format!("there is no frame {title:?}; {known}"));
    };
    let inside = document.nodes_in(None).filter(|node| frame.contains(node.pos_in_canvas)).map(|node| node.id);
    let kept: BTreeSet<ComponentId> = document.with_members(inside).into_iter().map(ComponentId::from).collect();
    topology.components.retain(|id, _| kept.contains(id));
    topology.linkages.retain(|link| kept.contains(&link.from.component) && kept.contains(&link.to.component));
    if topology.components.is_empty() {
        return Err(format!("nothing stands in the frame {title:?}; move its components into it"));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::live::topology_of::topology_of;
    use crate::project::format::from_text;

    fn names(title: &str) -> Result<(Vec<String>, usize), String> {
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
    fn a_frame_is_run_with_what_is_inside_its_composites() {
        assert_eq!(names("Both").unwrap(), (vec!["a".to_owned(), "b".to_owned(), "b/c".to_owned()], 2));
    }

    #[test]
    fn a_wrong_frame_is_refused_with_the_right_ones() {
        assert_eq!(names("both").unwrap_err(), "there is no frame \"both\"; it has \"Both\", \"Empty\"");
        assert!(names("Empty").unwrap_err().contains("nothing stands in the frame"));
    }
}
