//! InspectorState: the text being typed in the inspector.

use super::{boxes, composite, frame, project};
use crate::command::CommandQueue;
use crate::document::{EditCommand, FrameId, NodeId};
use crate::panels::PanelView;
use crate::panels::inspector::param_editor::{Drafts, FileRequest, Setting};

/// The state of the inspector: the text being typed.
#[derive(Debug, Default)]
pub struct InspectorState {
    /// The component that the drafts belong to.
    pub(super) node: Option<NodeId>,
    pub(super) drafts: Drafts,
    /// Drafts that were queued as edits while the user was typing. They stay until the edit is done: otherwise the text
    /// would change for one frame, and the cursor would jump.
    pub(super) sent: Drafts,
    pub(super) name: Option<String>,
    pub(super) limits: std::collections::BTreeMap<String, String>,
    pub(super) box_names: composite::BoxDrafts,
    pub(super) frame: Option<(FrameId, String, String)>,
    pub(super) project: Option<(String, String)>,
    pub(super) parameter: project::ParameterDrafts,
    /// Whether the name field gets the keyboard focus in the next frame.
    pub wants_name: bool,
    /// A request for a file, which `dispatch` takes.
    pub file_request: Option<FileRequest>,
}

impl InspectorState {
    /// Queues edits for all valid drafts. Called before a command that needs them (`AppCommand::needs_drafts`).
    pub fn flush(&mut self, view: &PanelView<'_>, commands: &mut CommandQueue) {
        let node = self.node.and_then(|id| view.document.node(id));
        if let Some(node) = node {
            if let Ok(component) = view.registry.get(node.type_name()) {
                for spec in component.params {
                    let setting = Setting { view, node, component, spec };
                    if !self.sent.contains_key(spec.name) && setting.send(&self.drafts, commands) {
                        self.sent.extend(self.drafts.get(spec.name).map(|text| (spec.name, text.clone())));
                    }
                }
            }
            if let Some(name) = self.name.take().filter(|name| *name != node.name) {
                commands.edit(EditCommand::Rename { id: node.id, name });
            }
            boxes::flush(view, node, &mut self.limits, commands);
            composite::flush(view, node, &mut self.box_names, commands);
        }
        frame::flush(view, &mut self.frame, commands);
        project::flush(view, &mut self.project, &mut self.parameter, commands);
    }

    /// Discards the draft of one setting, because its value was set by other means.
    pub fn forget_draft(&mut self, param: &str) {
        self.drafts.retain(|name, _| *name != param);
    }

    /// Discards all drafts, because another project was opened.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}
