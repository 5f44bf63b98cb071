//! Multiclick: a button with a message for every button of the mouse.

use compose_runtime::dev::*;

/// The description.
pub static MULTICLICK: ComponentSpec = ComponentSpec {
    type_name: "Multiclick",
    category: Category::ShowAndAsk,
    summary: "A button with a message for every button of the mouse",
    docs: "\
Sends the message that stands in `msgs` at the place of the mouse button it is pressed with: left, middle, right, wheel up, \
wheel down. Buttons beyond the end of the list, and those whose message is empty (`null`), send nothing. Turns of the wheel \
count on the stage (F9) only, because on the canvas the wheel moves the view. It ends when it is told to on `control`.

Example: `msgs` = `[\"NEXT\", \"FIRST\", \"PREV\", \"PREV\", \"NEXT\"]` → `Chooser` → `Image` is a slide show in one button.

**Differs from the original:** the list begins with the left button; place, size and colours belong to the canvas.",
    outboxes: &[BoxSpec::new("outbox", "The message of the mouse button, once a press")],
    params: &[
        ParamSpec::text("caption", "Button", "The words on it"),
        ParamSpec::list("msgs", "What left, middle, right, wheel up and wheel down send").live(),
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
            let place = usize::try_from(button).ok().and_then(|button| button.checked_sub(1));
            let messages = io.params().list("msgs");
            match place.and_then(|place| messages.get(place)) {
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
    fn every_mouse_button_has_its_own_message() {
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
