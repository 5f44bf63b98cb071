//! SubtitleColourDecoder: subtitles with tags for colours become words with their colours.

use compose_runtime::dev::*;

use crate::colour;
use crate::refuse::wrong_kind;

/// Description of SubtitleColourDecoder.
pub static SUBTITLE_COLOUR_DECODER: ComponentSpec = ComponentSpec {
    type_name: "SubtitleColourDecoder",
    category: Category::Text,
    summary: "Turns the colour tags of subtitles into colours",
    docs: "Each line becomes a list of runs in their order, each a map with `text` and `colour` (`#rrggbb`); no tag is \
           left. `<font color=\"…\">` sets the colour until its `</font>`, one inside of another too; every line begins \
           with `colour`. Colours are `#rrggbb` or names such as yellow and cyan; one that is neither is said on the \
           console and changes nothing. `<br>` is a space, other tags are left out, `&amp;`, `&lt;`, `&gt;` and numbers \
           such as `&#233;` become what they stand for, and a `<` that begins no tag stays. A line without words gives \
           nothing.\n\n\
           Example: TCPClient into chunks_to_lines into SubtitleColourDecoder into a Ticker shows them in their colours; \
           a JSONEncoder in place of the Ticker packs them for a browser.\n\n\
           Differs from the original: it gives one message a line and not one a colour.",
    inboxes: &[BoxSpec::new("inbox", "Lines of subtitles with tags").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "Lists of runs, each with text and colour").kinds(&[Kind::List])],
    params: &[ParamSpec::text("colour", "#ffffff", "Colour of words without a tag, as #rrggbb or a name")],
    build: build::<SubtitleColourDecoder>,
    ..ComponentSpec::EMPTY
};

struct SubtitleColourDecoder {
    usual: [u8; 3],
}

impl Component for SubtitleColourDecoder {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let words = params.text("colour");
        let usual = colour::from_words(&words).ok_or_else(|| ParamError::Refused {
            param: "colour".to_owned(),
            expected: "a colour like #ffffff or yellow".to_owned(),
            got: words,
        })?;
        Ok(Self { usual })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let bytes = message.as_bytes().ok_or_else(|| wrong_kind("inbox", "text or bytes", &message))?;
            let line = String::from_utf8_lossy(bytes);
            let mut decoding = Decoding { colours: vec![self.usual], ..Decoding::default() };
            decoding.line(line.trim());
            for unknown in decoding.unknown {
                io.note(&format!("inbox: {unknown} is no colour; write #rrggbb or a name such as yellow"));
            }
            if !decoding.runs.is_empty() {
                io.send("outbox", Message::list(decoding.runs.into_iter().map(Run::into_message))).await;
            }
        }
        Ok(())
    }
}

/// Words of one colour.
struct Run {
    text: String,
    colour: [u8; 3],
}

impl Run {
    fn into_message(self) -> Message {
        Message::map([("text", self.text.into()), ("colour", colour::to_hex(self.colour).into())])
    }
}

/// One line on its way.
#[derive(Default)]
struct Decoding {
    /// The colours that are open, the innermost last.
    colours: Vec<[u8; 3]>,
    runs: Vec<Run>,
    unknown: Vec<String>,
}

impl Decoding {
    fn line(&mut self, line: &str) {
        let mut rest = line;
        while let Some((words, behind)) = rest.split_once('<') {
            self.words(words);
            let is_tag = behind.starts_with(|first: char| first == '/' || first.is_ascii_alphabetic());
            if let Some((tag, after)) = behind.split_once('>').filter(|_| is_tag) {
                self.tag(tag);
                rest = after;
            } else {
                self.words("<");
                rest = behind;
            }
        }
        self.words(rest);
    }

    fn words(&mut self, words: &str) {
        // What is no entity, as in "Q & A", stands for itself.
        let words = quick_xml::escape::unescape(words).unwrap_or(words.into());
        let colour = self.colours.last().copied().unwrap_or_default();
        match self.runs.last_mut() {
            // Space has no colour.
            Some(run) if run.colour == colour || words.trim().is_empty() => run.text.push_str(&words),
            _ if words.trim().is_empty() => {}
            _ => self.runs.push(Run { text: words.into_owned(), colour }),
        }
    }

    fn tag(&mut self, tag: &str) {
        let tag = tag.trim().trim_end_matches('/').to_ascii_lowercase();
        match tag.split_whitespace().next() {
            Some("font") => {
                let outer = self.colours.last().copied().unwrap_or_default();
                let wanted = attribute(&tag);
                let found = wanted.map_or(Some(outer), colour::from_words);
                if found.is_none() {
                    self.unknown.extend(wanted.map(str::to_owned));
                }
                self.colours.push(found.unwrap_or(outer));
            }
            Some("/font") if self.colours.len() > 1 => {
                self.colours.pop();
            }
            Some("br") => self.words(" "),
            _ => {}
        }
    }
}

/// The value of `color` or `colour` in a tag.
fn attribute(tag: &str) -> Option<&str> {
    let (_, value) = tag.split_once(" colo")?;
    let value = value.trim_start_matches('u').strip_prefix('r')?.trim_start().strip_prefix('=')?.trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'') => value.split(quote).nth(1),
        _ => value.split_whitespace().next(),
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::Rig;

    use super::*;

    /// The runs of a line, as `colour text` each.
    fn decoded(line: &str) -> Vec<String> {
        let mut rig = Rig::new(&SUBTITLE_COLOUR_DECODER, &[]);
        rig.put("inbox", line);
        rig.finish();
        rig.run();
        let words = |run: &Message| match run {
            Message::Map(run) => format!("{} {}", run["colour"], run["text"]),
            other => other.to_string(),
        };
        let messages = rig.take("outbox");
        messages
            .iter()
            .flat_map(|line| if let Message::List(runs) = line { runs.to_vec() } else { vec![] })
            .map(|run| words(&run))
            .collect()
    }

    #[test]
    fn tags_are_gone_and_words_have_their_colours() {
        assert_eq!(
            decoded("<font color=\"#FFFF00\">Who's <FONT COLOR=cyan>there</FONT>?</font> Me.\n"),
            ["#ffff00 Who's ", "#00ffff there", "#ffff00 ?", "#ffffff  Me."]
        );
        assert_eq!(decoded("plain"), ["#ffffff plain"]);
        assert_eq!(decoded("<font colour='#010203'>a<br/>b</font>"), ["#010203 a b"]);
    }

    #[test]
    fn what_is_no_tag_or_entity_stays() {
        assert_eq!(decoded("1 < 2 &amp; 3 > 2 <i>Q & A</i> <"), ["#ffffff 1 < 2 & 3 > 2 Q & A <"]);
        assert_eq!(decoded("caf&#233; </font>closed twice"), ["#ffffff café closed twice"]);
        assert_eq!(decoded("<font color=#00ff00></font> <br>"), Vec::<String>::new());
    }

    #[test]
    fn an_unknown_colour_is_said_and_the_words_are_kept() {
        let mut rig = Rig::new(&SUBTITLE_COLOUR_DECODER, &[("colour", "lime".into())]);
        rig.put("inbox", "<font color=mauve>Hello</font>");
        rig.finish();
        rig.run();
        assert!(rig.texts("outbox").concat().contains("#00ff00"));
        assert!(rig.console().concat().contains("mauve is no colour"), "{:?}", rig.console());
    }
}
