//! ForwardIteratingChooser: steps forward through a list.

use compose_runtime::dev::*;

/// Description of ForwardIteratingChooser.
pub static FORWARD_ITERATING_CHOOSER: ComponentSpec = ComponentSpec {
    type_name: "ForwardIteratingChooser",
    category: Category::Sources,
    summary: "Steps through a list on NEXT, then finishes",
    docs: "Emits the first item when it starts and the next item after each NEXT. SAME emits the current item again. \
           NEXT at the last item ends the component. Commands are not case-sensitive, surrounding white space is \
           ignored, and so are unknown commands.\n\n\
           Example: a ForwardIteratingChooser with a list of songs, and a player that sends it NEXT when a song ends.",
    inboxes: &[BoxSpec::new("inbox", "NEXT or SAME").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "The chosen item")],
    params: &[ParamSpec::list("items", "Items to step through")],
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
    fn it_steps_forward_and_finishes_after_the_last_item() {
        let items = [("items", Message::list(["a".into(), "b".into()]))];
        check(&FORWARD_ITERATING_CHOOSER, &items, &["same", "what", "NEXT\n"], &["a", "a", "b"]);
        let mut rig = Rig::new(&FORWARD_ITERATING_CHOOSER, &items);
        rig.put("inbox", "NEXT");
        rig.put("inbox", "NEXT");
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }
}
