//! The outcomes in words and as JSON. Pure.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::outcome::{Ending, Found};
use crate::cli::ExploreArguments;

/// How many outcomes are told in words.
const MOST_TOLD: usize = 20;

/// How many lines of an outcome are told in words.
const LINES_TOLD: usize = 12;

/// For people.
pub fn text(arguments: &ExploreArguments, found: &[Found]) -> String {
    let (file, runs, policy) = (arguments.file.display(), arguments.runs, arguments.policy.word());
    let outcomes = match found {
        [_] => "one outcome".to_owned(),
        all => format!("{} different outcomes", all.len()),
    };
    let mut text = format!(
        "{file}: {outcomes} in {runs} runs (policy {policy}, seeds {} to {})\n",
        arguments.seed,
        arguments.seed.saturating_add(runs.saturating_sub(1))
    );
    for one in found.iter().take(MOST_TOLD) {
        // Writing to a string cannot fail.
        let _ = outcome(&mut text, arguments, one);
    }
    if found.len() > MOST_TOLD {
        let _ = writeln!(text, "\nand {} more; --format json tells all", found.len() - MOST_TOLD);
    }
    text
}

fn outcome(text: &mut String, arguments: &ExploreArguments, found: &Found) -> std::fmt::Result {
    let share = found.count as f64 * 100.0 / arguments.runs as f64;
    let times = if found.count == 1 { "once".to_owned() } else { format!("{} times", found.count) };
    let ending = match &found.outcome.ending {
        Ending::Ended => "ended".to_owned(),
        Ending::AtLimit => format!("still running after {}", span(arguments)),
        Ending::Busy => format!("not at rest after {} passes", arguments.passes),
        Ending::Stalled(words) => format!("stalled: {words}"),
    };
    writeln!(text, "\n{times} ({share:.1} %), first with seed {}: {ending}", found.seed)?;
    for (name, words) in &found.outcome.crashes {
        writeln!(text, "  {name} crashed: {words}")?;
    }
    let console = &found.outcome.console;
    for line in console.lines.iter().take(LINES_TOLD) {
        writeln!(text, "  | {line}")?;
    }
    let more = console.lines.len().saturating_sub(LINES_TOLD) as u64 + console.more;
    if more > 0 {
        writeln!(text, "  | ... and {more} more lines")?;
    }
    writeln!(text, "  again: {}", again(arguments, found))
}

/// For programs.
pub fn json(arguments: &ExploreArguments, found: &[Found]) -> Value {
    let outcomes = found.iter().map(|found| {
        let outcome = &found.outcome;
        let crash = |(name, words): &(String, String)| json!({ "component": name, "words": words });
        json!({
            "count": found.count,
            "share": found.count as f64 / arguments.runs as f64,
            "seed": found.seed,
            "end": outcome.ending.word(),
            "words": match &outcome.ending {
                Ending::Stalled(words) => Some(words),
                Ending::Ended | Ending::AtLimit | Ending::Busy => None,
            },
            "crashes": outcome.crashes.iter().map(crash).collect::<Value>(),
            "console": outcome.console.lines,
            "more_lines": outcome.console.more,
            "again": again(arguments, found),
        })
    });
    json!({
        "file": arguments.file.display().to_string(),
        "runs": arguments.runs,
        "policy": arguments.policy.word(),
        "first_seed": arguments.seed,
        "until_s": arguments.until.as_secs_f64(),
        "outcomes": outcomes.collect::<Value>(),
    })
}

/// The command line that shows an outcome again.
fn again(arguments: &ExploreArguments, found: &Found) -> String {
    let mut words = format!(
        "kamaelia-compose run {} --virtual-time --for {} --policy {} --seed {}",
        quoted(&arguments.file.display().to_string()),
        span(arguments),
        arguments.policy.word(),
        found.seed
    );
    if found.outcome.ending == Ending::Busy {
        let _ = write!(words, " --passes {}", arguments.passes);
    }
    for (name, value) in &arguments.settings {
        let _ = write!(words, " --set {}", quoted(&format!("{name}={value}")));
    }
    words
}

fn span(arguments: &ExploreArguments) -> String {
    format!("{}s", arguments.until.as_secs_f64())
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-=:,+@%".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_the_shell() {
        for (word, expected) in [("a/b.json", "a/b.json"), ("x=it's", r"'x=it'\''s'"), ("", "''"), ("$HOME", "'$HOME'")]
        {
            assert_eq!(quoted(word), expected);
        }
    }
}
