//! Markdown: the documentation of components in the inspector.
//!
//! egui_commonmark draws it except for code blocks, where it adds a button with an icon that the fonts do not contain.

use egui::{Frame, Label, RichText, Ui};
use egui_commonmark::{CommonMarkCache, CommonMarkViewer};

use crate::theme::tokens::{self, RADIUS_CONTROL, SIZE_SMALL, Tokens};

/// The marker that starts and ends a code block.
const FENCE: &str = "```";

/// Draws a Markdown text.
pub fn markdown_ui(ui: &mut Ui, text: &str) {
    for (index, part) in without_page_links(text).split(FENCE).enumerate() {
        if index % 2 == 0 {
            ui.push_id(index, |ui| CommonMarkViewer::new().show(ui, &mut CommonMarkCache::default(), part));
        } else {
            code_ui(ui, part);
        }
    }
}

fn code_ui(ui: &mut Ui, code: &str) {
    let theme = Tokens::of(ui.ctx());
    Frame::new().fill(theme.background).corner_radius(RADIUS_CONTROL).inner_margin(8.0).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let code = RichText::new(code.trim_matches('\n')).font(tokens::font_mono(SIZE_SMALL)).color(theme.text);
        ui.add(Label::new(code).wrap());
    });
}

/// Replaces links between pages of the manual, `[Name](Name.md)`, with the name, because the pages do not exist here.
fn without_page_links(text: &str) -> String {
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        let link = after.split_once("](").and_then(|(name, tail)| {
            let tail = tail.strip_prefix(name)?.strip_prefix(".md)")?;
            Some((name, tail))
        });
        if let Some((name, tail)) = link {
            plain.push_str(name);
            rest = tail;
        } else {
            plain.push('[');
            rest = after;
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_manual_pages_are_replaced_by_names() {
        for (text, plain) in [
            ("as [Viewer](Viewer.md) does, [\"a\"] and [x](y)", "as Viewer does, [\"a\"] and [x](y)"),
            ("[One](One.md)[Two](Two.md)", "OneTwo"),
            ("[[", "[["),
            ("", ""),
        ] {
            assert_eq!(without_page_links(text), plain);
        }
    }

    #[test]
    fn the_documentation_of_every_component_can_be_drawn() {
        let ctx = egui::Context::default();
        crate::theme::style::install_fonts(&ctx);
        crate::theme::style::install_theme(&ctx, tokens::ThemeName::Dark, 1.0);
        for spec in compose_components::registry().iter() {
            let mut output = ctx.run_ui(egui::RawInput::default(), |ui| markdown_ui(ui, spec.docs));
            // Without a window, nothing uploads the font textures.
            output.textures_delta.clear();
            assert!(!output.shapes.is_empty(), "{}", spec.type_name);
        }
    }
}
