//! MessageEditor: the small window that sends a message to an inbox by hand.

use std::collections::BTreeMap;

use compose_runtime::message::Message;
use egui::{Id, Key, Pos2, TextEdit, Ui, Window};

use super::view::CanvasView;
use crate::command::{CommandQueue, RunCommand};
use crate::document::Port;
use crate::theme::widgets;

/// The form of the message, which determines how the typed text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Number,
    TrueOrFalse,
    Event,
    Json,
}

impl Form {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Text, "text"),
        (Self::Number, "number"),
        (Self::TrueOrFalse, "true/false"),
        (Self::Event, "event"),
        (Self::Json, "JSON"),
    ];
}

/// Why the typed text is not a message of the chosen form.
#[derive(Debug, thiserror::Error)]
enum MessageError {
    #[error("this is not a number")]
    NotANumber,
    #[error("this is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
}

/// The state of the open window.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageEditor {
    port: Port,
    form: Form,
    text: String,
    is_true: bool,
    is_new: bool,
    sent: usize,
}

impl MessageEditor {
    /// The inbox that gets the message.
    pub fn port(&self) -> &Port {
        &self.port
    }

    /// An editor for messages to this inbox.
    pub fn new(port: Port) -> Self {
        Self { port, form: Form::Text, text: String::new(), is_true: true, is_new: true, sent: 0 }
    }

    fn message(&self) -> Result<Message, MessageError> {
        match self.form {
            Form::Text => Ok(Message::text(&self.text)),
            Form::Event => Ok(Message::Nothing),
            Form::TrueOrFalse => Ok(Message::Bool(self.is_true)),
            Form::Number => number(&self.text),
            Form::Json => {
                let value = serde_json::from_str(&self.text)?;
                Ok(of_json(&value))
            }
        }
    }
}

/// Draws the window. Returns `false` when it should close.
pub fn message_editor_ui(
    ui: &Ui,
    view: &CanvasView<'_>,
    editor: &mut MessageEditor,
    at: Pos2,
    commands: &mut CommandQueue,
) -> bool {
    let mut open = true;
    let mut close = ui.input(|input| input.key_pressed(Key::Escape));
    let title = format!("Send to {}", view.document.port_name(&editor.port));
    Window::new(title)
        .id(Id::unique("message editor"))
        .collapsible(false)
        .resizable(false)
        .default_pos(at)
        .open(&mut open)
        .show(ui.ctx(), |ui| {
            ui.set_width(300.0);
            if let Ok(info) = view.document.box_at(&editor.port, view.registry) {
                widgets::muted(ui, format!("{}\nAccepts {}.", info.help, info.kinds_text()));
            }
            ui.horizontal_wrapped(|ui| {
                for (form, name) in Form::ALL {
                    ui.selectable_value(&mut editor.form, form, name);
                }
            });
            let mut enter = false;
            let mut field = None;
            match editor.form {
                Form::Text | Form::Number => {
                    let edit = ui.add(TextEdit::singleline(&mut editor.text).desired_width(f32::INFINITY));
                    if std::mem::take(&mut editor.is_new) {
                        edit.request_focus();
                    }
                    enter = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                    if enter {
                        edit.request_focus();
                    }
                    field = Some(edit.id);
                }
                Form::Json => {
                    ui.add(
                        TextEdit::multiline(&mut editor.text)
                            .code_editor()
                            .desired_rows(4)
                            .desired_width(f32::INFINITY),
                    );
                }
                Form::TrueOrFalse => {
                    ui.horizontal(|ui| {
                        ui.radio_value(&mut editor.is_true, true, "true");
                        ui.radio_value(&mut editor.is_true, false, "false");
                    });
                }
                Form::Event => {
                    widgets::muted(ui, "A message without a value.");
                }
            }
            let message = editor.message();
            if let Err(error) = &message {
                widgets::wrong(ui, error.to_string());
            }
            let can_send = message.is_ok() && view.live.is_running();
            ui.horizontal(|ui| {
                let clicked = ui.add_enabled(can_send, egui::Button::new("Send")).clicked();
                if (clicked || enter)
                    && can_send
                    && let Ok(message) = message
                {
                    commands.push(RunCommand::SendMessage { port: editor.port.clone(), message });
                    editor.sent += 1;
                    // With the text selected, Enter sends it again and typing replaces it.
                    if let Some(field) = field {
                        widgets::select_all(ui, field, &editor.text);
                    }
                }
                if ui.button("Close").clicked() {
                    close = true;
                }
                if !view.live.is_running() {
                    widgets::muted(ui, "Press run first.");
                } else if editor.sent > 0 {
                    widgets::muted(ui, format!("{} sent", editor.sent));
                }
            });
        });
    open && !close && view.document.node(editor.port.node).is_some()
}

fn number(text: &str) -> Result<Message, MessageError> {
    let text = text.trim();
    if let Ok(whole) = text.parse::<i64>() {
        return Ok(Message::Int(whole));
    }
    match text.parse::<f64>() {
        Ok(real) if real.is_finite() => Ok(Message::Float(real)),
        _ => Err(MessageError::NotANumber),
    }
}

fn of_json(value: &serde_json::Value) -> Message {
    use serde_json::Value;
    match value {
        Value::Null => Message::Nothing,
        Value::Bool(value) => Message::Bool(*value),
        Value::Number(value) => {
            value.as_i64().map_or_else(|| Message::Float(value.as_f64().unwrap_or(0.0)), Message::Int)
        }
        Value::String(text) => Message::text(text),
        Value::Array(items) => Message::list(items.iter().map(of_json)),
        Value::Object(map) => {
            let pairs: BTreeMap<String, Message> = map.iter().map(|(key, item)| (key.clone(), of_json(item))).collect();
            Message::map(pairs)
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::document::NodeId;

    fn check(form: Form, text: &str) -> Result<Message, MessageError> {
        let editor =
            MessageEditor { form, text: text.to_owned(), ..MessageEditor::new(Port::inbox(NodeId(1), "inbox")) };
        editor.message()
    }

    #[test]
    fn typed_text_becomes_a_message_of_the_chosen_form() {
        assert_eq!(check(Form::Text, "7").unwrap(), Message::text("7"));
        assert_eq!(check(Form::Number, " 7 ").unwrap(), Message::Int(7));
        assert_eq!(check(Form::Number, "7.5").unwrap(), Message::Float(7.5));
        assert_eq!(
            check(Form::Json, "[1, \"a\", null]").unwrap(),
            Message::list([1.into(), "a".into(), Message::Nothing])
        );
    }

    #[test]
    fn invalid_text_is_refused_with_the_reason() {
        assert!(check(Form::Number, "seven").unwrap_err().to_string().contains("not a number"));
        assert!(check(Form::Json, "[1,").unwrap_err().to_string().contains("not JSON"));
    }
}
