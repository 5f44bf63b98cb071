//! MaxSizePacketiser: cuts messages to a maximum length.

use compose_runtime::dev::*;

use crate::refuse::bytes_of;

const BYTES: &[Kind] = &[Kind::Bytes, Kind::Text];

/// Description of MaxSizePacketiser.
pub static MAX_SIZE_PACKETISER: ComponentSpec = ComponentSpec {
    type_name: "MaxSizePacketiser",
    category: Category::Network,
    summary: "Cuts messages to a maximum length",
    docs: "Short messages pass unchanged. Long messages leave in pieces of `maxsize` bytes; the last piece may be \
           shorter.\n\n\
           Example: before a UDPSender, whose datagrams must not be too large.",
    inboxes: &[BoxSpec::new("inbox", "Messages of any length").kinds(BYTES)],
    outboxes: &[BoxSpec::new("outbox", "Messages of at most `maxsize` bytes").kinds(&[Kind::Bytes])],
    params: &[ParamSpec::int("maxsize", 1, 1 << 30, 1000, "Maximum length of a message").unit("bytes")],
    build: build::<MaxSizePacketiser>,
    ..ComponentSpec::EMPTY
};

struct MaxSizePacketiser(usize);

impl Component for MaxSizePacketiser {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self(params.count("maxsize").max(1)))
    }

    async fn main(self, io: BoxIo) -> Outcome {
        while let Some(message) = io.recv("inbox").await {
            for piece in bytes_of(&message)?.chunks(self.0) {
                io.send("outbox", Message::bytes(piece)).await;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::check;

    use super::*;

    #[test]
    fn only_long_messages_are_cut() {
        check(&MAX_SIZE_PACKETISER, &[("maxsize", 2.into())], &["abcde", "f"], &["ab", "cd", "e", "f"]);
    }
}
