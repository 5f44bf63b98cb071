//! FortuneCookieProtocol: one saying, letter by letter.

use std::time::Duration;

use compose_runtime::dev::*;

/// Description of FortuneCookieProtocol.
pub static FORTUNE_COOKIE_PROTOCOL: ComponentSpec = ComponentSpec {
    type_name: "FortuneCookieProtocol",
    category: Category::Network,
    summary: "Says one saying, letter by letter, then closes",
    docs: "Chooses one of `sayings` by chance, or of its own if there are none, and sends it with a newline at `rate` \
           characters a second. Chance begins with `seed`; 0 takes another one in each run and for each client.\n\n\
           Example: SimpleServer with a FortuneCookieProtocol for each client; TCPClient into ConsoleEchoer.\n\n\
           Differs from the original: it needs no program for the sayings.",
    outboxes: &[BoxSpec::new("outbox", "The saying in pieces").kinds(&[Kind::Bytes])],
    params: &[
        ParamSpec::list("sayings", "What may be said; empty for its own proverbs"),
        ParamSpec::float("rate", 0.1, 1.0e6, 40.0, "How fast").unit("characters/s"),
        ParamSpec::count("seed", 0, "Where chance begins; 0 for anywhere"),
    ],
    build: build::<Fortune>,
    ..ComponentSpec::EMPTY
};

/// Proverbs: nobody's property.
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
        Ok(Self { sayings, pause, seed: params.int("seed") as u64 })
    }

    async fn main(self, io: BoxIo) -> Outcome {
        // Every client's component has a number of its own; a hasher of the library adds what differs between runs.
        let chance = match self.seed {
            0 => std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), format!("{:?}", io.id())),
            seed => seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 7,
        };
        let place = (chance % self.sayings.len().max(1) as u64) as usize;
        let saying = self.sayings.get(place).cloned().unwrap_or_default();
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
    fn one_saying_comes_letter_by_letter_and_it_closes() {
        let mut rig = Rig::new(&FORTUNE_COOKIE_PROTOCOL, &[]);
        rig.run_for(Duration::from_millis(249));
        assert_eq!(rig.waiting("outbox"), 10);
        rig.run();
        let said = rig.texts("outbox").concat();
        assert!(SAYINGS.contains(&said.trim_end()), "{said}");
        assert_eq!(rig.state(), State::Finished);
    }

    #[test]
    fn the_same_seed_says_the_same() {
        let say = |seed: i64| {
            let mut rig = Rig::new(&FORTUNE_COOKIE_PROTOCOL, &[("seed", seed.into())]);
            rig.run();
            rig.texts("outbox").concat()
        };
        assert_eq!(say(1), say(1));
        assert!((2..20).any(|seed| say(seed) != say(1)));
    }
}
