//! Tokens: bytes to lines, lines to tokens, as the original's visualiser reads them (TOK-1 to TOK-5).
//!
//! Pure. Bytes are split first and whole lines decoded (TOK-1), so a chunk may end inside a character.

/// Joins chunks of bytes and gives them back line by line.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    rest: Vec<u8>,
}

impl Lines {
    /// Takes a chunk in and gives the lines it completes, without newline and carriage returns. Bytes that are no UTF-8
    /// become replacement characters.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<String> {
        self.rest.extend_from_slice(chunk);
        let Some(end) = self.rest.iter().rposition(|byte| *byte == b'\n') else { return Vec::new() };
        let unfinished = self.rest.split_off(end + 1);
        let mut whole = std::mem::replace(&mut self.rest, unfinished);
        whole.pop();
        whole.split(|byte| *byte == b'\n').map(decode).collect()
    }

    /// The unfinished line at the end of the stream, if there is one.
    pub fn finish(&mut self) -> Option<String> {
        let rest = std::mem::take(&mut self.rest);
        (!rest.is_empty()).then(|| decode(&rest))
    }
}

fn decode(line: &[u8]) -> String {
    String::from_utf8_lossy(line).replace('\r', "")
}

/// Why a line cannot be read. The whole line is dropped, and somebody must say so (TOK-5).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// A quote is opened and not closed.
    #[error("the quote opened at character {0} is not closed")]
    Unterminated(usize),
    /// There is text straight after a closing quote.
    #[error("there must be white space after the closing quote at character {0}")]
    TextAfterQuote(usize),
}

/// The tokens of a line, split at white space (TOK-2). A token that begins with a quote runs to the matching one; inside,
/// a backslash makes the next character literal (TOK-3). In other tokens quotes and backslashes are ordinary (TOK-4).
/// Characters are counted from 1 in errors.
///
/// # Errors
/// A quote is not closed, or there is text straight after one.
pub fn tokens(line: &str) -> Result<Vec<String>, TokenError> {
    let mut found = Vec::new();
    let mut letters = line.chars().enumerate().peekable();
    while let Some((place, letter)) = letters.next() {
        if letter.is_whitespace() {
            continue;
        }
        let mut token = String::new();
        if letter == '"' || letter == '\'' {
            let quote = letter;
            loop {
                match letters.next() {
                    None => return Err(TokenError::Unterminated(place + 1)),
                    Some((closed, letter)) if letter == quote => {
                        if letters.peek().is_some_and(|(_, next)| !next.is_whitespace()) {
                            return Err(TokenError::TextAfterQuote(closed + 1));
                        }
                        break;
                    }
                    Some((_, '\\')) => match letters.next() {
                        Some((_, literal)) => token.push(literal),
                        None => return Err(TokenError::Unterminated(place + 1)),
                    },
                    Some((_, letter)) => token.push(letter),
                }
            }
        } else {
            token.push(letter);
            while let Some((_, letter)) = letters.next_if(|(_, letter)| !letter.is_whitespace()) {
                token.push(letter);
            }
        }
        found.push(token);
    }
    Ok(found)
}
