//! Markdown, as far as the documentation of components uses it: paragraphs, headings, lists, code, emphasis.
//!
//! Drawn with one text layout a paragraph; no dependency for a dozen lines of text.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FontId, Ui};

use crate::theme::tokens::{self, SIZE_BODY, SIZE_SMALL, Tokens};

/// Draws `text`.
pub fn markdown_ui(ui: &mut Ui, text: &str) {
    let theme = Tokens::of(ui.ctx());
    for block in blocks(text) {
        match block {
            Block::Heading(words) => {
                ui.add_space(4.0);
                ui.label(egui::RichText::new(words).font(tokens::font_strong(SIZE_BODY)).color(theme.strong));
            }
            Block::Paragraph(words) => {
                ui.add(egui::Label::new(spans(&words, &theme)).wrap());
                ui.add_space(2.0);
            }
            Block::Item(words) => {
                ui.horizontal_top(|ui| {
                    ui.label(egui::RichText::new("•").color(theme.muted));
                    ui.add(egui::Label::new(spans(&words, &theme)).wrap());
                });
            }
            Block::Code(lines) => {
                egui::Frame::new().fill(theme.background).corner_radius(6.0).inner_margin(8.0).show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    let text = egui::RichText::new(lines).font(tokens::font_mono(SIZE_SMALL)).color(theme.text);
                    ui.add(egui::Label::new(text).wrap());
                });
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Block {
    Heading(String),
    Paragraph(String),
    Item(String),
    Code(String),
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut code: Option<Vec<&str>> = None;
    let mut goes_on = false;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            match code.take() {
                Some(lines) => blocks.push(Block::Code(lines.join("\n"))),
                None => code = Some(Vec::new()),
            }
            goes_on = false;
            continue;
        }
        if let Some(lines) = &mut code {
            lines.push(line);
            continue;
        }
        if trimmed.is_empty() {
            goes_on = false;
        } else if let Some(words) = trimmed.strip_prefix('#') {
            blocks.push(Block::Heading(words.trim_start_matches('#').trim().to_owned()));
            goes_on = false;
        } else if let Some(words) = trimmed.strip_prefix("- ").or_else(|| trimmed.strip_prefix("* ")) {
            blocks.push(Block::Item(words.to_owned()));
            goes_on = true;
        } else if let (true, Some(Block::Paragraph(words) | Block::Item(words))) = (goes_on, blocks.last_mut()) {
            words.push(' ');
            words.push_str(trimmed);
        } else {
            blocks.push(Block::Paragraph(trimmed.to_owned()));
            goes_on = true;
        }
    }
    if let Some(lines) = code {
        blocks.push(Block::Code(lines.join("\n")));
    }
    blocks
}

fn spans(text: &str, theme: &Tokens) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut rest = text;
    while !rest.is_empty() {
        let next = ["`", "**"].iter().filter_map(|mark| rest.find(mark).map(|at| (at, *mark))).min();
        let Some((at, mark)) = next else { break };
        let after = at + mark.len();
        let Some(length) = rest.get(after..).and_then(|tail| tail.find(mark)) else { break };
        append(&mut job, rest.get(..at), tokens::font(SIZE_BODY), theme.text, Color32::TRANSPARENT);
        let inside = rest.get(after..after + length);
        if mark == "`" {
            append(&mut job, inside, tokens::font_mono(SIZE_SMALL), theme.strong, theme.raised);
        } else {
            append(&mut job, inside, tokens::font_strong(SIZE_BODY), theme.strong, Color32::TRANSPARENT);
        }
        rest = rest.get(after + length + mark.len()..).unwrap_or_default();
    }
    append(&mut job, Some(rest), tokens::font(SIZE_BODY), theme.text, Color32::TRANSPARENT);
    job
}

fn append(job: &mut LayoutJob, text: Option<&str>, font_id: FontId, color: Color32, background: Color32) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        job.append(text, 0.0, TextFormat { font_id, color, background, ..TextFormat::default() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_told_apart() {
        let text = "First\nline.\n\n- one\n  more\n- two\n\n# Title\n```\ncode\n```";
        assert_eq!(
            blocks(text),
            [
                Block::Paragraph("First line.".to_owned()),
                Block::Item("one more".to_owned()),
                Block::Item("two".to_owned()),
                Block::Heading("Title".to_owned()),
                Block::Code("code".to_owned()),
            ]
        );
    }

    #[test]
    fn unfinished_marks_are_text() {
        let job = spans("a `b` and `c", &Tokens::of_theme(tokens::ThemeName::Dark));
        assert_eq!(job.text, "a b and `c");
    }
}
