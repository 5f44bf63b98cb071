//! Seq: runs templates one after another.

use compose_runtime::dev::*;
use futures_lite::future;

use super::orders::{Order, Orders, next_end, stop_in_order};
use super::{blame, retire, values_of};

/// Description of Seq.
pub static SEQ: ComponentSpec = ComponentSpec {
    type_name: "Seq",
    category: Category::Chassis,
    summary: "Runs templates one after another, each until it ends",
    docs: "\
`sequence` lists what to run. Each entry is the name of a template, a map whose `template` is the name and whose other \
entries are values for `\"${name}\"` in its settings, or a map `{\"print\": \"text\"}`, which prints the text on the \
console.

`inbox` and `outbox` are connected to the template that is running. Messages that arrive between two templates wait \
for the next one. Messages that an ended template has not read are lost. After the last template, Seq finishes.

Finish on `control` lets the running template finish and ends the sequence after it. Stop stops the running template \
and the sequence.

Example: `[\"Greeting\", {\"print\": \"now the news\"}, {\"template\": \"Read\", \"filename\": \"news.txt\"}]`.

**Differs from the original:** it responds to `control`, and text to print has its own kind of entry.",
    inboxes: &[BoxSpec::new("inbox", "Messages for the running template")],
    outboxes: &[BoxSpec::new("outbox", "Messages from the running template")],
    params: &[ParamSpec::list("sequence", "What to run: names of templates, maps with values, or text to print")
        .of_templates()],
    sends_first: SendsFirst::Yes,
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
        let invalid = || {
            let got = message.label(40);
            let error = format!("sequence: {got} is neither the name of a template nor a map with template or print");
            ParamError::Other(error)
        };
        match message {
            Message::Text(name) => Ok(Self::Run { template: name.to_string(), item: Message::map::<String>([]) }),
            Message::Map(map) => match (map.get("print"), map.get("template").and_then(Message::as_text)) {
                (Some(text), None) => Ok(Self::Print(text.to_string())),
                (None, Some(name)) => Ok(Self::Run { template: name.to_owned(), item: message.clone() }),
                _ => Err(invalid()),
            },
            _ => Err(invalid()),
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
                Entry::Print(text) => {
                    io.print(&text);
                    continue;
                }
                Entry::Run { template, item } => (template, item),
            };
            let values = values_of(&item);
            let mut new = io.new_instance(&template, &values)?;
            new.pass_through("inbox", "outbox");
            let started = io.start_instance(new, Fate::EndsWithOwner).await;
            let (child, _) = started.map_err(|fault| blame(&io, &template, &values, fault))?;
            loop {
                let control = async { Some(orders.next(&io).await) };
                let ended = async {
                    let _end = next_end(&io).await;
                    None
                };
                match future::or(control, ended).await {
                    Some(Order::Stop) => {
                        stop_in_order(&io, &child).await;
                        return Ok(());
                    }
                    Some(Order::Finish) => {
                        finishes = true;
                        io.send_control(child.id, Message::ProducerFinished).await;
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

    use super::super::graph::{Graph, Part};
    use super::super::rig::{self, once, pass};
    use super::*;

    fn seq(entries: &[Message]) -> Rig {
        let list = Message::list(entries.iter().cloned());
        rig::chassis(&SEQ, &[("sequence", list)], &[("Say", &once("${text}")), ("Pass", &pass())])
    }

    fn say(text: &str) -> Message {
        Message::map([("template", Message::text("Say")), ("text", Message::text(text))])
    }

    #[test]
    fn seq_1_templates_run_in_order_and_text_is_printed() {
        let mut rig = seq(&[say("a"), Message::map([("print", Message::text("between"))]), say("b")]);
        rig.run();
        assert_eq!((rig.texts("outbox"), rig.console()), (vec!["a".into(), "b".into()], vec!["between".to_owned()]));
    }

    #[test]
    fn seq_2_stop_ends_the_running_template_and_the_sequence() {
        let mut rig = seq(&["Pass".into(), say("never")]);
        rig.run();
        rig.put("inbox", "through");
        rig.run();
        rig.shutdown();
        rig.run();
        assert_eq!((rig.texts("outbox"), rig.state()), (vec!["through".to_owned()], State::Finished));
    }

    #[test]
    fn seq_2_finish_lets_the_running_template_finish_and_starts_no_other() {
        let mut rig = seq(&["Pass".into(), say("never")]);
        rig.run();
        rig.put("inbox", "last");
        rig.finish();
        rig.run();
        assert_eq!((rig.texts("outbox"), rig.state()), (vec!["last".to_owned()], State::Finished));
    }

    #[test]
    fn seq_3_messages_wait_for_a_template_that_receives() {
        let mut rig = seq(&["Pass".into()]);
        rig.put("inbox", "early");
        rig.run();
        assert_eq!(rig.texts("outbox"), ["early"]);
    }

    #[test]
    fn seq_4_it_finishes_once_after_the_last_template() {
        let mut rig = seq(&[say("a"), say("b")]);
        rig.run();
        assert_eq!((rig.texts("signal"), rig.state()), (vec!["producer finished".to_owned()], State::Finished));
        assert_eq!(rig.names(), Vec::<String>::new());
    }

    #[test]
    fn a_template_that_contains_itself_ends_at_a_limit_of_nesting() {
        let inner = Part::new("Seq").with("sequence", Message::list(["T".into()]));
        let template = Graph::graphline(&[("s", inner)], &[]).unwrap();
        let mut rig = rig::chassis(&SEQ, &[("sequence", Message::list(["T".into()]))], &[("T", &template)]);
        rig.run();
        assert_eq!(rig.state(), State::Finished);
        let refused: Vec<String> = rig.console().into_iter().filter(|line| line.contains("nested 32 deep")).collect();
        assert!(refused.len() == 1 && refused[0].contains("instance of T"), "{:?}", rig.console());
    }

    #[test]
    fn an_invalid_entry_is_rejected_with_a_reason() {
        let given = Message::list([Message::Int(3)]);
        let params = Params::check(SEQ.params, [("sequence", &given)]).unwrap();
        let Err(error) = (SEQ.build)(&params) else { panic!() };
        assert!(error.to_string().contains("3 is neither the name of a template"), "{error}");
    }
}
