//! Wording: initial letters, sentences and plurals of texts for the user. Pure.

/// The text with a small initial letter, to continue a sentence.
pub fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The text with a capital initial letter. A name that contains a dot, underscore, slash or quote is not changed.
pub fn upper_first(text: &str) -> String {
    let is_name = text.split(' ').next().is_some_and(|word| word.contains(['.', '_', '/', '"']));
    if is_name {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The text of an error as a sentence, with a capital initial letter and a full stop.
pub fn sentence(text: &str) -> String {
    let mut sentence = upper_first(text.trim());
    if !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

/// The count and the noun in its singular or plural, for example `1 link` or `3 links`.
pub fn count_of(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_becomes_a_sentence_and_a_name_keeps_its_letters() {
        for (text, expected) in [
            ("there is no component #7", "There is no component #7."),
            ("sender.outbox has no link ", "sender.outbox has no link."),
            ("is this right?", "Is this right?"),
        ] {
            assert_eq!(sentence(text), expected);
        }
        assert_eq!((lower_first("Ändert nichts"), lower_first("")), ("ändert nichts".to_owned(), String::new()));
    }

    #[test]
    fn only_one_is_singular() {
        assert_eq!([0, 1, 2].map(|count| count_of(count, "link")), ["0 links", "1 link", "2 links"]);
    }
}
