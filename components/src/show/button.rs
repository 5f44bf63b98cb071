//! Button: sends a message when it is pressed.

use compose_runtime::dev::*;

/// The description.
pub static BUTTON: ComponentSpec = ComponentSpec {
    type_name: "Button",
    category: Category::DisplayAndInput,
    summary: "A button that sends a message when pressed",
    docs: "\
Sends `msg` each time it is pressed, until it is asked to finish on `control`.

Example: four buttons with the messages NEXT, PREV, FIRST and LAST → `Chooser` → `Image` is a slide show.

**Differs from the original:** the default `msg` is the text CLICK, without the number of the button. The canvas sets \
position, size and colours.",
    outboxes: &[BoxSpec::new("outbox", "One `msg` for each press")],
    params: &[
        ParamSpec::text("caption", "Button", "Label of the button"),
        ParamSpec::new("msg", ParamKind::Any, DefaultValue::Text("CLICK"), "Message to send for each press").live(),
    ],
    has_surface: true,
    build: build::<Button>,
    ..ComponentSpec::EMPTY
};

/// The component.
pub struct Button {
    caption: String,
}

impl Component for Button {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { caption: params.text("caption") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.show(Surface::Button { caption: self.caption });
        while let Some(event) = io.recv("_events").await {
            if matches!(event, Message::ProducerFinished | Message::Shutdown) {
                break;
            }
            let message = io.params().get("msg");
            io.send("outbox", message).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    #[test]
    fn every_press_sends_the_message() {
        let mut rig = Rig::new(&BUTTON, &[("caption", "Next".into()), ("msg", Message::Int(7))]);
        rig.event("CLICK");
        rig.event("CLICK");
        rig.run();
        assert_eq!(rig.take("outbox"), [Message::Int(7), Message::Int(7)]);
        assert_eq!(rig.surface(), Some(Surface::Button { caption: "Next".to_owned() }));
    }

    #[test]
    fn the_default_message_is_click() {
        let mut rig = Rig::new(&BUTTON, &[]);
        rig.event("CLICK");
        rig.run();
        assert_eq!(rig.texts("outbox"), ["CLICK"]);
    }

    #[test]
    fn it_finishes_when_its_events_end() {
        let mut rig = Rig::new(&BUTTON, &[]);
        rig.event("CLICK");
        rig.event(Message::ProducerFinished);
        rig.run();
        assert_eq!((rig.texts("outbox").len(), rig.state()), (1, State::Finished));
    }

    #[test]
    fn it_runs_until_it_is_asked_to_finish() {
        let mut rig = Rig::new(&BUTTON, &[]);
        rig.run();
        assert!(!rig.state().has_ended());
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
    }
}
