//! Chooser: steps through a list both ways.

use compose_runtime::dev::*;

/// Description of Chooser.
pub static CHOOSER: ComponentSpec = ComponentSpec {
    type_name: "Chooser",
    category: Category::Sources,
    summary: "Steps through a list at the word of NEXT, PREV, FIRST, LAST or SAME",
    docs: "Emits the first item at start and the chosen item after each command. Without `loop`, NEXT at the last item \
           emits nothing and PREV at the first emits the first again; with `loop`, NEXT after the last is the first and \
           PREV before the first is the last. Case and white space around a command do not matter; anything else is \
           ignored, and so is every command while the list is empty.\n\n\
           Example: four Buttons with the messages `NEXT`, `PREV`, `FIRST` and `LAST` into a Chooser of picture files \
           into an Image are a slideshow.\n\n\
           Differs from the original: PREV at the first item of a looping list gives the last item (it gave nothing), \
           and the end of its input ends it.",
    inboxes: &[BoxSpec::new("inbox", "NEXT, PREV, FIRST, LAST or SAME").kinds(&[Kind::Text, Kind::Bytes])],
    outboxes: &[BoxSpec::new("outbox", "The chosen item")],
    params: &[
        ParamSpec::list("items", "What to choose from"),
        ParamSpec::switch("loop", false, "Go round: the first item follows the last"),
    ],
    build: build::<Chooser>,
    ..ComponentSpec::EMPTY
};

struct Chooser {
    items: Vec<Message>,
    round: bool,
}

impl Component for Chooser {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { items: params.list("items"), round: params.switch("loop") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut at = 0;
        if let Some(first) = self.items.first() {
            io.send("outbox", first.clone()).await;
        }
        while let Some(command) = io.recv("inbox").await {
            let Some(next) = step(&command.to_string(), at, self.items.len(), self.round) else { continue };
            at = next;
            if let Some(item) = self.items.get(at) {
                io.send("outbox", item.clone()).await;
            }
        }
        Ok(())
    }
}

/// The place to emit after `command`; `None` when there is nothing to emit.
fn step(command: &str, at: usize, len: usize, round: bool) -> Option<usize> {
    let last = len.checked_sub(1)?;
    match command.trim().to_ascii_uppercase().as_str() {
        "SAME" => Some(at),
        "FIRST" => Some(0),
        "LAST" => Some(last),
        "NEXT" if at < last => Some(at + 1),
        "NEXT" => round.then_some(0),
        "PREV" if at > 0 => Some(at - 1),
        "PREV" => Some(if round { last } else { 0 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    fn chosen(round: bool, commands: &[&str], expected: &[&str]) {
        let items = Message::list(["1".into(), "2".into(), "3".into()]);
        check(&CHOOSER, &[("items", items), ("loop", round.into())], commands, expected);
    }

    #[test]
    fn the_first_item_comes_at_start() {
        chosen(false, &[], &["1"]);
    }

    #[test]
    fn commands_move_both_ways() {
        chosen(
            false,
            &["NEXT", "next\n", "PREV", "LAST", "FIRST", "SAME", "JUMP"],
            &["1", "2", "3", "2", "3", "1", "1"],
        );
    }

    #[test]
    fn without_loop_it_stays_at_the_ends() {
        chosen(false, &["PREV", "LAST", "NEXT"], &["1", "1", "3"]);
    }

    #[test]
    fn with_loop_it_goes_round_both_ways() {
        chosen(true, &["PREV", "NEXT", "PREV"], &["1", "3", "1", "3"]);
    }

    #[test]
    fn an_empty_list_gives_nothing() {
        check(&CHOOSER, &[], &["NEXT", "PREV", "FIRST", "LAST", "SAME"], &[]);
    }
}
