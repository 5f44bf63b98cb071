//! TupleSpace: a store of tuples that components put in, take out and read by pattern, as in Linda.

use std::collections::VecDeque;

use compose_runtime::dev::*;

use crate::refuse::{REJECTED, box_names, reject};

/// Description of TupleSpace.
pub static TUPLE_SPACE: ComponentSpec = ComponentSpec {
    type_name: "TupleSpace",
    category: Category::Flow,
    summary: "Keeps tuples; components put them in, take them out and read them by pattern",
    docs: "A tuple is a list. Each list in `out` is put into the space. Each list in `in` or `rd` is a request: the \
           name of the outbox for the answer (one of `readers`) and a pattern. The pattern is a list of the same \
           length as the tuple; `null` in it matches any item. The oldest matching tuple leaves from that outbox: \
           `in` removes it from the space, `rd` keeps it. A request without a match waits; among requests that match \
           the same tuple, the oldest is served first. Invalid messages go to `rejected`, and so do tuples when the \
           space already holds `most`. The component shows how many tuples and requests it holds.\n\n\
           Example: workers ask `[\"one\", [\"job\", null]]` on `in` and put `[\"result\", 7, true]` on `out`. An \
           idle worker takes the next job.\n\n\
           New: requested by readers of the original.",
    inboxes: &[
        BoxSpec::new("out", "Tuples to keep").kinds(&[Kind::List]),
        BoxSpec::new("in", "Requests to take a tuple: lists of reader and pattern").kinds(&[Kind::List]),
        BoxSpec::new("rd", "Requests to read a tuple: lists of reader and pattern").kinds(&[Kind::List]),
    ],
    outboxes: &[REJECTED],
    params: &[
        ParamSpec::list("readers", "Names of the outboxes for the answers, as strings"),
        ParamSpec::int("most", 1, 10_000_000, 100_000, "Maximum number of tuples, and of waiting requests"),
    ],
    extra_outboxes: Some(readers),
    has_surface: true,
    build: build::<TupleSpace>,
    ..ComponentSpec::EMPTY
};

fn readers(params: &Params) -> Vec<String> {
    params.list("readers").iter().filter_map(|name| name.as_text()).map(str::to_owned).collect()
}

struct TupleSpace {
    readers: Vec<String>,
    most: usize,
    tuples: VecDeque<Message>,
    requests: VecDeque<Request>,
}

/// Why a message cannot be used as a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum RequestError {
    #[error("a request must be a list of reader and pattern")]
    NotARequest,
    #[error("there is no reader {reader}; the readers are: {readers}")]
    NoReader { reader: String, readers: String },
    #[error("too many requests are waiting; raise `most`")]
    TooMany,
}

/// A request that waits for a tuple.
struct Request {
    reader: String,
    pattern: Message,
    takes: bool,
}

impl Component for TupleSpace {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let readers = box_names("readers", &params.list("readers"), &["signal", "rejected"])?;
        Ok(Self { readers, most: params.count("most"), tuples: VecDeque::new(), requests: VecDeque::new() })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        self.show(&io);
        while let Some((inbox, message)) = io.recv_any(&["out", "in", "rd"]).await {
            match inbox {
                "out" if !matches!(message, Message::List(_)) => {
                    reject(&io, inbox, message, "a tuple must be a list").await;
                }
                "out" => {
                    if let Some(tuple) = self.serve(&io, message).await {
                        if self.tuples.len() >= self.most {
                            reject(&io, inbox, tuple, "the space is full; raise `most`").await;
                        } else {
                            self.tuples.push_back(tuple);
                        }
                    }
                }
                _ => match self.request(&message, inbox == "in") {
                    Ok(request) => self.ask(&io, request).await,
                    Err(why) => reject(&io, inbox, message, &why).await,
                },
            }
            self.show(&io);
        }
        Ok(())
    }
}

impl TupleSpace {
    fn request(&self, message: &Message, takes: bool) -> Result<Request, RequestError> {
        if let Message::List(pair) = message
            && let [Message::Text(reader), pattern @ Message::List(_)] = pair.as_slice()
        {
            if !self.readers.iter().any(|known| **known == **reader) {
                return Err(RequestError::NoReader { reader: reader.to_string(), readers: self.readers.join(", ") });
            }
            if self.requests.len() >= self.most {
                return Err(RequestError::TooMany);
            }
            return Ok(Request { reader: reader.to_string(), pattern: pattern.clone(), takes });
        }
        Err(RequestError::NotARequest)
    }

    /// Answers a request at once, or queues it.
    async fn ask(&mut self, io: &BoxIo, request: Request) {
        let Some(index) = self.tuples.iter().position(|tuple| matches(tuple, &request.pattern)) else {
            self.requests.push_back(request);
            return;
        };
        let tuple = if request.takes { self.tuples.remove(index) } else { self.tuples.get(index).cloned() };
        io.send(&request.reader, tuple.unwrap_or_default()).await;
    }

    /// Offers a new tuple to the waiting requests; returns it if none of them takes it.
    async fn serve(&mut self, io: &BoxIo, tuple: Message) -> Option<Message> {
        while let Some(index) = self.requests.iter().position(|request| matches(&tuple, &request.pattern)) {
            let request = self.requests.remove(index)?;
            io.send(&request.reader, tuple.clone()).await;
            if request.takes {
                return None;
            }
        }
        Some(tuple)
    }

    fn show(&self, io: &BoxIo) {
        // While messages are queued, the display is not updated.
        if ["out", "in", "rd"].iter().all(|inbox| io.depth(inbox) == 0) {
            let lines =
                vec![format!("{} tuples", self.tuples.len()), format!("{} requests waiting", self.requests.len())];
            io.show(Surface::Text { lines });
        }
    }
}

/// Whether a tuple has the length of the pattern and equals it at each position where the pattern is not null.
fn matches(tuple: &Message, pattern: &Message) -> bool {
    let (Message::List(tuple), Message::List(pattern)) = (tuple, pattern) else { return false };
    let is_match = |(expected, item): (&Message, &Message)| *expected == Message::Nothing || expected == item;
    tuple.len() == pattern.len() && pattern.iter().zip(tuple.iter()).all(is_match)
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn list<const N: usize>(items: [Message; N]) -> Message {
        Message::list(items)
    }

    fn rig() -> Rig {
        Rig::new(&TUPLE_SPACE, &[("readers", list(["a".into(), "b".into()]))])
    }

    fn request(reader: &str, first: &str) -> Message {
        list([reader.into(), list([first.into(), Message::Nothing])])
    }

    #[test]
    fn in_takes_the_oldest_match_and_rd_leaves_it() {
        let mut rig = rig();
        for number in 1..4 {
            rig.put("out", list(["job".into(), number.into()]));
        }
        rig.run();
        rig.put("rd", request("b", "job"));
        rig.run();
        rig.put("in", request("a", "job"));
        rig.put("in", request("a", "job"));
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("b"), ["[\"job\", 1]"]);
        assert_eq!(rig.texts("a"), ["[\"job\", 1]", "[\"job\", 2]"]);
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn requests_wait_and_the_oldest_is_served_first() {
        let mut rig = rig();
        rig.put("in", request("a", "job"));
        rig.put("in", request("b", "job"));
        rig.put("in", request("b", "other"));
        rig.run();
        rig.put("out", list(["job".into(), 1.into()]));
        rig.put("out", list(["job".into(), 2.into(), 3.into()]));
        rig.run();
        assert_eq!((rig.texts("a"), rig.texts("b").len()), (vec!["[\"job\", 1]".to_owned()], 0));
        assert_eq!(
            rig.surface(),
            Some(Surface::Text { lines: vec!["1 tuples".to_owned(), "2 requests waiting".to_owned()] })
        );
    }

    #[test]
    fn invalid_messages_are_rejected_with_a_reason() {
        let mut rig = rig();
        rig.put("out", 5);
        rig.put("in", request("unknown", "job"));
        rig.put("rd", list(["a".into()]));
        rig.run();
        assert_eq!((rig.take("rejected").len(), rig.console().len()), (3, 3));
        assert!(rig.console()[1].contains("there is no reader unknown"), "{:?}", rig.console());
    }
}
