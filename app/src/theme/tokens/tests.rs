//! Contrast of text with every background it is drawn on, in every theme.

use super::*;

fn check(theme: ThemeName, what: &str, text: Color32, background: Color32) {
    let found = contrast(text, background);
    assert!(found >= 4.5, "{}: {what} has a contrast of {found:.2}", theme.title());
}

#[test]
fn text_is_readable_on_every_background_of_every_theme() {
    for name in ThemeName::ALL {
        let tokens = Tokens::of_theme(name);
        let backgrounds = [tokens.background, tokens.panel, tokens.raised, tokens.hover];
        for background in backgrounds {
            check(name, "text", tokens.text, background);
            check(name, "strong", tokens.strong, background);
            check(name, "muted", tokens.muted, background);
        }
        for background in [tokens.background, tokens.panel, tokens.raised] {
            check(name, "dim", tokens.dim, background);
            check(name, "good", tokens.good, background);
            check(name, "careful", tokens.careful, background);
            check(name, "bad", tokens.bad, background);
            check(name, "paused", tokens.paused, background);
            check(name, "selection", tokens.selection, background);
        }
        check(name, "good on its background", tokens.good, tokens.good_background);
        check(name, "careful on its background", tokens.careful, tokens.careful_background);
        check(name, "bad on its background", tokens.bad, tokens.bad_background);
        check(name, "selected text", tokens.strong, tokens.selection_background);
        check(name, "pressed button", tokens.strong, tokens.pressed);
    }
}

#[test]
fn category_colours_have_enough_contrast() {
    for name in ThemeName::ALL {
        let tokens = Tokens::of_theme(name);
        for colour in tokens.categories {
            for background in [tokens.background, tokens.panel] {
                let found = contrast(colour, background);
                assert!(found >= 3.0, "{}: a category has a contrast of {found:.2}", name.title());
            }
        }
    }
}

#[test]
fn category_colours_are_in_category_order() {
    let tokens = Tokens::of_theme(ThemeName::Dark);
    for (index, category) in Category::ALL.into_iter().enumerate() {
        assert_eq!(tokens.category(category), tokens.categories[index]);
    }
}

/// Contrast of two opaque colours by WCAG 2, from 1 to 21.
fn contrast(one: Color32, other: Color32) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: Color32) -> f64 {
    let part = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(colour.r()) + 0.7152 * part(colour.g()) + 0.0722 * part(colour.b())
}
