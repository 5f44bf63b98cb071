//! TupleSpace: a store of tuples that are put in, taken out and read by pattern, as in Linda.

use std::collections::VecDeque;

use compose_runtime::dev::*;

use crate::refuse::{REJECTED, box_names, reject};

/// Description of TupleSpace.
pub static TUPLE_SPACE: ComponentSpec = ComponentSpec {
    type_name: "TupleSpace",
    category: Category::Flow,
    summary: "Keeps tuples that are put in, taken out and read by pattern",
    docs: "A tuple is a list. Each list in `out` is put into the space. Each list in `in` or `rd` is a question: the name \
           of the outbox that wants the answer, one of `readers`, and a pattern, which is a list of the same length as the \
           tuple in which nothing stands for anything. The oldest tuple that matches leaves from that outbox; `in` takes \
           it out of the space, `rd` leaves it there. A question that nothing matches yet waits; of several that wait for \
           the same, the oldest is served first. What is neither goes to `rejected`, and so does a tuple when the space \
           holds `most` already. How much is in it stands on it.\n\n\
           Example: workers ask `[\"one\", [\"job\", null]]` on `in` and put `[\"result\", 7, true]` on `out`: who is \
           free takes the next job.\n\n\
           New: the original's readers asked for it.",
    inboxes: &[
        BoxSpec::new("out", "Tuples to keep").kinds(&[Kind::List]),
        BoxSpec::new("in", "Questions, lists of reader and pattern: take the tuple").kinds(&[Kind::List]),
        BoxSpec::new("rd", "Questions, lists of reader and pattern: leave the tuple").kinds(&[Kind::List]),
    ],
    outboxes: &[REJECTED],
    params: &[
        ParamSpec::list("readers", "Names of the outboxes for the answers, as texts"),
        ParamSpec::int("most", 1, 10_000_000, 100_000, "Most tuples, and most questions, that wait"),
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
    questions: VecDeque<Question>,
}

/// Somebody who wants a tuple.
struct Question {
    reader: String,
    pattern: Message,
    takes: bool,
}

impl Component for TupleSpace {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let readers = box_names("readers", &params.list("readers"), &["signal", "rejected"])?;
        Ok(Self { readers, most: params.count("most"), tuples: VecDeque::new(), questions: VecDeque::new() })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        self.show(&io);
        while let Some((inbox, message)) = io.recv_any(&["out", "in", "rd"]).await {
            match inbox {
                "out" if !matches!(message, Message::List(_)) => reject(&io, inbox, message, "a tuple is a list").await,
                "out" => {
                    if let Some(tuple) = self.serve(&io, message).await {
                        if self.tuples.len() >= self.most {
                            reject(&io, inbox, tuple, "the space is full; raise most").await;
                        } else {
                            self.tuples.push_back(tuple);
                        }
                    }
                }
                _ => match self.question(&message, inbox == "in") {
                    Ok(question) => self.ask(&io, question).await,
                    Err(why) => reject(&io, inbox, message, &why).await,
                },
            }
            self.show(&io);
        }
        Ok(())
    }
}

impl TupleSpace {
    fn question(&self, message: &Message, takes: bool) -> Result<Question, String> {
        if let Message::List(pair) = message
            && let [Message::Text(reader), pattern @ Message::List(_)] = pair.as_slice()
        {
            if !self.readers.iter().any(|known| **known == **reader) {
                return Err(format!("there is no reader {reader}; known are: {}", self.readers.join(", ")));
            }
            if self.questions.len() >= self.most {
                return Err("too many questions wait; raise most".to_owned());
            }
            return Ok(Question { reader: reader.to_string(), pattern: pattern.clone(), takes });
        }
        Err("a list of reader and pattern was expected".to_owned())
    }

    /// Answers a question at once, or lets it wait.
    async fn ask(&mut self, io: &BoxIo, question: Question) {
        let Some(place) = self.tuples.iter().position(|tuple| matches(tuple, &question.pattern)) else {
            self.questions.push_back(question);
            return;
        };
        let tuple = if question.takes { self.tuples.remove(place) } else { self.tuples.get(place).cloned() };
        io.send(&question.reader, tuple.unwrap_or_default()).await;
    }

    /// Gives a new tuple to those who wait for it; gives it back if nobody has taken it.
    async fn serve(&mut self, io: &BoxIo, tuple: Message) -> Option<Message> {
        while let Some(place) = self.questions.iter().position(|question| matches(&tuple, &question.pattern)) {
            let question = self.questions.remove(place)?;
            io.send(&question.reader, tuple.clone()).await;
            if question.takes {
                return None;
            }
        }
        Some(tuple)
    }

    fn show(&self, io: &BoxIo) {
        // Under a flood, what it shows is renewed when there is time.
        if ["out", "in", "rd"].iter().all(|inbox| io.depth(inbox) == 0) {
            let lines =
                vec![format!("{} tuples", self.tuples.len()), format!("{} questions wait", self.questions.len())];
            io.show(Surface::Text { lines });
        }
    }
}

/// Whether a tuple is as long as the pattern and the same wherever the pattern says something.
fn matches(tuple: &Message, pattern: &Message) -> bool {
    let (Message::List(tuple), Message::List(pattern)) = (tuple, pattern) else { return false };
    let is_like = |(wanted, item): (&Message, &Message)| *wanted == Message::Nothing || wanted == item;
    tuple.len() == pattern.len() && pattern.iter().zip(tuple.iter()).all(is_like)
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

    fn question(reader: &str, first: &str) -> Message {
        list([reader.into(), list([first.into(), Message::Nothing])])
    }

    #[test]
    fn in_takes_the_oldest_match_and_rd_leaves_it() {
        let mut rig = rig();
        for number in 1..4 {
            rig.put("out", list(["job".into(), number.into()]));
        }
        rig.run();
        rig.put("rd", question("b", "job"));
        rig.run();
        rig.put("in", question("a", "job"));
        rig.put("in", question("a", "job"));
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("b"), ["[\"job\", 1]"]);
        assert_eq!(rig.texts("a"), ["[\"job\", 1]", "[\"job\", 2]"]);
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn questions_wait_and_the_oldest_is_served_first() {
        let mut rig = rig();
        rig.put("in", question("a", "job"));
        rig.put("in", question("b", "job"));
        rig.put("in", question("b", "other"));
        rig.run();
        rig.put("out", list(["job".into(), 1.into()]));
        rig.put("out", list(["job".into(), 2.into(), 3.into()]));
        rig.run();
        assert_eq!((rig.texts("a"), rig.texts("b").len()), (vec!["[\"job\", 1]".to_owned()], 0));
        assert_eq!(
            rig.surface(),
            Some(Surface::Text { lines: vec!["1 tuples".to_owned(), "2 questions wait".to_owned()] })
        );
    }

    #[test]
    fn nonsense_is_rejected_with_words() {
        let mut rig = rig();
        rig.put("out", 5);
        rig.put("in", question("nobody", "job"));
        rig.put("rd", list(["a".into()]));
        rig.run();
        assert_eq!((rig.take("rejected").len(), rig.console().len()), (3, 3));
        assert!(rig.console()[1].contains("there is no reader nobody"), "{:?}", rig.console());
    }
}
