//! Fanout: copies its input to the outboxes named in its settings.

use compose_runtime::dev::*;

use super::send_all;
use crate::refuse::box_names;

/// Description of Fanout.
pub static FANOUT: ComponentSpec = ComponentSpec {
    type_name: "Fanout",
    category: Category::Flow,
    summary: "Copies its input to several outboxes that you name",
    docs: "Has one outbox for each name in `boxnames`. Every message goes to all of them. The component receives the \
           next message after all outboxes have sent the current one; a blocked outbox does not delay the others.\n\n\
           Any outbox can be linked to several inboxes, so a Fanout is only needed to give the copies names.\n\n\
           Example: `boxnames` = `[\"screen\", \"file\"]`.",
    inboxes: &[BoxSpec::new("inbox", "Messages to copy")],
    params: &[ParamSpec::list("boxnames", "Names of the outboxes, as text")],
    extra_outboxes: Some(names),
    build: build::<Fanout>,
    ..ComponentSpec::EMPTY
};

struct Fanout {
    names: Vec<String>,
}

/// The names in `boxnames`; entries that are not text are left out.
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
    fn every_named_outbox_receives_every_message() {
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
    fn invalid_box_names_are_rejected() {
        for names in [&["a", "a"][..], &["signal"], &[""], &["a b"], &["a.b"], &["_a"]] {
            let list = boxnames(names);
            let params = Params::check(FANOUT.params, [("boxnames", &list)]).unwrap();
            assert!((FANOUT.build)(&params).is_err(), "{names:?}");
        }
    }
}
