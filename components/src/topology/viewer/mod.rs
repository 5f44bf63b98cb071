//! Viewer: shared by all topology viewers. Commands go in, answers come out, and the layout comes to rest.
//!
//! Runs on the scheduler thread. Invariant: while nothing arrives and the springs are at rest, there is no timer and no
//! new picture. The work of one turn is bounded; at most thirty pictures are shown per second.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use compose_runtime::dev::*;
use compose_runtime::introspect::tokens::{TokenError, tokens};
use futures_lite::future;

use super::command::{Command, CommandError};
use super::feed::{Feed, FeedEvent};
use super::graph::{Graph, GraphError, Types, word_list};
use super::springs::{Heat, Round};
use crate::refuse::reject;
use crate::text::LINE_CUT;

/// The inbox of every viewer.
pub(super) const INBOX: BoxSpec = BoxSpec::new("inbox", "Commands, as lists of words or as lines of text")
    .kinds(&[Kind::List, Kind::Text, Kind::Bytes])
    .capacity(1_000);
/// The outbox of every viewer.
pub(super) const OUTBOX: BoxSpec =
    BoxSpec::new("outbox", "SELECT, ERROR, TOPOLOGY and UPDATE_NAME, as lists").kinds(&[Kind::List]);
/// The length of a link at rest.
pub(super) const BOND: ParamSpec =
    ParamSpec::float("bond", 10.0, 1_000.0, 100.0, "Length of a link at rest").unit("px");
/// The initial positions.
pub(super) const SEED: ParamSpec =
    ParamSpec::count("seed", 1, "Seed of the initial positions; the same seed gives the same layout");
/// The speed of the layout.
pub(super) const CYCLES: ParamSpec =
    ParamSpec::int("simCyclesPerRedraw", 1, 100, 2, "Layout steps per picture, at thirty pictures a second");
/// The initial graph.
pub(super) const INITIAL: ParamSpec =
    ParamSpec::list("initialTopology", "Commands to execute first: lines of text, or lists of words");

/// Time between two pictures.
const FRAME: Duration = Duration::from_millis(33);
/// Pairs of nodes to process in one turn.
const PAIRS: usize = 20_000;

/// One viewer.
pub(super) struct Viewer {
    graph: Graph,
    heat: Heat,
    cycles: usize,
    /// The graph has changed since it was last shown.
    is_stale: bool,
    /// The status of the feed.
    status: String,
    /// The last error.
    last_error: String,
}

enum Event {
    Redraw,
    Input(Message),
    InputEnded,
    User(Message),
    UserEnded,
    Feed(Option<Message>),
    Stopped,
}

impl Viewer {
    /// A viewer for these types of node, with the settings above.
    pub(super) fn new(params: &Params, types: Types) -> Result<Self, ParamError> {
        let bond = params.float("bond") as f32;
        let graph = Graph::new(types, bond, (params.int("seed") % 10_000) as f32);
        let mut viewer = Self {
            graph,
            heat: Heat::none(bond),
            cycles: params.count("simCyclesPerRedraw").max(1),
            is_stale: true,
            status: String::new(),
            last_error: String::new(),
        };
        for message in params.list("initialTopology") {
            for line in read(&message) {
                if let Err(why) = line.words.and_then(|words| viewer.execute(&words, "")) {
                    return Err(ParamError::Other(format!("initialTopology: {why}: {}", line.message.label(60))));
                }
            }
        }
        Ok(viewer)
    }

    /// Runs until the input has ended and, if there is a feed, all its clients have disconnected.
    pub(super) async fn run(mut self, io: &BoxIo, mut feed: Option<Feed>) -> Outcome {
        let (mut has_ended, mut has_events) = (false, true);
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
                let user = async {
                    if !has_events {
                        return future::pending().await;
                    }
                    io.recv("_events").await.map_or(Event::UserEnded, Event::User)
                };
                let input = async {
                    if has_ended {
                        return stopped(io).await;
                    }
                    io.recv("inbox").await.map_or(Event::InputEnded, Event::Input)
                };
                let fed = async {
                    match &feed {
                        Some(feed) => feed.recv().await.map(Event::Feed),
                        None => future::pending().await,
                    }
                };
                let own = async { Ok::<_, Fault>(future::or(redraw, future::or(user, input)).await) };
                future::or(own, fed).await?
            };
            match event {
                Event::Redraw => {
                    for _ in 0..self.cycles {
                        self.move_once(io).await;
                    }
                    self.show(io);
                    due = io.now() + FRAME;
                }
                Event::Input(message) => self.take(io, "inbox", "", &message).await,
                Event::InputEnded => {
                    has_ended = true;
                    feed.iter().for_each(Feed::close);
                }
                Event::User(Message::ProducerFinished | Message::Shutdown) | Event::UserEnded => has_events = false,
                Event::User(event) => self.react(io, &event).await,
                Event::Feed(Some(message)) => {
                    if let Some(feed) = &mut feed {
                        let event = feed.take(&message);
                        self.take_from_feed(io, event).await;
                    }
                    self.caption(feed.as_ref());
                }
                Event::Feed(None) => feed = None,
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

    /// Executes the commands in a message. Lines that fail are reported and sent to `rejected`.
    async fn take(&mut self, io: &BoxIo, from: &str, prefix: &str, message: &Message) {
        for line in read(message) {
            match line.words.and_then(|words| self.execute(&words, prefix)) {
                Ok(answers) => {
                    for answer in answers {
                        io.send("outbox", answer).await;
                    }
                }
                Err(why) => {
                    self.last_error = format!("{why}: {}", line.message.label(60));
                    self.is_stale = true;
                    io.send("outbox", word_list(&["ERROR", self.last_error.as_str()], [])).await;
                    reject(io, from, line.message, &why).await;
                }
            }
        }
    }

    fn execute(&mut self, words: &[String], prefix: &str) -> Result<Vec<Message>, ViewerError> {
        let command = Command::read(words, prefix)?;
        let effect = self.graph.apply(command, prefix)?;
        self.heat.rise(effect.disturbs);
        self.is_stale = true;
        Ok(effect.answers)
    }

    /// Handles an action of the user on the picture.
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

    /// Handles an event of the feed.
    async fn take_from_feed(&mut self, io: &BoxIo, event: FeedEvent) {
        match event {
            FeedEvent::Connected { forget } => {
                for prefix in forget {
                    // `DEL ALL` cannot fail; its only answer is the end of a selection.
                    let answers = self.execute(&["DEL".to_owned(), "ALL".to_owned()], &prefix);
                    for answer in answers.into_iter().flatten() {
                        io.send("outbox", answer).await;
                    }
                }
            }
            FeedEvent::Lines { client, lines, was_cut } => {
                if was_cut {
                    io.note(&format!("client {client}: {LINE_CUT}"));
                }
                for line in lines {
                    self.take(io, &format!("client {client}"), &format!("{client}:"), &Message::from(line)).await;
                }
            }
            FeedEvent::Nothing => {}
        }
    }

    fn caption(&mut self, feed: Option<&Feed>) {
        if let Some(feed) = feed {
            self.status = feed.status();
            self.is_stale = true;
        }
    }

    fn show(&mut self, io: &BoxIo) {
        let parts = [&self.status, &self.last_error];
        let parts: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        io.show(self.graph.surface(parts.join("; ")));
        self.is_stale = false;
    }
}

/// Waits for `stop` after the input has ended.
async fn stopped(io: &BoxIo) -> Event {
    // A message on `control` wakes every component.
    poll_fn(|_| if io.is_shutting_down() { Poll::Ready(()) } else { Poll::Pending }).await;
    Event::Stopped
}

/// Why a line cannot be executed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
enum ViewerError {
    #[error(transparent)]
    Words(#[from] TokenError),
    #[error(transparent)]
    Command(#[from] CommandError),
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error("a command must be text or a list of words, not {0}")]
    Kind(&'static str),
}

/// One line of a message: its words or the parse error, and the line as a message.
struct Line {
    words: Result<Vec<String>, ViewerError>,
    message: Message,
}

/// The non-blank lines in a message.
fn read(message: &Message) -> Vec<Line> {
    if let Some(bytes) = message.as_bytes() {
        let text = String::from_utf8_lossy(bytes);
        let line = |line: &str| Line { words: tokens(line).map_err(ViewerError::from), message: Message::text(line) };
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
    let words = words.ok_or_else(|| ViewerError::Kind(message.kind().name()));
    vec![Line { words, message: message.clone() }]
}

#[cfg(test)]
mod tests;
