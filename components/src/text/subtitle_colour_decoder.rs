//! SubtitleColourDecoder: converts subtitles with colour tags to coloured text.

use compose_runtime::dev::*;

use crate::colour;
use crate::refuse::wrong_kind;

/// Description of SubtitleColourDecoder.
pub static SUBTITLE_COLOUR_DECODER: ComponentSpec = ComponentSpec {
    type_name: "SubtitleColourDecoder",
    category: Category::Text,
    summary: "Converts the colour tags of subtitles to colours",
    docs: "Each line becomes a list of runs in order. Each run is a map with `text` and `colour` (`#rrggbb`), without \
           tags. `<font color=\"…\">` sets the colour until its `</font>` and can be nested; each line begins with \
           `colour`. Colours are `#rrggbb` or names such as yellow and cyan; an unknown colour is reported on the \
           console and ignored. `<br>` becomes a space, and other tags are removed. Entities such as `&amp;`, `&lt;`, \
           `&gt;` and `&#233;` are decoded, and a `<` that does not begin a tag stays. Bytes are decoded as \
           UTF-8; invalid UTF-8 becomes the replacement character (U+FFFD). A line without text is \
           skipped.\n\n\
           Example: TCPClient into chunks_to_lines into SubtitleColourDecoder into a Ticker shows subtitles in their \
           colours. A JSONEncoder instead of the Ticker encodes them for a browser.\n\n\
           Differs from the original: it sends one message per line, not one per colour.",
    inboxes: &[BoxSpec::new("inbox", "Lines of subtitles with tags").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "Lists of runs, each with text and colour").kinds(&[Kind::List])],
    params: &[ParamSpec::text("colour", "#ffffff", "Colour of text without a tag, as #rrggbb or a name")],
    build: build::<SubtitleColourDecoder>,
    ..ComponentSpec::EMPTY
};

struct SubtitleColourDecoder {
    default: [u8; 3],
}

impl Component for SubtitleColourDecoder {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let text = params.text("colour");
        let default = colour::from_name_or_hex(&text).ok_or_else(|| ParamError::Refused {
            param: "colour".to_owned(),
            expected: "a colour like #ffffff or yellow".to_owned(),
            got: text,
        })?;
        Ok(Self { default })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            let bytes = message.as_bytes().ok_or_else(|| wrong_kind("inbox", "text or bytes", &message))?;
            let line = String::from_utf8_lossy(bytes);
            let mut decoding = Decoding { colours: vec![self.default], ..Decoding::default() };
            decoding.line(line.trim());
            for unknown in decoding.unknown {
                io.note(&format!("inbox: {unknown} is not a colour; write #rrggbb or a name such as yellow"));
            }
            if !decoding.runs.is_empty() {
                io.send("outbox", Message::list(decoding.runs.into_iter().map(Run::into_message))).await;
            }
        }
        Ok(())
    }
}

/// A piece of text in one colour.
struct Run {
    text: String,
    colour: [u8; 3],
}

impl Run {
    fn into_message(self) -> Message {
        Message::map([("text", self.text.into()), ("colour", colour::to_hex(self.colour).into())])
    }
}

/// The state of decoding one line.
#[derive(Default)]
struct Decoding {
    /// The colours of the open tags, innermost last.
    colours: Vec<[u8; 3]>,
    runs: Vec<Run>,
    unknown: Vec<String>,
}

impl Decoding {
    fn line(&mut self, line: &str) {
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('<') {
            self.text(before);
            let is_tag = after.starts_with(|first: char| first == '/' || first.is_ascii_alphabetic());
            if let Some((tag, after_tag)) = after.split_once('>').filter(|_| is_tag) {
                self.tag(tag);
                rest = after_tag;
            } else {
                self.text("<");
                rest = after;
            }
        }
        self.text(rest);
    }

    fn text(&mut self, text: &str) {
        let text = with_entities_decoded(text);
        let colour = self.colours.last().copied().unwrap_or_default();
        match self.runs.last_mut() {
            // White space has no colour.
            Some(run) if run.colour == colour || text.trim().is_empty() => run.text.push_str(&text),
            _ if text.trim().is_empty() => {}
            _ => self.runs.push(Run { text, colour }),
        }
    }

    fn tag(&mut self, tag: &str) {
        let tag = tag.trim().trim_end_matches('/').to_ascii_lowercase();
        match tag.split_whitespace().next() {
            Some("font") => {
                let outer = self.colours.last().copied().unwrap_or_default();
                let wanted = attribute(&tag);
                let found = wanted.map_or(Some(outer), colour::from_name_or_hex);
                if found.is_none() {
                    self.unknown.extend(wanted.map(str::to_owned));
                }
                self.colours.push(found.unwrap_or(outer));
            }
            Some("/font") if self.colours.len() > 1 => {
                self.colours.pop();
            }
            Some("br") => self.text(" "),
            _ => {}
        }
    }
}

/// The text with each entity decoded. An invalid entity, as in `Q & A`, stays unchanged.
fn with_entities_decoded(text: &str) -> String {
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        let (before, after) = rest.split_at_checked(start).unwrap_or((rest, ""));
        done.push_str(before);
        let entity = after.find(';').and_then(|end| after.get(..=end)).and_then(|entity| {
            let letters = quick_xml::escape::unescape(entity).ok()?;
            Some((entity.len(), letters.into_owned()))
        });
        let (length, letters) = entity.unwrap_or_else(|| (1, "&".to_owned()));
        done.push_str(&letters);
        rest = after.get(length..).unwrap_or_default();
    }
    done + rest
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

    /// The runs of a line, each as `colour text`.
    fn decoded(line: &str) -> Vec<String> {
        let mut rig = Rig::new(&SUBTITLE_COLOUR_DECODER, &[]);
        rig.put("inbox", line);
        rig.finish();
        rig.run();
        let describe = |run: &Message| match run {
            Message::Map(run) => format!("{} {}", run["colour"], run["text"]),
            other => other.to_string(),
        };
        let messages = rig.take("outbox");
        messages
            .iter()
            .flat_map(|line| if let Message::List(runs) = line { runs.to_vec() } else { vec![] })
            .map(|run| describe(&run))
            .collect()
    }

    #[test]
    fn tags_are_removed_and_text_has_its_colours() {
        assert_eq!(
            decoded("<font color=\"#FFFF00\">Who's <FONT COLOR=cyan>there</FONT>?</font> Me.\n"),
            ["#ffff00 Who's ", "#00ffff there", "#ffff00 ?", "#ffffff  Me."]
        );
        assert_eq!(decoded("plain"), ["#ffffff plain"]);
        assert_eq!(decoded("<font colour='#010203'>a<br/>b</font>"), ["#010203 a b"]);
    }

    #[test]
    fn text_that_is_neither_tag_nor_entity_stays() {
        assert_eq!(decoded("1 < 2 &amp; 3 > 2 <i>Q & A</i> <"), ["#ffffff 1 < 2 & 3 > 2 Q & A <"]);
        assert_eq!(decoded("Tom & Jerry &lt;3 &unknown; &amp;lt;"), ["#ffffff Tom & Jerry <3 &unknown; &lt;"]);
        assert_eq!(decoded("caf&#233; </font>closed twice"), ["#ffffff café closed twice"]);
        assert_eq!(decoded("<font color=#00ff00></font> <br>"), Vec::<String>::new());
    }

    #[test]
    fn an_unknown_colour_is_reported_and_the_text_is_kept() {
        let mut rig = Rig::new(&SUBTITLE_COLOUR_DECODER, &[("colour", "lime".into())]);
        rig.put("inbox", "<font color=mauve>Hello</font>");
        rig.finish();
        rig.run();
        assert!(rig.texts("outbox").concat().contains("#00ff00"));
        assert!(rig.console().concat().contains("mauve is not a colour"), "{:?}", rig.console());
    }
}
