//! A slideshow without a screen: four buttons feed a chooser, and the chooser feeds a picture. Each component shows a
//! *surface*, plain data that this program reads and prints.
//!
//! `cargo run -p compose_runtime --example slideshow`
#![allow(clippy::print_stdout)]

use std::error::Error;

use compose_runtime::dev::*;
use compose_runtime::prelude::*;

/// Sends its message whenever it is pressed.
struct Button {
    message: String,
}

impl Component for Button {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { message: params.text("message") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        io.show(Surface::Button { caption: self.message.clone() });
        while io.recv("_events").await.is_some() {
            io.send("outbox", self.message.as_str()).await;
        }
        Ok(())
    }
}

static BUTTON: ComponentSpec = ComponentSpec {
    type_name: "Button",
    outboxes: &[BoxSpec::new("outbox", "The message, at every press")],
    params: &[ParamSpec::text("message", "CLICK", "What to send")],
    has_surface: true,
    build: build::<Button>,
    ..ComponentSpec::EMPTY
};

/// Moves through a list.
struct Chooser {
    items: Vec<Message>,
}

impl Component for Chooser {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { items: params.list("items") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let last = self.items.len().saturating_sub(1);
        let mut index = 0;
        loop {
            if let Some(item) = self.items.get(index) {
                io.send("outbox", item.clone()).await;
            }
            let Some(request) = io.recv("inbox").await else { return Ok(()) };
            index = match request.as_text() {
                Some("NEXT") => (index + 1).min(last),
                Some("PREV") => index.saturating_sub(1),
                Some("FIRST") => 0,
                Some("LAST") => last,
                _ => index,
            };
        }
    }
}

static CHOOSER: ComponentSpec = ComponentSpec {
    type_name: "Chooser",
    inboxes: &[BoxSpec::new("inbox", "NEXT, PREV, FIRST or LAST")],
    outboxes: &[BoxSpec::new("outbox", "The chosen item")],
    params: &[ParamSpec::list("items", "What to choose from")],
    build: build::<Chooser>,
    ..ComponentSpec::EMPTY
};

/// Shows the picture with the name that it receives.
struct Image;

impl Component for Image {
    fn new(_: &Params) -> Result<Self, ParamError> {
        Ok(Self)
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(name) = io.recv("inbox").await {
            io.show(Surface::Picture { image: None, caption: name.to_string(), background: [0, 0, 0] });
        }
        Ok(())
    }
}

static IMAGE: ComponentSpec = ComponentSpec {
    type_name: "Image",
    inboxes: &[BoxSpec::new("inbox", "Names of pictures")],
    has_surface: true,
    build: build::<Image>,
    ..ComponentSpec::EMPTY
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut system = System::new();
    let graph = system.add_composite("slideshow");
    let chooser = system.add("slideshow/chooser", &CHOOSER);
    let image = system.add("slideshow/image", &IMAGE);
    let slides = (1..=5).map(|number| Message::text(format!("slide{number}.png")));
    system.set(chooser, "items", Message::list(slides)).pipeline(&[chooser, image]);
    let mut buttons = Vec::new();
    for message in ["NEXT", "PREV", "FIRST", "LAST"] {
        let button = system.add(&format!("slideshow/{}", message.to_lowercase()), &BUTTON);
        system.set(button, "message", message).pipeline(&[button, chooser]).put_inside(button, graph);
        buttons.push((message, button));
    }
    system.put_inside(chooser, graph).put_inside(image, graph);

    let mut scheduler = system.scheduler(|_| {})?;
    scheduler.run_ready();
    let mut shown = Vec::new();
    for press in ["NEXT", "NEXT", "PREV", "LAST", "NEXT", "FIRST", "PREV"] {
        for (_, button) in buttons.iter().filter(|(message, _)| *message == press) {
            scheduler.put(&BoxAddr::inbox(*button, "_events"), "CLICK".into());
        }
        scheduler.run_ready();
        let snapshot = scheduler.snapshot();
        let surface = snapshot.component(image).and_then(|view| view.surface.as_deref());
        if let Some(Surface::Picture { caption, .. }) = surface {
            println!("{press:5} shows {caption}");
            shown.push(caption.clone());
        }
    }
    let expected = [2, 3, 2, 5, 5, 1, 1].map(|number| format!("slide{number}.png"));
    assert_eq!(shown, expected);
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    #[test]
    fn the_buttons_move_through_the_slides() {
        super::main().unwrap();
    }
}
