//! Seq: templates one after another.

use compose_runtime::dev::*;
use futures_lite::future;

use super::orders::{Order, Orders, next_end, stop_in_order};
use super::{retire, values_of};

/// The description.
pub static SEQ: ComponentSpec = ComponentSpec {
    type_name: "Seq",
    category: Category::Chassis,
    summary: "Runs templates one after another, each until it has ended",
    docs: "\
`sequence` lists what to run. Each entry is the name of a template; or a map whose `template` is the name and whose other \
entries are values for `\"${name}\"` in its settings; or a map `{\"print\": \"words\"}`, which writes the words to the console.

`inbox` and `outbox` are those of the template that runs. Messages that arrive between two of them wait for the next; what \
an ended one has not read is lost. After the last, Seq finishes.

Finish on `control` lets the one that runs finish, and no other begins. Stop stops the one that runs, and the sequence.

Example: `[\"Greeting\", {\"print\": \"now the news\"}, {\"template\": \"Read\", \"filename\": \"news.txt\"}]`.

**Differs from the original:** it obeys `control`, and text to print is marked as such.",
    inboxes: &[BoxSpec::new("inbox", "Messages for the one that runs")],
    outboxes: &[BoxSpec::new("outbox", "What the one that runs sends")],
    params: &[
        ParamSpec::list("sequence", "What to run: names of templates, maps with values, words to print").of_templates(),
    ],
    speaks_first: SpeaksFirst::Yes,
    build: build::<Seq>,
    ..ComponentSpec::EMPTY
};

/// One entry of the sequence.
#[derive(Debug, Clone)]
enum Entry {
    Print(String),
    Run { template: String, item: Message },
}

struct Seq {
    entries: Vec<Entry>,
}

impl Entry {
    fn of(message: &Message) -> Result<Self, ParamError> {
        let wrong = || {
            let got = message.label(40);
            let words = format!("sequence: {got} is neither the name of a template nor a map with template or print");
            ParamError::Other(words)
        };
        match message {
            Message::Text(name) => Ok(Self::Run { template: name.to_string(), item: Message::map::<String>([]) }),
            Message::Map(map) => match (map.get("print"), map.get("template").and_then(Message::as_text)) {
                (Some(words), None) => Ok(Self::Print(words.to_string())),
                (None, Some(name)) => Ok(Self::Run { template: name.to_owned(), item: message.clone() }),
                _ => Err(wrong()),
            },
            _ => Err(wrong()),
        }
    }
}

impl Component for Seq {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let entries: Result<_, _> = params.list("sequence").iter().map(Entry::of).collect();
        Ok(Self { entries: entries? })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let orders = Orders::default();
        let mut finishes = false;
        for entry in self.entries {
            let (template, item) = match entry {
                _ if finishes || io.is_shutting_down() => break,
                Entry::Print(words) => {
                    io.print(&words);
                    continue;
                }
                Entry::Run { template, item } => (template, item),
            };
            let mut new = io.new_instance(&template, &values_of(&item))?;
            new.pass_through("inbox", "outbox");
            let (child, _) = io.start_instance(new, Fate::EndsWithOwner).await?;
            loop {
                let told = async { Some(orders.next(&io).await) };
                let ended = async {
                    let _end = next_end(&io).await;
                    None
                };
                match future::or(told, ended).await {
                    Some(Order::Stop) => {
                        stop_in_order(&io, &child).await;
                        return Ok(());
                    }
                    Some(Order::Finish) => {
                        finishes = true;
                        io.tell(child.id, Message::ProducerFinished).await;
                    }
                    None => break,
                }
            }
            retire(&io, &child, false).await;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::super::rig::{self, once, pass};
    use super::*;

    fn seq(entries: &[Message]) -> Rig {
        let list = Message::list(entries.iter().cloned());
        rig::chassis(&SEQ, &[("sequence", list)], &[("Say", &once("${words}")), ("Pass", &pass())])
    }

    fn say(words: &str) -> Message {
        Message::map([("template", Message::text("Say")), ("words", Message::text(words))])
    }

    #[test]
    fn seq_1_one_after_another_and_words_are_printed() {
        let mut rig = seq(&[say("a"), Message::map([("print", Message::text("between"))]), say("b")]);
        rig.run();
        assert_eq!((rig.texts("outbox"), rig.console()), (vec!["a".into(), "b".into()], vec!["between".to_owned()]));
    }

    #[test]
    fn seq_2_stop_ends_the_current_one_and_the_sequence() {
        let mut rig = seq(&["Pass".into(), say("never")]);
        rig.run();
        rig.put("inbox", "through");
        rig.run();
        rig.shutdown();
        rig.run();
        assert_eq!((rig.texts("outbox"), rig.state()), (vec!["through".to_owned()], State::Finished));
    }

    #[test]
    fn seq_2_finish_lets_the_current_one_finish_and_begins_no_other() {
        let mut rig = seq(&["Pass".into(), say("never")]);
        rig.run();
        rig.put("inbox", "last");
        rig.finish();
        rig.run();
        assert_eq!((rig.texts("outbox"), rig.state()), (vec!["last".to_owned()], State::Finished));
    }

    #[test]
    fn seq_3_messages_wait_for_one_that_reads() {
        let mut rig = seq(&["Pass".into()]);
        rig.put("inbox", "early");
        rig.run();
        assert_eq!(rig.texts("outbox"), ["early"]);
    }

    #[test]
    fn seq_4_after_the_last_it_finishes_once() {
        let mut rig = seq(&[say("a"), say("b")]);
        rig.run();
        assert_eq!((rig.texts("signal"), rig.state()), (vec!["producer finished".to_owned()], State::Finished));
        assert_eq!(rig.names(), Vec::<String>::new());
    }

    #[test]
    fn what_is_no_entry_is_refused_in_words() {
        let given = Message::list([Message::Int(3)]);
        let params = Params::check(SEQ.params, [("sequence", &given)]).unwrap();
        let Err(error) = (SEQ.build)(&params) else { panic!() };
        assert!(error.to_string().contains("3 is neither the name of a template"), "{error}");
    }
}
