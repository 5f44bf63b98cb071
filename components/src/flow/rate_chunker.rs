//! RateChunker: cuts a stream into one chunk per frame period.

use compose_runtime::dev::*;

use crate::byte_queue::ByteQueue;
use crate::file::Pacer;
use crate::refuse::wrong_kind;

/// The largest chunk, in bytes.
const LARGEST: f64 = (1 << 24) as f64;

/// Description of RateChunker.
pub static RATE_CHUNKER: ComponentSpec = ComponentSpec {
    type_name: "RateChunker",
    category: Category::Flow,
    summary: "Cuts a stream of bytes into one chunk per period",
    docs: "Turns a stream of `datarate` bytes per second into `chunkrate` chunks per second. Each chunk contains whole \
           units of `quantasize` bytes, so a sample is never split. If the numbers do not divide evenly, chunk sizes \
           differ by one unit and the total does not drift. The component does not wait; the speed of the input \
           determines when chunks are emitted. At the end of the input, the remaining bytes are emitted as a shorter \
           chunk.\n\n\
           Example: for sound with 44 100 samples of 4 bytes per second, a `chunkrate` of 25 gives chunks that match \
           the frames of a film.\n\n\
           Differs from the original: the remaining bytes at the end are not lost.",
    inboxes: &[BoxSpec::new("inbox", "The stream").kinds(&[Kind::Bytes, Kind::Text])],
    outboxes: &[BoxSpec::new("outbox", "Chunks").kinds(&[Kind::Bytes])],
    params: &[
        ParamSpec::float("datarate", 1.0, 1.0e9, 176_400.0, "Speed of the stream").unit("bytes/s"),
        ParamSpec::int("quantasize", 1, 65_536, 4, "Size of a unit that is never split").unit("bytes"),
        ParamSpec::float("chunkrate", 0.01, 10_000.0, 25.0, "Chunks per second").unit("chunks/s"),
    ],
    build: build::<RateChunker>,
    ..ComponentSpec::EMPTY
};

struct RateChunker {
    units_per_chunk: f64,
    unit: usize,
}

impl Component for RateChunker {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let unit = params.count("quantasize").max(1);
        let bytes = params.float("datarate") / params.float("chunkrate");
        if bytes > LARGEST {
            return Err(ParamError::Other(format!(
                "chunkrate: each chunk would have {bytes:.0} bytes; set a higher rate"
            )));
        }
        Ok(Self { units_per_chunk: bytes / unit as f64, unit })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let (mut pacer, mut waiting) = (Pacer::default(), ByteQueue::default());
        let mut wanted = pacer.next(self.units_per_chunk) * self.unit;
        while let Some(message) = io.recv("inbox").await {
            waiting.push(message.as_bytes().ok_or_else(|| wrong_kind("inbox", "bytes", &message))?);
            while !waiting.is_empty() && waiting.len() >= wanted {
                if wanted > 0 {
                    io.send("outbox", waiting.take(wanted)).await;
                }
                wanted = pacer.next(self.units_per_chunk) * self.unit;
            }
        }
        if !waiting.is_empty() && !io.is_shutting_down() {
            io.send("outbox", waiting.take_all()).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::testing::{Rig, through};

    use super::*;

    #[test]
    fn chunks_are_whole_units_and_do_not_drift() {
        let params = [("datarate", 1000.0.into()), ("quantasize", 4.into()), ("chunkrate", 30.0.into())];
        let mut rig = Rig::new(&RATE_CHUNKER, &params);
        for _ in 0..100 {
            rig.put("inbox", Message::bytes([7; 30]));
        }
        rig.finish();
        rig.run();
        let sizes: Vec<usize> = rig.take("outbox").iter().map(Message::payload_len).collect();
        assert!((90..=91).contains(&sizes.len()), "{}", sizes.len());
        assert!(sizes[..89].iter().all(|size| [32, 36].contains(size)), "{sizes:?}");
        assert_eq!(sizes.iter().sum::<usize>(), 3000);
    }

    #[test]
    fn a_large_message_is_cut_into_small_chunks_in_linear_time() {
        // If each chunk moved the rest of the message, this would take minutes.
        let params = [("datarate", 160.0.into()), ("quantasize", 16.into()), ("chunkrate", 10.0.into())];
        let length = 8 << 20;
        let chunks = through(&RATE_CHUNKER, &params, &[Message::from(vec![7; length])]).take("outbox");
        assert_eq!(chunks.len(), length / 16);
    }
}
