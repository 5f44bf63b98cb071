//! InspectorState: texts that are being typed in the inspector.

use super::{composite, frame, project};
use crate::command::CommandQueue;
use crate::document::{EditCommand, FrameId, NodeId};
use crate::panels::PanelView;
use crate::panels::param_editor::{Drafts, FileWish, Setting};

/// What the inspector remembers: texts that are being typed.
#[derive(Debug, Default)]
pub struct InspectorState {
    /// Whose drafts these are.
    pub(super) node: Option<NodeId>,
    pub(super) drafts: Drafts,
    /// Drafts that were sent on their way while the user was typing. They stand until the edit has been done, so that the
    /// text under the cursor does not change for one frame: the cursor would jump.
    pub(super) sent: Drafts,
    pub(super) name: Option<String>,
    pub(super) limits: std::collections::BTreeMap<String, String>,
    pub(super) box_names: composite::BoxDrafts,
    pub(super) frame: Option<(FrameId, String, String)>,
    pub(super) project: Option<(String, String)>,
    pub(super) parameter: project::ParameterDrafts,
    /// Whether the name takes the keyboard in the next frame.
    pub wants_name: bool,
    /// A file that the user wants to choose; taken by the application.
    pub file_wish: Option<FileWish>,
}

impl InspectorState {
    /// Sends every draft that is right on its way; for before saving, running and leaving.
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
        }
        frame::flush(view, &mut self.frame, commands);
        project::flush(view, &mut self.project, commands);
    }

    /// Forgets what is typed for one setting: it got its value in another way.
    pub fn forget_draft(&mut self, param: &str) {
        self.drafts.retain(|name, _| *name != param);
    }

    /// Forgets every draft: another project.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}
