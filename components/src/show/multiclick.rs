//! Multiclick: a button that sends a different message for each mouse button.

use compose_runtime::dev::*;

/// The description.
pub static MULTICLICK: ComponentSpec = ComponentSpec {
    type_name: "Multiclick",
    category: Category::DisplayAndInput,
    summary: "A button that sends a different message for each mouse button",
    docs: "\
`msgs` lists the messages for the mouse buttons, in the order left, middle, right, wheel up, wheel down. A button \
beyond the end of the list, or whose message is `null`, sends nothing. The wheel works only on the stage (F9), because \
on the canvas it moves the view. The component runs until it is asked to finish on `control`.

Example: `msgs` = `[\"NEXT\", \"FIRST\", \"PREV\", \"PREV\", \"NEXT\"]` → `Chooser` → `Image` is a slide show in one \
button.

**Differs from the original:** the list begins with the left button. The canvas sets position, size and colours.",
    outboxes: &[BoxSpec::new("outbox", "The message of the mouse button, for each press")],
    params: &[
        ParamSpec::text("caption", "Button", "Label of the button"),
        ParamSpec::list("msgs", "Messages for left, middle, right, wheel up and wheel down").live(),
    ],
    has_surface: true,
    build: build::<Multiclick>,
    ..ComponentSpec::EMPTY
};

struct Multiclick {
    caption: String,
}

impl Component for Multiclick {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { caption: params.text("caption") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.show(Surface::MouseButtons { caption: self.caption });
        while let Some(event) = io.recv("_events").await {
            if matches!(event, Message::ProducerFinished | Message::Shutdown) {
                break;
            }
            let Message::Int(button) = event else { continue };
            let index = usize::try_from(button).ok().and_then(|button| button.checked_sub(1));
            let messages = io.params().list("msgs");
            match index.and_then(|index| messages.get(index)) {
                None | Some(Message::Nothing) => {}
                Some(message) => io.send("outbox", message.clone()).await,
            }
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
    fn each_mouse_button_sends_its_own_message() {
        let msgs = Message::list(["NEXT".into(), Message::Nothing, 3.into()]);
        let mut rig = Rig::new(&MULTICLICK, &[("msgs", msgs), ("caption", "Slides".into())]);
        for button in [1, 2, 3, 4, 1, 0, -1] {
            rig.event(button);
        }
        rig.run();
        assert_eq!(rig.take("outbox"), ["NEXT".into(), 3.into(), "NEXT".into()]);
        assert_eq!(rig.surface(), Some(Surface::MouseButtons { caption: "Slides".to_owned() }));
        rig.configure(&[("msgs", Message::list(["other".into()]))]);
        rig.event(1);
        rig.event(Message::ProducerFinished);
        rig.run();
        assert_eq!((rig.texts("outbox"), rig.state()), (vec!["other".to_owned()], State::Finished));
    }
}
