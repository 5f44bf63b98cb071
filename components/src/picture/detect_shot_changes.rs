//! DetectShotChanges: finds the cuts in a video.

use std::collections::VecDeque;

use compose_runtime::dev::*;

use crate::refuse::wrong_value;

/// Number of frames before and after a change to compare it with.
const AROUND: usize = 15;
/// Changes below this value, on a scale of 0 to 255, are noise.
const LEAST_CHANGE: f64 = 4.0;
/// Number of rows and of columns in the grid of cells whose colours are compared.
const CELLS: usize = 24;

/// Description of DetectShotChanges.
pub static DETECT_SHOT_CHANGES: ComponentSpec = ComponentSpec {
    type_name: "DetectShotChanges",
    category: Category::SoundAndPictures,
    summary: "Finds the cuts in a stream of numbered frames",
    docs: "Compares the colours of each frame with those of the previous frame. A change counts as a cut if it is the \
           largest nearby and much larger than the median change in the 15 frames on either side. For each cut, it \
           sends a list of the number of the first frame of the new shot and a confidence from 0 to 1, which is 1 - \
           median change / this change. Cuts with a confidence below `threshold` are not sent. The output lags up to \
           15 frames behind the input and catches up at the end of the stream.\n\n\
           Example: VideoFileSource, TagWithSequenceNumber, DetectShotChanges, ConsoleEchoer.\n\n\
           Differs from the original: it compares colours, not only brightness, and also finds cuts in the first and \
           last 15 frames.",
    inboxes: &[BoxSpec::new("inbox", "Lists of a frame number and a frame").kinds(&[Kind::List])],
    outboxes: &[BoxSpec::new("outbox", "Lists of a frame number and a confidence").kinds(&[Kind::List])],
    params: &[ParamSpec::float("threshold", 0.0, 1.0, 0.9, "Minimum confidence of a cut")],
    build: build::<DetectShotChanges>,
    ..ComponentSpec::EMPTY
};

struct DetectShotChanges {
    threshold: f64,
}

/// The difference between a frame and the previous frame.
struct Change {
    number: Message,
    size: f64,
}

impl Component for DetectShotChanges {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { threshold: params.float("threshold") })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let mut last: Option<Vec<f64>> = None;
        // `at` is the index of the change to judge; the changes before and after it are the context.
        let (mut changes, mut at) = (VecDeque::<Change>::new(), 0);
        while let Some(message) = io.recv("inbox").await {
            let (number, image) = numbered_frame(&message)?;
            let cells = colours(image);
            if let Some(last) = last.replace(cells.clone()) {
                let total: f64 = cells.iter().zip(&last).map(|(now, before)| (now - before).abs()).sum();
                changes.push_back(Change { number, size: total / cells.len().max(1) as f64 });
            }
            while changes.len() > at + AROUND {
                self.judge(&io, &changes, at).await;
                at += 1;
                if at > AROUND {
                    changes.pop_front();
                    at -= 1;
                }
            }
        }
        while at < changes.len() && !io.is_shutting_down() {
            self.judge(&io, &changes, at).await;
            at += 1;
        }
        Ok(())
    }
}

impl DetectShotChanges {
    async fn judge(&self, io: &BoxIo, changes: &VecDeque<Change>, at: usize) {
        let Some(change) = changes.get(at).filter(|change| change.size >= LEAST_CHANGE) else { return };
        let nearby = changes.range(at.saturating_sub(AROUND)..changes.len().min(at + AROUND + 1));
        let mut others: Vec<f64> = nearby.map(|change| change.size).collect();
        others.sort_by(f64::total_cmp);
        // The median, so that another cut nearby does not hide this one.
        let usual = others.get((others.len() - 1) / 2).copied().filter(|_| others.len() > 1).unwrap_or(0.0);
        let neighbours = changes.range(at.saturating_sub(2)..changes.len().min(at + 3));
        let is_largest = neighbours.into_iter().all(|other| other.size <= change.size);
        let confidence = 1.0 - usual / change.size;
        if is_largest && confidence >= self.threshold {
            io.send("outbox", Message::list([change.number.clone(), confidence.into()])).await;
        }
    }
}

fn numbered_frame(message: &Message) -> Result<(Message, &ImageFrame), Fault> {
    if let Message::List(pair) = message
        && let [number, Message::Image(image)] = pair.as_slice()
    {
        return Ok((number.clone(), image));
    }
    Err(wrong_value("inbox", "lists of a frame number and a frame (TagWithSequenceNumber makes them)", message))
}

/// Mean red, green and blue of each cell of the grid, sampled from a few pixels per cell.
fn colours(image: &ImageFrame) -> Vec<f64> {
    let (width, height) = (image.width as usize, image.height as usize);
    let mut cells = Vec::with_capacity(CELLS * CELLS * 3);
    for row in 0..CELLS {
        for column in 0..CELLS {
            let mut sums = [0_u32; 3];
            for part in 0..16 {
                let x = (column * 4 + part % 4) * width / (CELLS * 4);
                let y = (row * 4 + part / 4) * height / (CELLS * 4);
                let pixel = image.rgba.get((y * width + x) * 4..).unwrap_or_default();
                for (sum, value) in sums.iter_mut().zip(pixel) {
                    *sum += u32::from(*value);
                }
            }
            cells.extend(sums.map(|sum| f64::from(sum) / 16.0));
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;
    use crate::picture::card::card;

    fn found(frames: u32, cuts: &[u32]) -> Vec<(i64, f64)> {
        let mut rig = Rig::new(&DETECT_SHOT_CHANGES, &[]);
        for number in 0..frames {
            let shot = cuts.iter().filter(|cut| **cut <= number).count();
            let image = Message::Image(Arc::new(card(160, 120, number, shot)));
            rig.put("inbox", Message::list([i64::from(number).into(), image]));
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
        let pair = |message: &Message| match message {
            Message::List(pair) => (pair[0].as_number().unwrap_or(-1.0) as i64, pair[1].as_number().unwrap_or(0.0)),
            _ => (-1, 0.0),
        };
        rig.take("outbox").iter().map(pair).collect()
    }

    #[test]
    fn exactly_the_cuts_are_found_even_near_the_ends() {
        let cuts = [5, 50, 110, 118, 175, 244];
        let found = found(250, &cuts);
        assert_eq!(found.iter().map(|(number, _)| *number).collect::<Vec<_>>(), cuts.map(i64::from));
        assert!(found.iter().all(|(_, confidence)| *confidence > 0.9), "{found:?}");
    }

    #[test]
    fn no_cuts_are_found_in_a_video_without_cuts() {
        assert_eq!(found(60, &[]), []);
    }

    #[test]
    fn a_message_without_a_frame_number_crashes_it() {
        let mut rig = Rig::new(&DETECT_SHOT_CHANGES, &[]);
        rig.put("inbox", "x");
        rig.run();
        assert!(format!("{:?}", rig.state()).contains("TagWithSequenceNumber makes them"));
    }
}
