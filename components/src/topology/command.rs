//! Command: what a viewer of topologies is told, read from the words of a line (VIEW-1 to VIEW-12).
//!
//! Pure. The first two words are compared without regard to case, everything else exactly.

/// Where a new node stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Place {
    /// Wherever there is room (`auto` or `randompos`).
    Anywhere,
    /// At these coordinates, in the units of the layout.
    At([f32; 2]),
}

/// One command.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Command {
    AddNode { id: String, name: String, place: Place, type_name: String },
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

/// Why words are no command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CommandError {
    #[error("there is no command {0}; known are {known}", known = names())]
    Unknown(String),
    #[error("{command} wants {wanted}, not {given} words")]
    WrongCount { command: &'static str, wanted: &'static str, given: usize },
    #[error("{0} is no place; write auto, randompos, or two whole numbers as in 120,-40")]
    NoPlace(String),
}

/// Every command: its two words, what follows them, and how many words that are.
const COMMANDS: [(&str, &str, usize); 10] = [
    ("ADD NODE", "id, name, place and type", 4),
    ("DEL NODE", "an id", 1),
    ("ADD LINK", "two ids", 2),
    ("DEL LINK", "two ids", 2),
    ("DEL ALL", "nothing more", 0),
    ("GET ALL", "nothing more", 0),
    ("UPDATE_NAME NODE", "id and name", 2),
    ("GET_NAME NODE", "an id", 1),
    ("FREEZE ALL", "nothing more", 0),
    ("UNFREEZE ALL", "nothing more", 0),
];

fn names() -> String {
    COMMANDS.map(|(name, ..)| name).join(", ")
}

impl Command {
    /// The command in these words. `prefix` is put before every id, so that several senders cannot disturb each other.
    pub(super) fn read(words: &[String], prefix: &str) -> Result<Self, CommandError> {
        let verb = words.iter().take(2).map(|word| word.to_uppercase()).collect::<Vec<_>>().join(" ");
        let known = COMMANDS.into_iter().find(|(name, ..)| *name == verb);
        let Some((command, wanted, count)) = known else {
            return Err(CommandError::Unknown(words.iter().take(2).cloned().collect::<Vec<_>>().join(" ")));
        };
        let given = words.get(2..).unwrap_or_default();
        if given.len() != count {
            return Err(CommandError::WrongCount { command, wanted, given: given.len() });
        }
        let id = |word: &String| format!("{prefix}{word}");
        Ok(match (command, given) {
            ("ADD NODE", [own, name, place, type_name]) => Self::AddNode {
                id: id(own),
                name: name.clone(),
                place: read_place(place)?,
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

fn read_place(word: &str) -> Result<Place, CommandError> {
    if word.eq_ignore_ascii_case("auto") || word.eq_ignore_ascii_case("randompos") {
        return Ok(Place::Anywhere);
    }
    let number = |text: &str| text.parse::<i32>().ok().map(|number| number as f32);
    word.split_once(',')
        .and_then(|(x, y)| Some(Place::At([number(x)?, number(y)?])))
        .ok_or_else(|| CommandError::NoPlace(word.to_owned()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::tokens::tokens;

    use super::*;

    fn read(line: &str) -> Result<Command, String> {
        Command::read(&tokens(line).unwrap_or_default(), "").map_err(|error| error.to_string())
    }

    #[test]
    fn view_1_the_first_two_words_may_be_in_any_case_and_the_rest_counts() {
        assert_eq!(read("dEl aLl"), Ok(Command::DelAll));
        assert_eq!(read("get_name node X"), Ok(Command::GetName { id: "X".to_owned() }));
        assert_ne!(read("DEL NODE X"), read("DEL NODE x"));
    }

    #[test]
    fn view_3_a_place_is_anywhere_or_two_whole_numbers() {
        let place = |word: &str| match read(&format!("ADD NODE 1 a {word} -")) {
            Ok(Command::AddNode { place, .. }) => Ok(place),
            Ok(other) => Err(format!("{other:?}")),
            Err(words) => Err(words),
        };
        assert_eq!((place("RandomPos"), place("AUTO")), (Ok(Place::Anywhere), Ok(Place::Anywhere)));
        assert_eq!(place("12,-7"), Ok(Place::At([12.0, -7.0])));
        assert_eq!(place("+3,4"), Ok(Place::At([3.0, 4.0])));
        for wrong in ["(1,2)", "1", "a,b", "1,2,3", "1.5,2"] {
            let words = place(wrong).unwrap_err();
            assert!(words.starts_with(&format!("{wrong} is no place")), "{words}");
        }
    }

    #[test]
    fn view_16_view_17_what_is_no_command_is_said_with_what_would_be_one() {
        assert_eq!(read("ADD NODE 1"), Err("ADD NODE wants id, name, place and type, not 1 words".to_owned()));
        assert_eq!(read("DEL ALL now"), Err("DEL ALL wants nothing more, not 1 words".to_owned()));
        let words = read("SELECT NODE 1").unwrap_err();
        assert!(words.starts_with("there is no command SELECT NODE; known are ADD NODE, "), "{words}");
        assert!(read("ADD").unwrap_err().starts_with("there is no command ADD;"));
    }

    #[test]
    fn ids_of_several_senders_are_kept_apart() {
        let words = ["ADD", "LINK", "1", "2"].map(str::to_owned);
        let expected = Command::AddLink { from: "7:1".to_owned(), to: "7:2".to_owned() };
        assert_eq!(Command::read(&words, "7:"), Ok(expected));
    }
}
