//! Markdown: the documentation of components, in the inspector.
//!
//! egui_commonmark draws it, apart from code blocks: there it adds a button whose picture our fonts do not have.

use egui::{Frame, Label, RichText, Ui};
use egui_commonmark::{CommonMarkCache, CommonMarkViewer};

use crate::theme::tokens::{self, RADIUS_CONTROL, SIZE_SMALL, Tokens};

/// Begins and ends a code block.
const FENCE: &str = "```";

/// Draws `text`.
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

/// Replaces links from one page of the manual to another, `[Name](Name.md)`, by the name: there are no pages here.
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
    fn only_links_to_pages_of_the_manual_become_names() {
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
    fn every_component_s_documentation_can_be_drawn() {
        let ctx = egui::Context::default();
        crate::theme::style::install_fonts(&ctx);
        crate::theme::style::install_theme(&ctx, tokens::ThemeName::Dark, 1.0);
        for spec in compose_components::registry().iter() {
            let mut output = ctx.run_ui(egui::RawInput::default(), |ui| markdown_ui(ui, spec.docs));
            // No window takes the pictures of letters.
            output.textures_delta.clear();
            assert!(!output.shapes.is_empty(), "{}", spec.type_name);
        }
    }
}
