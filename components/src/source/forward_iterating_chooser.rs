//! ForwardIteratingChooser: steps through a list, forward only.

use compose_runtime::dev::*;

/// Description of ForwardIteratingChooser.
pub static FORWARD_ITERATING_CHOOSER: ComponentSpec = ComponentSpec {
    type_name: "ForwardIteratingChooser",
    category: Category::Sources,
    summary: "Steps through a list at the word of NEXT, then finishes",
    docs: "Emits the first item at start and the next one after each NEXT; SAME gives the present one again. NEXT at the \
           last item finishes it. Case and white space around a command do not matter; anything else is ignored.\n\n\
           Example: a player that asks for NEXT when a song has ended, and a ForwardIteratingChooser of songs.",
    inboxes: &[BoxSpec::new("inbox", "NEXT or SAME").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "The chosen item")],
    params: &[ParamSpec::list("items", "What to choose from")],
    build: build::<ForwardIteratingChooser>,
    ..ComponentSpec::EMPTY
};

struct ForwardIteratingChooser {
    items: Vec<Message>,
}

impl Component for ForwardIteratingChooser {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { items: params.list("items") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        for item in self.items {
            io.send("outbox", item.clone()).await;
            loop {
                let Some(command) = io.recv("inbox").await else { return Ok(()) };
                match command.to_string().trim().to_ascii_uppercase().as_str() {
                    "NEXT" => break,
                    "SAME" => io.send("outbox", item.clone()).await,
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::{Rig, check};

    use super::*;

    #[test]
    fn it_steps_forward_until_the_items_are_used_up() {
        let items = [("items", Message::list(["a".into(), "b".into()]))];
        check(&FORWARD_ITERATING_CHOOSER, &items, &["same", "what", "NEXT\n"], &["a", "a", "b"]);
        let mut rig = Rig::new(&FORWARD_ITERATING_CHOOSER, &items);
        rig.put("inbox", "NEXT");
        rig.put("inbox", "NEXT");
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }
}
