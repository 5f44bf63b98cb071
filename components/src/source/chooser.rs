//! Chooser: steps through a list in both directions.

use compose_runtime::dev::*;

/// Description of Chooser.
pub static CHOOSER: ComponentSpec = ComponentSpec {
    type_name: "Chooser",
    category: Category::Sources,
    summary: "Steps through a list on NEXT, PREV, FIRST, LAST or SAME",
    docs: "Emits the first item when it starts and the chosen item after each command. Without `loop`, NEXT at the \
           last item emits nothing and PREV at the first item emits that item again. With `loop`, NEXT at the last \
           item goes to the first and PREV at the first item goes to the last. Commands are not case-sensitive, and \
           surrounding white space is ignored. Unknown commands are ignored, and so is every command while the list is \
           empty.\n\n\
           Example: to make a slideshow, link four Buttons with the messages `NEXT`, `PREV`, `FIRST` and `LAST` to a \
           Chooser of picture files, and the Chooser to an Image.\n\n\
           Differs from the original: PREV at the first item of a looping list gives the last item (the original gave \
           nothing), and the component finishes when its input ends.",
    inboxes: &[BoxSpec::new("inbox", "NEXT, PREV, FIRST, LAST or SAME").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "The chosen item")],
    params: &[
        ParamSpec::list("items", "Items to choose from"),
        ParamSpec::switch("loop", false, "Wrap around: the first item follows the last"),
    ],
    build: build::<Chooser>,
    ..ComponentSpec::EMPTY
};

struct Chooser {
    items: Vec<Message>,
    wraps: bool,
}

impl Component for Chooser {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { items: params.list("items"), wraps: params.switch("loop") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut at = 0;
        if let Some(first) = self.items.first() {
            io.send("outbox", first.clone()).await;
        }
        while let Some(command) = io.recv("inbox").await {
            let Some(next) = step(&command.to_string(), at, self.items.len(), self.wraps) else { continue };
            at = next;
            if let Some(item) = self.items.get(at) {
                io.send("outbox", item.clone()).await;
            }
        }
        Ok(())
    }
}

/// The index of the item to emit after `command`; `None` if there is nothing to emit.
fn step(command: &str, at: usize, len: usize, wraps: bool) -> Option<usize> {
    let last = len.checked_sub(1)?;
    match command.trim().to_ascii_uppercase().as_str() {
        "SAME" => Some(at),
        "FIRST" => Some(0),
        "LAST" => Some(last),
        "NEXT" if at < last => Some(at + 1),
        "NEXT" => wraps.then_some(0),
        "PREV" if at > 0 => Some(at - 1),
        "PREV" => Some(if wraps { last } else { 0 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    fn chosen(wraps: bool, commands: &[&str], expected: &[&str]) {
        let items = Message::list(["1".into(), "2".into(), "3".into()]);
        check(&CHOOSER, &[("items", items), ("loop", wraps.into())], commands, expected);
    }

    #[test]
    fn the_first_item_is_emitted_at_the_start() {
        chosen(false, &[], &["1"]);
    }

    #[test]
    fn commands_move_in_both_directions() {
        chosen(
            false,
            &["NEXT", "next\n", "PREV", "LAST", "FIRST", "SAME", "JUMP"],
            &["1", "2", "3", "2", "3", "1", "1"],
        );
    }

    #[test]
    fn without_loop_it_stops_at_either_end() {
        chosen(false, &["PREV", "LAST", "NEXT"], &["1", "1", "3"]);
    }

    #[test]
    fn with_loop_it_wraps_around_in_both_directions() {
        chosen(true, &["PREV", "NEXT", "PREV"], &["1", "3", "1", "3"]);
    }

    #[test]
    fn an_empty_list_emits_nothing() {
        check(&CHOOSER, &[], &["NEXT", "PREV", "FIRST", "LAST", "SAME"], &[]);
    }
}
