//! Fuzzy search: scores how well a name matches the typed text. Used by both palettes and the search on the canvas.
//!
//! Pure. nucleo matches and scores; this file decides which strings count, and how much.

use std::cmp::Reverse;

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// The typed text, prepared for matching.
pub struct Query {
    words: Vec<Word>,
    matcher: Matcher,
    buffer: Vec<char>,
}

struct Word {
    /// Matches the letters in order, with other letters between them.
    letters: Atom,
    /// Matches the word as a substring.
    whole: Atom,
}

impl Query {
    /// Splits `typed` at spaces.
    pub fn new(typed: &str) -> Self {
        let atom = |word: &str, kind| Atom::new(word, CaseMatching::Ignore, Normalization::Smart, kind, false);
        let word = |word| Word { letters: atom(word, AtomKind::Fuzzy), whole: atom(word, AtomKind::Substring) };
        let mut config = Config::DEFAULT;
        config.prefer_prefix = true;
        Self { words: typed.split_whitespace().map(word).collect(), matcher: Matcher::new(config), buffer: Vec::new() }
    }

    /// Whether the text is empty; then everything matches equally well.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The score of an entry; `None` if a word matches neither the name nor one of the strings about it.
    ///
    /// The letters of a word may be spread over `name`. In the strings `about` it, they must be contiguous, because
    /// almost every word can be found in a sentence as spread letters. A match in the name counts one and a half times.
    pub fn score(&mut self, name: &str, about: &[&str]) -> Option<u32> {
        let mut sum = 0;
        for word in &self.words {
            let in_name = word.letters.score(Utf32Str::new(name, &mut self.buffer), &mut self.matcher);
            let mut best = in_name.map(|score| u32::from(score) * 3 / 2);
            for text in about {
                let score = word.whole.score(Utf32Str::new(text, &mut self.buffer), &mut self.matcher);
                best = best.max(score.map(u32::from));
            }
            sum += best?;
        }
        Some(sum)
    }

    /// The matching entries, best first. Among equal scores, the shorter name comes first, then the earlier entry.
    ///
    /// `texts` returns the name and the strings about an entry.
    pub fn ranked<T, const N: usize>(
        &mut self,
        all: impl IntoIterator<Item = T>,
        texts: impl Fn(&T) -> (&str, [&str; N]),
    ) -> Vec<T> {
        let mut scored: Vec<(u32, T)> = Vec::new();
        for one in all {
            let (name, about) = texts(&one);
            if let Some(score) = self.score(name, &about) {
                scored.push((score, one));
            }
        }
        if !self.is_empty() {
            scored.sort_by_key(|(score, one)| (Reverse(*score), texts(one).0.len()));
        }
        scored.into_iter().map(|(_, one)| one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked<'a>(typed: &str, all: &[(&'a str, &'a str)]) -> Vec<&'a str> {
        let found = Query::new(typed).ranked(all.iter().copied(), |(name, about)| (name, [*about]));
        found.into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn names_rank_above_summaries_and_beginnings_above_middles() {
        let all =
            [("DataSource", "reads nothing"), ("ConsoleReader", ""), ("ReadFileAdaptor", ""), ("Chooser", "steps")];
        assert_eq!(ranked("read", &all), ["ReadFileAdaptor", "ConsoleReader", "DataSource"]);
    }

    #[test]
    fn a_match_at_the_beginning_ranks_first() {
        let all = [("Zebra on old moon", ""), ("Go to zoom", ""), ("Zoom to fit", ""), ("Undo", "")];
        assert_eq!(ranked("zoom", &all), ["Zoom to fit", "Go to zoom", "Zebra on old moon"]);
        assert_eq!(ranked("xyz", &all), [""; 0]);
    }

    #[test]
    fn spread_letters_match_names_but_not_summaries() {
        assert_eq!(ranked("cecho", &[("ConsoleEchoer", "")]), ["ConsoleEchoer"]);
        assert_eq!(ranked("zz", &[("ConsoleEchoer", "")]), [""; 0]);
        assert_eq!(ranked("cecho", &[("Sink", "the console has an echo")]), [""; 0]);
    }

    #[test]
    fn every_word_must_match_in_any_order() {
        let all = [("ConsoleEchoer", "Writes what it gets"), ("ConsoleReader", "Reads lines")];
        assert_eq!(ranked("echoer console", &all), ["ConsoleEchoer"]);
        assert_eq!(ranked("console lines", &all), ["ConsoleReader"]);
    }

    #[test]
    fn an_exact_name_ranks_above_longer_names() {
        assert_eq!(ranked("chooser", &[("ChooserTwo", ""), ("Chooser", "")]), ["Chooser", "ChooserTwo"]);
        let kept = [("b", ""), ("a", "")];
        assert_eq!(ranked(" ", &kept), ["b", "a"]);
    }

    #[test]
    fn case_and_accents_do_not_matter() {
        assert_eq!(ranked("CAFE", &[("café", "")]), ["café"]);
    }
}
