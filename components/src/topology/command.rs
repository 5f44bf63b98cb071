//! Command: the commands of topology viewers, parsed from the words of a line (VIEW-1 to VIEW-12).
//!
//! Pure. The first two words are compared without regard to case, all others exactly.

/// The position of a new node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Position {
    /// Any free position (`auto` or `randompos`).
    Anywhere,
    /// At these coordinates, in the units of the layout.
    At([f32; 2]),
}

/// One command.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Command {
    AddNode { id: String, name: String, position: Position, type_name: String },
    DelNode { id: String },
    AddLink { from: String, to: String },
    DelLink { from: String, to: String },
    DelAll,
    GetAll,
    UpdateName { id: String, name: String },
    GetName { id: String },
    FreezeAll,
    UnfreezeAll,
}

/// Why a line is not a valid command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CommandError {
    #[error("there is no command {0}; the commands are {known}", known = names())]
    Unknown(String),
    #[error("{command} expects {expected}; arguments given: {given}")]
    WrongCount { command: &'static str, expected: &'static str, given: usize },
    #[error("{0} is not a position; write auto, randompos, or two whole numbers as in 120,-40")]
    NoPosition(String),
}

/// Every command: its two words, the arguments, and the number of arguments.
const COMMANDS: [(&str, &str, usize); 10] = [
    ("ADD NODE", "id, name, position and type", 4),
    ("DEL NODE", "an id", 1),
    ("ADD LINK", "two ids", 2),
    ("DEL LINK", "two ids", 2),
    ("DEL ALL", "no arguments", 0),
    ("GET ALL", "no arguments", 0),
    ("UPDATE_NAME NODE", "id and name", 2),
    ("GET_NAME NODE", "an id", 1),
    ("FREEZE ALL", "no arguments", 0),
    ("UNFREEZE ALL", "no arguments", 0),
];

/// Maximum number of characters of a word in an error message, because the words may come from a network.
const MOST_REPEATED: usize = 60;

/// The beginning of a word, for an error message.
pub(super) fn brief(word: &str) -> String {
    match word.char_indices().nth(MOST_REPEATED) {
        Some((end, _)) => format!("{}…", word.get(..end).unwrap_or_default()),
        None => word.to_owned(),
    }
}

fn names() -> String {
    COMMANDS.map(|(name, ..)| name).join(", ")
}

impl Command {
    /// Parses these words. `prefix` is added to every id, so that the ids of several senders do not conflict.
    pub(super) fn read(words: &[String], prefix: &str) -> Result<Self, CommandError> {
        let verb = words.iter().take(2).map(|word| word.to_uppercase()).collect::<Vec<_>>().join(" ");
        let known = COMMANDS.into_iter().find(|(name, ..)| *name == verb);
        let Some((command, expected, count)) = known else {
            let first: Vec<String> = words.iter().take(2).map(|word| brief(word)).collect();
            return Err(CommandError::Unknown(first.join(" ")));
        };
        let given = words.get(2..).unwrap_or_default();
        if given.len() != count {
            return Err(CommandError::WrongCount { command, expected, given: given.len() });
        }
        let id = |word: &String| format!("{prefix}{word}");
        Ok(match (command, given) {
            ("ADD NODE", [own, name, position, type_name]) => Self::AddNode {
                id: id(own),
                name: name.clone(),
                position: read_position(position)?,
                type_name: type_name.clone(),
            },
            ("DEL NODE", [own]) => Self::DelNode { id: id(own) },
            ("ADD LINK", [from, to]) => Self::AddLink { from: id(from), to: id(to) },
            ("DEL LINK", [from, to]) => Self::DelLink { from: id(from), to: id(to) },
            ("DEL ALL", _) => Self::DelAll,
            ("GET ALL", _) => Self::GetAll,
            ("UPDATE_NAME NODE", [own, name]) => Self::UpdateName { id: id(own), name: name.clone() },
            ("GET_NAME NODE", [own]) => Self::GetName { id: id(own) },
            ("FREEZE ALL", _) => Self::FreezeAll,
            _ => Self::UnfreezeAll,
        })
    }
}

fn read_position(word: &str) -> Result<Position, CommandError> {
    if word.eq_ignore_ascii_case("auto") || word.eq_ignore_ascii_case("randompos") {
        return Ok(Position::Anywhere);
    }
    let number = |text: &str| text.parse::<i32>().ok().map(|number| number as f32);
    word.split_once(',')
        .and_then(|(x, y)| Some(Position::At([number(x)?, number(y)?])))
        .ok_or_else(|| CommandError::NoPosition(brief(word)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::tokens::tokens;

    use super::*;

    fn read(line: &str) -> Result<Command, CommandError> {
        Command::read(&tokens(line).unwrap_or_default(), "")
    }

    #[test]
    fn view_1_the_first_two_words_ignore_case_and_the_rest_do_not() {
        assert_eq!(read("dEl aLl"), Ok(Command::DelAll));
        assert_eq!(read("get_name node X"), Ok(Command::GetName { id: "X".to_owned() }));
        assert_ne!(read("DEL NODE X"), read("DEL NODE x"));
    }

    #[test]
    fn view_3_a_position_is_automatic_or_two_whole_numbers() {
        let position = |word: &str| match read(&format!("ADD NODE 1 a {word} -")) {
            Ok(Command::AddNode { position, .. }) => Ok(position),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error.to_string()),
        };
        assert_eq!((position("RandomPos"), position("AUTO")), (Ok(Position::Anywhere), Ok(Position::Anywhere)));
        assert_eq!(position("12,-7"), Ok(Position::At([12.0, -7.0])));
        assert_eq!(position("+3,4"), Ok(Position::At([3.0, 4.0])));
        for wrong in ["(1,2)", "1", "a,b", "1,2,3", "1.5,2"] {
            let error = position(wrong).unwrap_err();
            assert!(error.starts_with(&format!("{wrong} is not a position")), "{error}");
        }
    }

    #[test]
    fn view_16_view_17_the_error_for_an_invalid_line_lists_the_valid_commands() {
        let error = |line: &str| read(line).unwrap_err().to_string();
        assert_eq!(error("ADD NODE 1"), "ADD NODE expects id, name, position and type; arguments given: 1");
        assert_eq!(error("DEL ALL now"), "DEL ALL expects no arguments; arguments given: 1");
        let listed = error("SELECT NODE 1");
        assert!(listed.starts_with("there is no command SELECT NODE; the commands are ADD NODE, "), "{listed}");
        assert!(error("ADD").starts_with("there is no command ADD;"));
    }

    #[test]
    fn an_error_repeats_only_the_beginning_of_a_long_word() {
        let long = "é".repeat(1 << 20);
        for line in [format!("{long} {long}"), format!("ADD NODE 1 a {long} -")] {
            let error = read(&line).unwrap_err().to_string();
            assert!(error.chars().count() < 400 && error.contains("éé…"), "{error}");
        }
    }

    #[test]
    fn ids_of_several_senders_do_not_conflict() {
        let words = ["ADD", "LINK", "1", "2"].map(str::to_owned);
        let expected = Command::AddLink { from: "7:1".to_owned(), to: "7:2".to_owned() };
        assert_eq!(Command::read(&words, "7:"), Ok(expected));
    }
}
