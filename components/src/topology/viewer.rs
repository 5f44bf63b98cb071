//! Viewer: what all viewers of topologies share: commands in, answers out, a picture that comes to rest.
//!
//! Runs on the scheduler thread. Invariant: while nothing arrives and the springs are at rest there is no timer and no new
//! picture. The work of one turn is bounded; a picture is shown at most thirty times a second.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use compose_runtime::dev::*;
use compose_runtime::introspect::tokens::tokens;
use futures_lite::future;

use super::command::Command;
use super::feed::{Feed, News};
use super::graph::{Graph, Types, words};
use super::springs::{Heat, Round};
use crate::refuse::reject;

/// The inbox of every viewer.
pub(super) const INBOX: BoxSpec = BoxSpec::new("inbox", "Commands, as lists of words or as text of whole lines")
    .kinds(&[Kind::List, Kind::Text, Kind::Bytes])
    .capacity(1_000);
/// The outbox of every viewer.
pub(super) const OUTBOX: BoxSpec =
    BoxSpec::new("outbox", "SELECT, ERROR, TOPOLOGY and UPDATE_NAME, as lists").kinds(&[Kind::List]);
/// How long a link is at rest.
pub(super) const BOND: ParamSpec =
    ParamSpec::float("bond", 10.0, 1_000.0, 100.0, "How long a link is at rest").unit("px");
/// Where nodes begin.
pub(super) const SEED: ParamSpec =
    ParamSpec::count("seed", 1, "Where nodes begin; the same number gives the same picture");
/// How fast it settles.
pub(super) const CYCLES: ParamSpec =
    ParamSpec::int("simCyclesPerRedraw", 1, 100, 2, "Movements of the springs for each of thirty pictures a second");
/// What is there at first.
pub(super) const INITIAL: ParamSpec =
    ParamSpec::list("initialTopology", "Commands carried out first: lines of text, or lists of words");

/// Time between two pictures.
const FRAME: Duration = Duration::from_millis(33);
/// Pairs of nodes looked at in one turn.
const PAIRS: usize = 20_000;

/// One viewer.
pub(super) struct Viewer {
    graph: Graph,
    heat: Heat,
    cycles: usize,
    /// What is shown is not what is.
    is_stale: bool,
    /// Who listens, and what was wrong last.
    listening: String,
    trouble: String,
}

enum Event {
    Redraw,
    Told(Message),
    NoMore,
    Picked(Message),
    NobodyPicks,
    Fed(Option<Message>),
    Stopped,
}

impl Viewer {
    /// A viewer for these types of node, with the settings above.
    pub(super) fn new(params: &Params, types: Types) -> Result<Self, ParamError> {
        let bond = params.float("bond") as f32;
        let graph = Graph::new(types, bond, (params.int("seed") % 10_000) as f32);
        let (listening, trouble) = (String::new(), String::new());
        let mut viewer = Self {
            graph,
            heat: Heat::none(bond),
            cycles: params.count("simCyclesPerRedraw").max(1),
            is_stale: true,
            listening,
            trouble,
        };
        for message in params.list("initialTopology") {
            for line in read(&message) {
                if let Err(why) = line.words.and_then(|words| viewer.carry_out(&words, "")) {
                    return Err(ParamError::Other(format!("initialTopology: {why}: {}", line.message.label(60))));
                }
            }
        }
        Ok(viewer)
    }

    /// Until the input has ended and, if there is a feed, all its clients have left.
    pub(super) async fn run(mut self, io: &BoxIo, mut feed: Option<Feed>) -> Outcome {
        let (mut has_ended, mut can_pick) = (false, true);
        let mut due = io.now();
        self.caption(feed.as_ref());
        while !(io.is_shutting_down() || has_ended && feed.is_none()) {
            let event = {
                let redraw = async {
                    if !self.is_stale && self.heat.is_at_rest() {
                        return future::pending().await;
                    }
                    io.sleep_until(due).await;
                    Event::Redraw
                };
                let picked = async {
                    if !can_pick {
                        return future::pending().await;
                    }
                    io.recv("_events").await.map_or(Event::NobodyPicks, Event::Picked)
                };
                let told = async {
                    if has_ended {
                        return stopped(io).await;
                    }
                    io.recv("inbox").await.map_or(Event::NoMore, Event::Told)
                };
                let fed = async {
                    match &feed {
                        Some(feed) => feed.recv().await.map(Event::Fed),
                        None => future::pending().await,
                    }
                };
                let quiet = async { Ok::<_, Fault>(future::or(redraw, future::or(picked, told)).await) };
                future::or(quiet, fed).await?
            };
            match event {
                Event::Redraw => {
                    for _ in 0..self.cycles {
                        self.move_once(io).await;
                    }
                    self.show(io);
                    due = io.now() + FRAME;
                }
                Event::Told(message) => self.take(io, "inbox", "", &message).await,
                Event::NoMore => {
                    has_ended = true;
                    feed.iter().for_each(Feed::close);
                }
                Event::Picked(Message::ProducerFinished | Message::Shutdown) | Event::NobodyPicks => can_pick = false,
                Event::Picked(event) => self.react(io, &event).await,
                Event::Fed(Some(message)) => {
                    if let Some(feed) = &mut feed {
                        let news = feed.take(&message);
                        self.hear(io, news).await;
                    }
                    self.caption(feed.as_ref());
                }
                Event::Fed(None) => feed = None,
                Event::Stopped => break,
            }
        }
        while !io.is_shutting_down() && !self.heat.is_at_rest() {
            self.move_once(io).await;
            io.yield_now().await;
        }
        self.show(io);
        Ok(())
    }

    /// One movement of the springs, if they are not at rest.
    async fn move_once(&mut self, io: &BoxIo) {
        if self.heat.is_at_rest() {
            return;
        }
        let mut round = Round::new(&self.graph, self.heat);
        while !round.work(PAIRS) {
            io.yield_now().await;
            if io.is_shutting_down() {
                return;
            }
        }
        round.finish(&mut self.graph, &mut self.heat);
    }

    /// Carries out what a message holds; what cannot be is said and given out on `rejected`.
    async fn take(&mut self, io: &BoxIo, from: &str, prefix: &str, message: &Message) {
        for line in read(message) {
            match line.words.and_then(|words| self.carry_out(&words, prefix)) {
                Ok(answers) => {
                    for answer in answers {
                        io.send("outbox", answer).await;
                    }
                }
                Err(why) => {
                    self.trouble = format!("{why}: {}", line.message.label(60));
                    self.is_stale = true;
                    io.send("outbox", words(&["ERROR", self.trouble.as_str()], [])).await;
                    reject(io, from, line.message, &why).await;
                }
            }
        }
    }

    fn carry_out(&mut self, words: &[String], prefix: &str) -> Result<Vec<Message>, String> {
        let command = Command::read(words, prefix).map_err(|error| error.to_string())?;
        let effect = self.graph.apply(command, prefix).map_err(|error| error.to_string())?;
        self.heat.rise(effect.disturbs);
        self.is_stale = true;
        Ok(effect.answers)
    }

    /// What the user did on the picture.
    async fn react(&mut self, io: &BoxIo, event: &Message) {
        let Message::List(parts) = event else { return };
        let (verb, rest) = (parts.first().and_then(Message::as_text), parts.get(2..).unwrap_or_default());
        match (verb, rest) {
            (Some("SELECT"), [id]) => {
                if let Some(answer) = self.graph.select(id.as_text()) {
                    self.is_stale = true;
                    io.send("outbox", answer).await;
                }
            }
            (Some("HOLD"), [Message::Text(id), Message::Float(x), Message::Float(y)]) => {
                self.graph.hold(id, Some([*x as f32, *y as f32]));
                self.heat.rise(0.1);
            }
            (Some("DROP"), [Message::Text(id)]) => {
                self.graph.hold(id, None);
                self.heat.rise(0.3);
            }
            _ => {}
        }
    }

    /// What happened at the socket.
    async fn hear(&mut self, io: &BoxIo, news: News) {
        match news {
            News::Came { forget } => {
                for prefix in forget {
                    // Clearing cannot be refused, and tells nobody anything but a selection that goes.
                    let answers = self.carry_out(&["DEL".to_owned(), "ALL".to_owned()], &prefix);
                    for answer in answers.into_iter().flatten() {
                        io.send("outbox", answer).await;
                    }
                }
            }
            News::Said { client, lines } => {
                for line in lines {
                    self.take(io, &format!("client {client}"), &format!("{client}:"), &Message::from(line)).await;
                }
            }
            News::Nothing => {}
        }
    }

    fn caption(&mut self, feed: Option<&Feed>) {
        if let Some(feed) = feed {
            self.listening = feed.words();
            self.is_stale = true;
        }
    }

    fn show(&mut self, io: &BoxIo) {
        let parts = [&self.listening, &self.trouble];
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        io.show(self.graph.surface(parts.join("; ")));
        self.is_stale = false;
    }
}

/// Waits for the order to end at once, after that to finish.
async fn stopped(io: &BoxIo) -> Event {
    // A message on `control` wakes every component.
    poll_fn(|_| if io.is_shutting_down() { Poll::Ready(()) } else { Poll::Pending }).await;
    Event::Stopped
}

/// One line of a message: its words or why they cannot be read, and the line as a message of its own.
struct Line {
    words: Result<Vec<String>, String>,
    message: Message,
}

/// The lines in a message; blank ones are left out.
fn read(message: &Message) -> Vec<Line> {
    if let Some(bytes) = message.as_bytes() {
        let text = String::from_utf8_lossy(bytes);
        let line =
            |line: &str| Line { words: tokens(line).map_err(|error| error.to_string()), message: Message::text(line) };
        return text.lines().filter(|line| !line.trim().is_empty()).map(line).collect();
    }
    let word = |item: &Message| match item {
        Message::Text(_) | Message::Bytes(_) | Message::Int(_) | Message::Float(_) => Some(item.to_string()),
        _ => None,
    };
    let words = match message {
        Message::List(items) => items.iter().map(word).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    let words = words.ok_or_else(|| format!("a command is text or a list of words, not {}", message.kind().word()));
    vec![Line { words, message: message.clone() }]
}

#[cfg(test)]
#[path = "viewer_tests.rs"]
mod tests;
