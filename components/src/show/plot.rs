//! Plot: draws numbers over time.

use std::time::Duration;

use compose_runtime::dev::*;

/// The description.
pub static PLOT: ComponentSpec = ComponentSpec {
    type_name: "Plot",
    category: Category::DisplayAndInput,
    summary: "Draws numbers over time",
    docs: "\
Draws each number against its arrival time, over the last `window` seconds. A list of a name and a number, or a map \
from names to numbers, draws a separate line for each name, up to 16 lines. Text that contains a number counts as a \
number. If a line has more than 2 000 points, some are dropped. Other messages are ignored; the first one is reported \
on the console. When the input ends, the component finishes and the drawing stays.

Example: `LevelMeter.level` → `Plot.inbox`.

**New:** the original has no such component.",
    inboxes: &[BoxSpec::new("inbox", "Numbers, [name, number], or maps of numbers").kinds(&[
        Kind::Int,
        Kind::Float,
        Kind::List,
        Kind::Map,
        Kind::Text,
    ])],
    params: &[ParamSpec::float("window", 0.1, 86_400.0, 60.0, "Time span to show").unit("s")],
    has_surface: true,
    build: build::<Plot>,
    ..ComponentSpec::EMPTY
};

/// Maximum number of lines.
const MOST_SERIES: usize = 16;
/// Maximum number of points in one line.
const MOST_POINTS: usize = 2_000;
/// When many messages are waiting, the surface is updated once per this many messages.
const FLOOD: usize = 64;

/// The component.
pub struct Plot {
    window: Duration,
    series: Vec<PlotSeries>,
}

impl Component for Plot {
    fn new(params: &Params) -> Result<Self, ParamError> {
        Ok(Self { window: params.seconds("window"), series: Vec::new() })
    }

    async fn main(mut self, io: BoxIo) -> Outcome {
        self.show(&io);
        let (mut not_shown, mut has_complained) = (0, false);
        while let Some(message) = io.recv("inbox").await {
            let now = io.now();
            let is_drawn = numbers(&message).is_some_and(|numbers| {
                let count = numbers.len();
                count > 0 && numbers.into_iter().filter(|(name, value)| self.add(name, now, *value)).count() == count
            });
            if !is_drawn && !has_complained {
                has_complained = true;
                let got = message.label(40);
                io.note(&format!("cannot draw {got}; send numbers, with at most {MOST_SERIES} names"));
            }
            not_shown += 1;
            if io.depth("inbox") == 0 || not_shown >= FLOOD {
                self.show(&io);
                not_shown = 0;
            }
        }
        self.show(&io);
        Ok(())
    }
}

/// The named numbers in a message; `None` if it contains anything else.
fn numbers(message: &Message) -> Option<Vec<(String, f64)>> {
    match message {
        Message::Map(map) => map.iter().map(|(name, value)| Some((name.clone(), number(value)?))).collect(),
        Message::List(items) => match items.as_slice() {
            [name @ Message::Text(_), value] => Some(vec![(name.to_string(), number(value)?)]),
            [] => None,
            // A list of plain numbers: one line for each position.
            values => {
                let named = |(index, value)| Some((format!("{}", index + 1), number(value)?));
                values.iter().enumerate().map(named).collect()
            }
        },
        single => Some(vec![(String::new(), number(single)?)]),
    }
}

fn number(message: &Message) -> Option<f64> {
    let number = match message {
        Message::Text(text) => text.trim().parse().ok(),
        Message::Bool(value) => Some(f64::from(u8::from(*value))),
        Message::Time(time) => Some(time.as_secs_f64()),
        other => other.as_number(),
    };
    number.filter(|number: &f64| number.is_finite())
}

impl Plot {
    /// Adds a point; `false` if it would need a further line and there are already [`MOST_SERIES`].
    fn add(&mut self, name: &str, now: Duration, value: f64) -> bool {
        let point = [now.as_secs_f64(), value];
        if let Some(series) = self.series.iter_mut().find(|series| series.name == name) {
            series.points.push(point);
            if series.points.len() > MOST_POINTS {
                let mut keeps = false;
                series.points.retain(|_| {
                    keeps = !keeps;
                    keeps
                });
            }
            return true;
        }
        if self.series.len() == MOST_SERIES {
            return false;
        }
        self.series.push(PlotSeries { name: name.to_owned(), points: vec![point] });
        true
    }

    /// Drops points older than the window, except the newest of them: the line enters the window from there.
    fn forget(&mut self, now: Duration) {
        let from = now.saturating_sub(self.window).as_secs_f64();
        for series in &mut self.series {
            let hidden = series.points.partition_point(|[time, _]| *time < from);
            series.points.drain(..hidden.saturating_sub(1));
        }
    }

    fn show(&mut self, io: &BoxIo) {
        self.forget(io.now());
        io.show(Surface::Plot { series: self.series.clone(), window_s: self.window.as_secs_f64() });
    }
}

#[cfg(test)]
mod tests {
    use compose_runtime::introspect::snapshot::State;
    use compose_runtime::testing::Rig;

    use super::*;

    fn series(rig: &Rig) -> Vec<(String, Vec<f64>)> {
        match rig.surface() {
            Some(Surface::Plot { series, .. }) => series
                .into_iter()
                .map(|series| (series.name, series.points.into_iter().map(|[_, value]| value).collect()))
                .collect(),
            other => panic!("{other:?} is not a plot"),
        }
    }

    fn plotted(messages: &[Message]) -> (Vec<(String, Vec<f64>)>, usize) {
        let mut rig = Rig::new(&PLOT, &[]);
        for message in messages {
            rig.put("inbox", message.clone());
        }
        rig.finish();
        rig.run();
        assert_eq!(rig.state(), State::Finished);
        (series(&rig), rig.console().len())
    }

    #[test]
    fn numbers_of_every_form_are_drawn() {
        let pair = Message::list(["b".into(), Message::Int(3)]);
        let map = Message::map([("b", Message::Float(4.5)), ("c", Message::Int(5))]);
        let (series, complaints) = plotted(&[Message::Int(1), "2.5".into(), pair, map]);
        let expected = [("", vec![1.0, 2.5]), ("b", vec![3.0, 4.5]), ("c", vec![5.0])];
        assert_eq!(series, expected.map(|(name, values)| (name.to_owned(), values)));
        assert_eq!(complaints, 0);
    }

    #[test]
    fn other_messages_are_ignored_and_reported_once() {
        let (series, complaints) = plotted(&["x".into(), Message::Float(f64::NAN), Message::list([]), Message::Int(1)]);
        assert_eq!(series, [(String::new(), vec![1.0])]);
        assert_eq!(complaints, 1);
    }

    #[test]
    fn points_older_than_the_window_are_dropped_except_the_last() {
        let mut plot = Plot { window: Duration::from_secs(10), series: Vec::new() };
        for second in [0, 4, 8, 12, 20] {
            plot.add("", Duration::from_secs(second), 1.0);
        }
        plot.forget(Duration::from_secs(20));
        let times: Vec<f64> = plot.series.iter().flat_map(|series| &series.points).map(|point| point[0]).collect();
        assert_eq!(times, [8.0, 12.0, 20.0]);
    }

    #[test]
    fn lines_and_points_are_bounded() {
        let mut plot = Plot { window: Duration::from_mins(1), series: Vec::new() };
        for index in 0..10_000 {
            plot.add(&format!("{}", index % 40), Duration::from_millis(index), 1.0);
            plot.add("0", Duration::from_millis(index), 1.0);
        }
        assert_eq!(plot.series.len(), MOST_SERIES);
        assert!(plot.series.iter().all(|series| series.points.len() <= MOST_POINTS));
    }
}
