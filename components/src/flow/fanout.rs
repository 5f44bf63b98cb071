//! Fanout: copies its input to a list of outboxes named in the settings.

use compose_runtime::dev::*;

use super::send_all;
use crate::refuse::box_names;

/// Description of Fanout.
pub static FANOUT: ComponentSpec = ComponentSpec {
    type_name: "Fanout",
    category: Category::Flow,
    summary: "Copies its input to several outboxes with names of your own",
    docs: "Has one outbox for each name in `boxnames`. Every message goes to all of them; the next one is taken when all \
           have had room for it, and a full one does not hold up the others meanwhile.\n\n\
           Here any outbox may be linked to several inboxes, so a Fanout is only needed where the copies should have \
           names.\n\nExample: `boxnames` = `[\"screen\", \"file\"]`.",
    inboxes: &[BoxSpec::new("inbox", "What to copy")],
    params: &[ParamSpec::list("boxnames", "Names of the outboxes, as texts")],
    extra_outboxes: Some(names),
    build: build::<Fanout>,
    ..ComponentSpec::EMPTY
};

struct Fanout {
    names: Vec<String>,
}

/// The texts of the list.
fn names(params: &Params) -> Vec<String> {
    params.list("boxnames").iter().filter_map(|name| name.as_text()).map(str::to_owned).collect()
}

impl Component for Fanout {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { names: box_names("boxnames", &params.list("boxnames"), &["signal"])? })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            send_all(&io, self.names.iter().map(String::as_str), &message).await;
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn boxnames(names: &[&str]) -> Message {
        Message::list(names.iter().map(Message::text))
    }

    #[test]
    fn every_named_outbox_gets_every_message() {
        let mut rig = Rig::new(&FANOUT, &[("boxnames", boxnames(&["left", "right"]))]);
        rig.put("inbox", "a");
        rig.put("inbox", "b");
        rig.finish();
        rig.run();
        assert_eq!(rig.texts("left"), ["a", "b"]);
        assert_eq!(rig.texts("right"), ["a", "b"]);
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn names_that_cannot_be_boxes_are_refused() {
        for names in [&["a", "a"][..], &["signal"], &[""], &["a b"], &["a.b"], &["_a"]] {
            let list = boxnames(names);
            let params = Params::check(FANOUT.params, [("boxnames", &list)]).unwrap();
            assert!((FANOUT.build)(&params).is_err(), "{names:?}");
        }
    }
}
