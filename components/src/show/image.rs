//! Image: shows one picture at a time.
//!
//! A blocking thread decodes the pictures; pictures that arrive meanwhile wait in the inbox.

use std::path::Path;
use std::sync::Arc;

use compose_runtime::dev::*;

use crate::colour;
use crate::file::open::name_in;
use crate::picture::decode::{picture_in_bytes, picture_in_file};

/// The description.
pub static IMAGE: ComponentSpec = ComponentSpec {
    type_name: "Image",
    category: Category::DisplayAndInput,
    summary: "Shows a picture",
    docs: "\
Each message is a picture, the name of a picture file (text), or the bytes of a picture file. The format may be PNG, \
JPEG, GIF (first frame only), BMP or WebP. Pictures wider or higher than 2 048 pixels are scaled down. When the input \
ends, the component finishes and the last picture stays.

If a file cannot be read, the error appears under the picture and on the console, and the component waits for the next \
message. An empty name removes the picture.

Example: `Chooser` (a list of file names) → `Image`.

**Differs from the original:** text is always a file name and bytes are always a picture, so there is no \
`expect_file_strings`. The canvas sets position and size. There is no `alphacontrol`.",
    inboxes: &[
        BoxSpec::new("inbox", "A file name, the bytes of a picture file, or a picture").kinds(&[
            Kind::Text,
            Kind::Bytes,
            Kind::Image,
        ]),
        BoxSpec::new("bgcolour", "Colour around the picture: #rrggbb, or a list of three numbers up to 255")
            .kinds(&[Kind::Text, Kind::List]),
    ],
    params: &[
        ParamSpec::new(
            "image",
            ParamKind::FileToRead(&["png", "jpg", "jpeg", "gif", "bmp", "webp"]),
            DefaultValue::Text(""),
            "File to show at the start",
        ),
        ParamSpec::text("bgcolour", "#808080", "Colour around the picture, as #rrggbb"),
    ],
    has_surface: true,
    build: build::<Image>,
    ..ComponentSpec::EMPTY
};

/// The component.
pub struct Image {
    image: String,
    shown: Shown,
}

/// Contents of the surface.
struct Shown {
    image: Option<Arc<ImageFrame>>,
    caption: String,
    background: [u8; 3],
}

impl Component for Image {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let bgcolour = params.get("bgcolour");
        let background = colour(&bgcolour).ok_or_else(|| ParamError::Refused {
            param: "bgcolour".to_owned(),
            expected: "a colour like #808080".to_owned(),
            got: bgcolour.label(40),
        })?;
        Ok(Self { image: params.text("image"), shown: Shown { image: None, caption: String::new(), background } })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        self.shown.show(&io);
        if !self.image.is_empty() {
            let first = Message::from(std::mem::take(&mut self.image));
            self.change(&io, first).await;
        }
        while let Some((inbox, message)) = io.recv_any(&["inbox", "bgcolour"]).await {
            if inbox == "inbox" {
                self.change(&io, message).await;
            } else if let Some(background) = colour(&message) {
                self.shown.background = background;
                self.shown.show(&io);
            } else {
                let got = message.label(40);
                io.note(&format!("{got} is not a colour; send one like #808080 or [128, 128, 128]"));
            }
        }
        Ok(())
    }
}

impl Image {
    /// Shows the picture that a message names or holds. On an error, keeps the picture and shows the error text.
    async fn change(&mut self, io: &BoxIo, message: Message) {
        let caption = caption(&message);
        match fetch(io, message).await {
            Ok(image) => {
                self.shown.image = image;
                self.shown.caption = caption;
            }
            Err(_) if io.is_shutting_down() => return,
            Err(fault) => {
                io.note(fault.text());
                self.shown.caption = fault.to_string();
            }
        }
        self.shown.show(io);
    }
}

impl Shown {
    fn show(&self, io: &BoxIo) {
        let Self { image, caption, background } = self;
        io.show(Surface::Picture { image: image.clone(), caption: caption.clone(), background: *background });
    }
}

/// The picture that a message names or holds; `None` for an empty name.
async fn fetch(io: &BoxIo, message: Message) -> Result<Option<Arc<ImageFrame>>, Fault> {
    match message {
        Message::Image(image) => Ok(Some(image)),
        Message::Text(name) if name_in(&name).is_empty() => Ok(None),
        Message::Text(name) => {
            let path = io.path(name_in(&name));
            decoded(io, &name, move || picture_in_file(&path)).await.map(Some)
        }
        Message::Bytes(bytes) => decoded(io, "bytes", move || picture_in_bytes(&bytes)).await.map(Some),
        other => {
            let (kind, label) = (other.kind().name(), other.label(40));
            Err(Fault::new(format!("{kind} is not a picture: {label}; send a file name, bytes or an image")))
        }
    }
}

/// Runs a decoder on a blocking thread.
async fn decoded(
    io: &BoxIo,
    what: &str,
    decode: impl FnOnce() -> Result<ImageFrame, Fault> + Send + 'static,
) -> Result<Arc<ImageFrame>, Fault> {
    let task = io.outside(&format!("picture {what}"), move |port| async move {
        let picture = blocking::unblock(decode).await?;
        port.send(Message::Image(Arc::new(picture))).await;
        Ok(())
    });
    match task.recv().await? {
        Some(Message::Image(image)) => Ok(image),
        _ => Err(Fault::new("reading the picture was interrupted")),
    }
}

/// The caption under the picture: the file name without its folders.
fn caption(message: &Message) -> String {
    let name = message.as_text().map(|name| Path::new(name_in(name)).file_name().unwrap_or_default());
    name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Parses `#rrggbb`, or a list of three numbers from 0 to 255.
fn colour(message: &Message) -> Option<[u8; 3]> {
    let parts: Vec<u8> = match message {
        Message::Text(text) => return colour::from_hex(text),
        Message::List(items) => {
            let byte = |item: &Message| item.as_number().filter(|part| (0.0..=255.0).contains(part));
            items.iter().map(|item| byte(item).map(|part| part as u8)).collect::<Option<_>>()?
        }
        _ => return None,
    };
    parts.try_into().ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;
    use crate::picture::decode::tests::png;

    /// Sends messages, then returns the first pixel of the picture, the caption and the background.
    fn shown(rig: &mut Rig, messages: &[Message]) -> (Option<[u8; 3]>, String, [u8; 3]) {
        for message in messages {
            rig.put("inbox", message.clone());
        }
        rig.finish();
        rig.run_until(|rig| rig.state() == State::Finished);
        let Some(Surface::Picture { image, caption, background }) = rig.surface() else { panic!("no picture") };
        let pixel = image.map(|image| [image.rgba[0], image.rgba[1], image.rgba[2]]);
        (pixel, caption, background)
    }

    #[test]
    fn a_file_bytes_and_a_frame_are_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("red.png");
        std::fs::write(&path, png(4, 4, [200, 0, 0, 255])).unwrap();
        let file = Message::text(path.to_str().unwrap());
        let bytes = Message::bytes(png(4, 4, [0, 200, 0, 255]));
        let frame = Message::Image(Arc::new(ImageFrame { width: 1, height: 1, rgba: vec![0, 0, 200, 255] }));
        for (message, pixel, caption) in
            [(file, [200, 0, 0], "red.png"), (bytes, [0, 200, 0], ""), (frame, [0, 0, 200], "")]
        {
            let mut rig = Rig::new(&IMAGE, &[]);
            assert_eq!(shown(&mut rig, &[message]), (Some(pixel), caption.to_owned(), [128; 3]));
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_reported_and_the_last_good_picture_stays() {
        let mut rig = Rig::new(&IMAGE, &[("image", "/nowhere/first.png".into()), ("bgcolour", "#102030".into())]);
        let good = Message::bytes(png(2, 2, [5, 6, 7, 255]));
        let (pixel, caption, background) = shown(&mut rig, &[good, "/nowhere/last.png".into()]);
        // The last good picture stays; the caption reports the bad file.
        assert_eq!((pixel, background), (Some([5, 6, 7]), [16, 32, 48]));
        assert!(caption.ends_with("this file does not exist; choose another file: /nowhere/last.png"), "{caption}");
        assert_eq!(rig.console().len(), 2);
    }

    #[test]
    fn an_empty_name_removes_the_picture() {
        let mut rig = Rig::new(&IMAGE, &[]);
        let good = Message::bytes(png(2, 2, [5, 6, 7, 255]));
        assert_eq!(shown(&mut rig, &[good, "".into()]).0, None);
    }

    #[test]
    fn the_background_can_change() {
        let mut rig = Rig::new(&IMAGE, &[]);
        rig.put("bgcolour", Message::list([Message::Int(1), Message::Int(2), Message::Int(3)]));
        rig.put("bgcolour", "mauve");
        assert_eq!(shown(&mut rig, &[]).2, [1, 2, 3]);
        assert_eq!(rig.console().len(), 1);
    }

    #[test]
    fn malformed_colours_are_rejected() {
        for bad in ["red", "#12", "#12345g", "#ééé", ""] {
            assert_eq!(colour(&bad.into()), None, "{bad}");
        }
        assert_eq!(colour(&Message::list([Message::Int(1)])), None);
    }
}
