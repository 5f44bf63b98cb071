//! FortuneCookieProtocol: sends one saying, letter by letter.

use std::time::Duration;

use compose_runtime::dev::*;

use crate::random::{Random, SEED, seed_in};

/// Description of FortuneCookieProtocol.
pub static FORTUNE_COOKIE_PROTOCOL: ComponentSpec = ComponentSpec {
    type_name: "FortuneCookieProtocol",
    category: Category::Network,
    summary: "Sends one saying, letter by letter, then finishes",
    docs: "Chooses one of `sayings` at random, or one of its own proverbs if the list is empty. It sends the saying \
           and a newline at `rate` characters a second, then finishes. `seed` makes the choice the same for all \
           clients; with 0, it depends on the client and on the seed of the run, so that a replay repeats it.\n\n\
           Example: SimpleServer with a FortuneCookieProtocol for each client; TCPClient into ConsoleEchoer.\n\n\
           Differs from the original: it does not need an external program for the sayings.",
    outboxes: &[BoxSpec::new("outbox", "The saying, one character per message").kinds(&[Kind::Bytes])],
    params: &[
        ParamSpec::list("sayings", "Sayings to choose from; empty for its own proverbs"),
        ParamSpec::float("rate", 0.1, 1.0e6, 40.0, "Sending speed").unit("characters/s"),
        SEED,
    ],
    build: build::<Fortune>,
    ..ComponentSpec::EMPTY
};

/// Proverbs, which are in the public domain.
const SAYINGS: &[&str] = &[
    "A journey of a thousand miles begins with a single step.",
    "Still waters run deep.",
    "Many hands make light work.",
    "Too many cooks spoil the broth.",
    "A stitch in time saves nine.",
    "Look before you leap.",
    "The early bird catches the worm.",
    "Where there is a will there is a way.",
    "Make hay while the sun shines.",
    "All that glitters is not gold.",
    "Rome was not built in a day.",
    "Practice makes perfect.",
];

struct Fortune {
    sayings: Vec<String>,
    pause: Duration,
    seed: u64,
}

impl Component for Fortune {
    fn new(params: &Params) -> Result<Self, ParamError> {
        let mut sayings: Vec<String> = params.list("sayings").iter().map(ToString::to_string).collect();
        if sayings.is_empty() {
            sayings = SAYINGS.iter().map(|saying| (*saying).to_owned()).collect();
        }
        let pause = Duration::from_secs_f64(params.float("rate").recip());
        Ok(Self { sayings, pause, seed: seed_in(params) })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        let index = Random::of(&io, self.seed).below(self.sayings.len());
        let saying = self.sayings.get(index).cloned().unwrap_or_default();
        for letter in saying.chars().chain(['\n']) {
            io.send("outbox", Message::bytes(letter.to_string())).await;
            io.sleep(self.pause).await;
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
    fn it_sends_one_saying_letter_by_letter_and_finishes() {
        let mut rig = Rig::new(&FORTUNE_COOKIE_PROTOCOL, &[]);
        rig.run_for(Duration::from_millis(249));
        assert_eq!(rig.waiting("outbox"), 10);
        rig.run();
        let said = rig.texts("outbox").concat();
        assert!(SAYINGS.contains(&said.trim_end()), "{said}");
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn without_a_seed_the_run_decides() {
        let say = || {
            let mut rig = Rig::new(&FORTUNE_COOKIE_PROTOCOL, &[]);
            rig.run();
            rig.texts("outbox").concat()
        };
        let said = say();
        assert!((0..9).all(|_| say() == said));
    }

    #[test]
    fn the_same_seed_gives_the_same_saying() {
        let say = |seed: i64| {
            let mut rig = Rig::new(&FORTUNE_COOKIE_PROTOCOL, &[("seed", seed.into())]);
            rig.run();
            rig.texts("outbox").concat()
        };
        assert_eq!(say(1), say(1));
        assert!((2..20).any(|seed| say(seed) != say(1)));
    }
}
