//! Ticker: shows words in large type, one at a time.

use std::collections::VecDeque;
use std::time::Duration;

use compose_runtime::dev::*;
use futures_lite::future;

use crate::colour;

/// The description.
pub static TICKER: ComponentSpec = ComponentSpec {
    type_name: "Ticker",
    category: Category::DisplayAndInput,
    summary: "Shows words one at a time",
    docs: "\
Shows arriving words one at a time, at `words_per_second`, and scrolls the oldest words away once there are more than \
`length` characters. Later text waits in the inbox. Any message to `pausebox` pauses the ticker, and any message to \
`unpausebox` resumes it. The text NUL CLRTKR clears it. To show words in colour, send a map with `text` and `colour` \
(`#rrggbb`), or a list of such maps, as SubtitleColourDecoder does. When the input ends, the component shows the \
remaining words, then finishes.

Example: `TCPClient` → `Ticker` shows what a presenter types; a `Button` → `Ticker.pausebox` pauses it.

**Differs from the original:** the speed can change while the ticker runs. The canvas sets fonts, colours and position. \
There is no `alphacontrol`. When asked to finish on `control`, it shows the waiting words first.",
    inboxes: &[
        BoxSpec::new("inbox", "Text to show, or maps of text and colour").capacity(1_000),
        BoxSpec::new("pausebox", "Any message pauses the ticker"),
        BoxSpec::new("unpausebox", "Any message resumes the ticker"),
    ],
    params: &[
        ParamSpec::float("words_per_second", 0.1, 1_000.0, 8.0, "Speed").unit("/s").live(),
        ParamSpec::int("length", 20, 4_000, 400, "Number of characters to keep"),
    ],
    has_surface: true,
    build: build::<Ticker>,
    ..ComponentSpec::EMPTY
};

/// The text that clears the ticker, as in the original.
const CLEAR: &str = "\0CLRTKR";

/// The component.
pub struct Ticker {
    length: usize,
    /// Words that are not shown yet.
    words: VecDeque<Word>,
    visible: VecDeque<Word>,
    is_paused: bool,
}

/// A word, and its colour if one was given.
struct Word(String, Option<[u8; 3]>);

/// An event that the ticker waits for.
enum Event {
    Pressed { pause: bool },
    NoMorePresses,
    Arrived(Message),
    NoMoreText,
    WordIsDue,
}

impl Component for Ticker {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let length = params.count("length").max(1);
        Ok(Self { length, words: VecDeque::new(), visible: VecDeque::new(), is_paused: false })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        self.show(&io);
        let (mut has_ended, mut can_be_pressed) = (false, true);
        let mut due = io.now();
        while !(io.is_shutting_down() || has_ended && self.words.is_empty()) {
            if !can_be_pressed {
                // No sender is left that could resume it.
                self.is_paused = false;
            }
            let event = {
                let press = async {
                    if !can_be_pressed {
                        return future::pending().await;
                    }
                    match io.recv_any(&["pausebox", "unpausebox"]).await {
                        Some((inbox, _)) => Event::Pressed { pause: inbox == "pausebox" },
                        None => Event::NoMorePresses,
                    }
                };
                let arrival = async {
                    if has_ended || !self.words.is_empty() {
                        return future::pending().await;
                    }
                    io.recv("inbox").await.map_or(Event::NoMoreText, Event::Arrived)
                };
                let word = async {
                    if self.is_paused || self.words.is_empty() {
                        return future::pending().await;
                    }
                    io.sleep_until(due).await;
                    Event::WordIsDue
                };
                future::or(press, future::or(arrival, word)).await
            };
            match event {
                Event::Pressed { pause } => self.is_paused = pause,
                Event::NoMorePresses => can_be_pressed = false,
                Event::NoMoreText => has_ended = true,
                Event::Arrived(message) => self.take_in(&io, &message),
                Event::WordIsDue => {
                    self.next_word();
                    self.show(&io);
                    let speed = io.params().float("words_per_second").max(0.1);
                    due = io.now() + Duration::from_secs_f64(1.0 / speed);
                }
            }
        }
        Ok(())
    }
}

impl Ticker {
    fn take_in(&mut self, io: &BoxIo, message: &Message) {
        match message {
            Message::List(runs) if runs.iter().all(|run| coloured(run).is_some()) => {
                runs.iter().for_each(|run| self.take_in(io, run));
            }
            other => {
                let (text, colour) = coloured(other).unwrap_or_else(|| (other.to_string(), None));
                if text.starts_with(CLEAR) {
                    self.visible.clear();
                    self.show(io);
                    return;
                }
                let word = |word: &str| Word(word.chars().take(self.length).collect(), colour);
                self.words.extend(text.split_whitespace().map(word));
            }
        }
    }

    /// Makes the next word visible, and removes the oldest words that no longer fit.
    fn next_word(&mut self) {
        self.visible.extend(self.words.pop_front());
        let visible_length = |words: &VecDeque<Word>| {
            words.iter().map(|Word(text, _)| text.chars().count() + 1).sum::<usize>().saturating_sub(1)
        };
        while self.visible.len() > 1 && visible_length(&self.visible) > self.length {
            self.visible.pop_front();
        }
    }

    fn show(&self, io: &BoxIo) {
        let words: Vec<&str> = self.visible.iter().map(|Word(text, _)| text.as_str()).collect();
        let colours = self.visible.iter().map(|Word(_, colour)| *colour).collect();
        io.show(Surface::Ticker { text: words.join(" "), colours });
    }
}

/// The text and the colour, if the message is a map with a text.
fn coloured(message: &Message) -> Option<(String, Option<[u8; 3]>)> {
    let Message::Map(map) = message else { return None };
    let text = map.get("text")?.as_text()?.to_owned();
    Some((text, map.get("colour").and_then(Message::as_text).and_then(colour::from_name_or_hex)))
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn text(rig: &Rig) -> String {
        match rig.surface() {
            Some(Surface::Ticker { text, .. }) => text,
            other => panic!("{other:?} is not a ticker"),
        }
    }

    #[test]
    fn eight_words_take_a_second() {
        let mut rig = Rig::new(&TICKER, &[]);
        rig.put("inbox", "one two three four  five");
        rig.put("inbox", "six seven eight nine");
        rig.finish();
        rig.run();
        assert_eq!(
            (text(&rig).as_str(), rig.state()),
            ("one two three four five six seven eight nine", State::Finished)
        );
        assert_eq!(rig.now(), Duration::from_secs(1));
    }

    #[test]
    fn words_appear_at_the_set_speed() {
        let mut rig = Rig::new(&TICKER, &[("words_per_second", 1_i64.into())]);
        rig.put("inbox", "a b c d e f");
        rig.run_for(Duration::from_millis(2_500));
        assert_eq!(text(&rig), "a b c");
    }

    #[test]
    fn it_can_be_paused_and_resumed() {
        let mut rig = Rig::new(&TICKER, &[("words_per_second", 1_i64.into())]);
        rig.put("inbox", "a b c");
        rig.run_for(Duration::from_millis(500));
        rig.put("pausebox", "CLICK");
        rig.run_for(Duration::from_secs(10));
        assert_eq!(text(&rig), "a");
        rig.put("unpausebox", "CLICK");
        rig.run();
        assert_eq!(text(&rig), "a b c");
    }

    #[test]
    fn a_paused_ticker_that_is_asked_to_finish_shows_the_remaining_words() {
        let mut rig = Rig::new(&TICKER, &[]);
        rig.put("pausebox", "CLICK");
        rig.put("inbox", "a b c");
        rig.run();
        assert_eq!(text(&rig), "");
        rig.finish();
        rig.run();
        assert_eq!((text(&rig).as_str(), rig.state()), ("a b c", State::Finished));
    }

    #[test]
    fn shutdown_stops_it_mid_sentence() {
        let mut rig = Rig::new(&TICKER, &[("words_per_second", 1_i64.into())]);
        rig.put("inbox", "a b c d");
        rig.run_for(Duration::from_millis(1_500));
        rig.shutdown();
        rig.run();
        assert_eq!((text(&rig).as_str(), rig.state()), ("a b", State::Finished));
    }

    #[test]
    fn old_words_scroll_away_and_it_can_be_cleared() {
        let mut rig = Rig::new(&TICKER, &[("length", 20_i64.into())]);
        rig.put("inbox", "alpha beta gamma delta epsilon");
        rig.run();
        assert_eq!(text(&rig), "gamma delta epsilon");
        rig.put("inbox", "\0CLRTKR");
        rig.put("inbox", "new");
        rig.run();
        assert_eq!(text(&rig), "new");
    }

    #[test]
    fn words_have_the_colours_of_their_runs() {
        let run = |text: &str, colour: &str| Message::map([("text", text.into()), ("colour", colour.into())]);
        let mut rig = Rig::new(&TICKER, &[]);
        rig.put("inbox", Message::list([run("Who is", "#ffff00"), run("there?", "#00ffff")]));
        rig.put("inbox", "Nobody");
        rig.finish();
        rig.run();
        let (yellow, cyan) = (Some([255, 255, 0]), Some([0, 255, 255]));
        let expected =
            Surface::Ticker { text: "Who is there? Nobody".to_owned(), colours: vec![yellow, yellow, cyan, None] };
        assert_eq!(rig.surface(), Some(expected));
    }
}
