//! The report of the outcomes, as text and as JSON. Pure.

use std::fmt::Write as _;

use compose_runtime::escape::one_line;
use serde_json::{Value, json};

use super::outcome::{Ending, Found};
use crate::cli::command_line::ExploreArguments;

/// How many outcomes the text report lists.
const MAX_OUTCOMES: usize = 20;

/// How many lines of each outcome the text report shows.
const MAX_LINES: usize = 12;

/// The report as text.
pub fn text(arguments: &ExploreArguments, found: &[Found]) -> String {
    let file = arguments.file.to_string_lossy();
    let (file, runs, policy) = (one_line(&file), arguments.runs, arguments.policy.name());
    let outcomes = match found {
        [_] => "one outcome".to_owned(),
        all => format!("{} different outcomes", all.len()),
    };
    let mut text = format!(
        "{file}: {outcomes} in {runs} runs (policy {policy}, seeds {} to {})\n",
        arguments.seed,
        arguments.seed.saturating_add(runs.saturating_sub(1))
    );
    for one in found.iter().take(MAX_OUTCOMES) {
        // Writing to a string cannot fail.
        let _ = outcome(&mut text, arguments, one);
    }
    if found.len() > MAX_OUTCOMES {
        let _ = writeln!(text, "\nand {} more; --format json lists all of them", found.len() - MAX_OUTCOMES);
    }
    text
}

fn outcome(text: &mut String, arguments: &ExploreArguments, found: &Found) -> std::fmt::Result {
    let share = found.count as f64 * 100.0 / arguments.runs as f64;
    let times = if found.count == 1 { "once".to_owned() } else { format!("{} times", found.count) };
    let ending = match &found.outcome.ending {
        Ending::Ended => "ended".to_owned(),
        Ending::AtLimit => format!("still running after {}", span(arguments)),
        Ending::Busy => format!("still busy after {} passes", arguments.passes),
        Ending::Stalled(reason) => format!("stalled: {reason}"),
    };
    writeln!(text, "\n{times} ({share:.1} %), first with seed {}: {}", found.seed, one_line(&ending))?;
    for (name, fault) in &found.outcome.crashes {
        writeln!(text, "  {} crashed: {}", one_line(name), one_line(fault))?;
    }
    let console = &found.outcome.console;
    for line in console.lines.iter().take(MAX_LINES) {
        writeln!(text, "  | {}", one_line(line))?;
    }
    let more = console.lines.len().saturating_sub(MAX_LINES) as u64 + console.more;
    if more > 0 {
        writeln!(text, "  | ... and {more} more lines")?;
    }
    writeln!(text, "  again: {}", one_line(&again(arguments, found)))
}

/// The report as JSON.
pub fn json(arguments: &ExploreArguments, found: &[Found]) -> Value {
    let outcomes = found.iter().map(|found| {
        let outcome = &found.outcome;
        let crash = |(name, fault): &(String, String)| json!({ "component": name, "words": fault });
        json!({
            "count": found.count,
            "share": found.count as f64 / arguments.runs as f64,
            "seed": found.seed,
            "end": outcome.ending.name(),
            "words": match &outcome.ending {
                Ending::Stalled(reason) => Some(reason),
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
        "policy": arguments.policy.name(),
        "first_seed": arguments.seed,
        "until_s": arguments.until.as_secs_f64(),
        "outcomes": outcomes.collect::<Value>(),
    })
}

/// The command line that reproduces an outcome.
fn again(arguments: &ExploreArguments, found: &Found) -> String {
    let mut command = format!(
        "kamaelia-compose run {} --virtual-time --for {} --policy {} --seed {}",
        quoted(&arguments.file.display().to_string()),
        span(arguments),
        arguments.policy.name(),
        found.seed
    );
    if found.outcome.ending == Ending::Busy {
        let _ = write!(command, " --passes {}", arguments.passes);
    }
    for (name, value) in &arguments.settings {
        let _ = write!(command, " --set {}", quoted(&format!("{name}={value}")));
    }
    command
}

fn span(arguments: &ExploreArguments) -> String {
    format!("{}s", arguments.until.as_secs_f64())
}

/// A word, quoted for the shell where needed.
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
