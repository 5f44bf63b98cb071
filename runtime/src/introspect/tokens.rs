//! Tokens: splits bytes into lines and lines into tokens, as the visualiser of the original does (TOK-1 to TOK-5).
//!
//! Pure. Bytes are split into lines before they are decoded (TOK-1), so a chunk may end inside a character.

/// Joins chunks of bytes and returns them line by line.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    rest: Vec<u8>,
}

impl Lines {
    /// Adds a chunk and returns the lines that it completes, without newlines and carriage returns. Bytes that are not
    /// valid UTF-8 become replacement characters.
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

/// Why a line cannot be read. The caller drops the whole line and reports the error (TOK-5).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// A quote is not closed.
    #[error("the quote opened at character {0} is not closed")]
    Unterminated(usize),
    /// There is text directly after a closing quote.
    #[error("there must be white space after the closing quote at character {0}")]
    TextAfterQuote(usize),
}

/// The tokens of a line, split at white space (TOK-2). A token that begins with a quote extends to the matching quote;
/// inside it, a backslash makes the next character literal (TOK-3). In other tokens, quotes and backslashes are
/// ordinary characters (TOK-4). Errors count characters from 1.
///
/// # Errors
/// A quote is not closed, or there is text directly after a closing quote.
pub fn tokens(line: &str) -> Result<Vec<String>, TokenError> {
    let mut found = Vec::new();
    let mut letters = line.chars().enumerate().peekable();
    while let Some((index, letter)) = letters.next() {
        if letter.is_whitespace() {
            continue;
        }
        let mut token = String::new();
        if letter == '"' || letter == '\'' {
            let quote = letter;
            loop {
                match letters.next() {
                    None => return Err(TokenError::Unterminated(index + 1)),
                    Some((closed, letter)) if letter == quote => {
                        if letters.peek().is_some_and(|(_, next)| !next.is_whitespace()) {
                            return Err(TokenError::TextAfterQuote(closed + 1));
                        }
                        break;
                    }
                    Some((_, '\\')) => match letters.next() {
                        Some((_, literal)) => token.push(literal),
                        None => return Err(TokenError::Unterminated(index + 1)),
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
