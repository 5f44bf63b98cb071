//! MessageEditor: the small window that sends a message to an inbox by hand.

use std::collections::BTreeMap;

use compose_runtime::message::Message;
use egui::{Id, Key, Pos2, TextEdit, Ui, Window};

use super::view::CanvasView;
use crate::command::{CommandQueue, RunCommand};
use crate::document::Port;
use crate::theme::widgets;

/// What the typed words stand for.
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

/// The window while it is open.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageEditor {
    port: Port,
    form: Form,
    words: String,
    is_true: bool,
    is_new: bool,
    sent: usize,
}

impl MessageEditor {
    /// Which inbox it is about.
    pub fn port(&self) -> &Port {
        &self.port
    }

    /// Opens it for an inbox.
    pub fn new(port: Port) -> Self {
        Self { port, form: Form::Text, words: String::new(), is_true: true, is_new: true, sent: 0 }
    }

    fn message(&self) -> Result<Message, String> {
        match self.form {
            Form::Text => Ok(Message::text(&self.words)),
            Form::Event => Ok(Message::Nothing),
            Form::TrueOrFalse => Ok(Message::Bool(self.is_true)),
            Form::Number => number(&self.words),
            Form::Json => {
                let value = serde_json::from_str(&self.words).map_err(|error| format!("this is not JSON: {error}"))?;
                Ok(of_json(&value))
            }
        }
    }
}

/// Draws the window. Gives `false` when it is to be closed.
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
                widgets::muted(ui, format!("{}\nTakes {}.", info.help, info.kinds_text()));
            }
            ui.horizontal_wrapped(|ui| {
                for (form, word) in Form::ALL {
                    ui.selectable_value(&mut editor.form, form, word);
                }
            });
            let mut enter = false;
            let mut field = None;
            match editor.form {
                Form::Text | Form::Number => {
                    let edit = ui.add(TextEdit::singleline(&mut editor.words).desired_width(f32::INFINITY));
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
                        TextEdit::multiline(&mut editor.words)
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
            if let Err(why) = &message {
                widgets::wrong(ui, why);
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
                    // Again Enter sends the same again; typing replaces it.
                    if let Some(field) = field {
                        widgets::select_all(ui, field, &editor.words);
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

fn number(words: &str) -> Result<Message, String> {
    let words = words.trim();
    if let Ok(whole) = words.parse::<i64>() {
        return Ok(Message::Int(whole));
    }
    match words.parse::<f64>() {
        Ok(real) if real.is_finite() => Ok(Message::Float(real)),
        _ => Err("this is not a number".to_owned()),
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

    fn check(form: Form, words: &str) -> Result<Message, String> {
        let editor =
            MessageEditor { form, words: words.to_owned(), ..MessageEditor::new(Port::inbox(NodeId(1), "inbox")) };
        editor.message()
    }

    #[test]
    fn words_become_messages_of_the_chosen_form() {
        assert_eq!(check(Form::Text, "7").unwrap(), Message::text("7"));
        assert_eq!(check(Form::Number, " 7 ").unwrap(), Message::Int(7));
        assert_eq!(check(Form::Number, "7.5").unwrap(), Message::Float(7.5));
        assert_eq!(
            check(Form::Json, "[1, \"a\", null]").unwrap(),
            Message::list([1.into(), "a".into(), Message::Nothing])
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(check(Form::Number, "seven").unwrap_err().contains("not a number"));
        assert!(check(Form::Json, "[1,").unwrap_err().contains("not JSON"));
    }
}
