//! The first line of a recording: what was run, and how. Pure.

use compose_runtime::ids::BoxAddr;
use compose_runtime::scheduler::Policy;
use compose_runtime::topology::{ComponentBody, ComponentDesc, Topology};
use serde_json::{Map, Value, json};

use super::TapeError;
use super::value;

/// Name and version of the format.
const FORMAT: &str = "kamaelia-compose-recording/1";

/// What was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Name of the project, for people.
    pub project: String,
    /// What the project asked to run, as one number.
    pub fingerprint: String,
    /// How turns were given out.
    pub policy: Policy,
    /// Seed of everything that was chosen by chance.
    pub seed: u64,
    /// Project parameters that were given another value.
    pub settings: Vec<(String, String)>,
}

impl Header {
    /// As the first line.
    pub fn to_json(&self) -> Value {
        let settings: Map<String, Value> =
            self.settings.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        json!({
            "format": FORMAT,
            "version": env!("CARGO_PKG_VERSION"),
            "project": self.project,
            "fingerprint": self.fingerprint,
            "policy": self.policy.word(),
            "seed": self.seed,
            "settings": settings,
        })
    }

    /// From the first line, or what is wrong with it.
    pub fn from_json(line: &Value) -> Result<Self, String> {
        let text = |name: &str| line.get(name).and_then(Value::as_str).ok_or_else(|| format!("\"{name}\" is missing"));
        let format = text("format")?;
        if format != FORMAT {
            return Err(format!("its format is {format}, not {FORMAT}"));
        }
        let policy = text("policy")?;
        let settings = line.get("settings").and_then(Value::as_object).ok_or("\"settings\" is missing")?;
        let setting = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
        Ok(Self {
            project: text("project")?.to_owned(),
            fingerprint: text("fingerprint")?.to_owned(),
            policy: Policy::from_word(policy).ok_or_else(|| format!("there is no policy {policy}"))?,
            seed: line.get("seed").and_then(Value::as_u64).ok_or("\"seed\" is missing")?,
            settings: settings.iter().filter_map(setting).collect(),
        })
    }

    /// Refuses any other project than the one that was recorded.
    pub fn check_project(&self, title: &str, topology: &Topology) -> Result<(), TapeError> {
        let found = fingerprint(topology);
        if found == self.fingerprint {
            return Ok(());
        }
        let recorded = format!("{} ({})", self.project, self.fingerprint);
        let same = if title == self.project { "a changed version of it" } else { title };
        Err(TapeError::OtherProject { recorded, found: format!("{same} ({found})") })
    }
}

/// What a topology runs as one number, in hexadecimal: the same for the same components, settings and links.
pub fn fingerprint(topology: &Topology) -> String {
    let end = |addr: &BoxAddr| format!("{} {:?} {}", addr.component.0, addr.direction, addr.name);
    let links = topology.linkages.iter().map(|link| format!("{} -> {}", end(&link.from), end(&link.to)));
    let components = topology.components.iter().map(|(id, desc)| format!("{} {}", id.0, of_component(desc)));
    let mut hash = Fnv::default();
    for line in components.chain(links) {
        hash.add(line.as_bytes());
        hash.add(b"\n");
    }
    format!("{:016x}", hash.0)
}

fn of_component(desc: &ComponentDesc) -> Value {
    let body = match &desc.body {
        ComponentBody::Leaf { type_name, params } => {
            let params: Map<String, Value> =
                params.iter().map(|(name, setting)| (name.clone(), value::to_json(setting))).collect();
            json!({ "type": &**type_name, "params": params })
        }
        ComponentBody::Composite { inboxes, outboxes } => json!({ "inboxes": inboxes, "outboxes": outboxes }),
    };
    let limits: Vec<String> =
        desc.limits.iter().map(|(inbox, limit)| format!("{inbox} {:?} {:?}", limit.capacity, limit.policy)).collect();
    let (parent, restart) = (desc.parent.map(|id| id.0), format!("{:?}", desc.restart));
    json!({ "name": &*desc.name, "body": body, "parent": parent, "restart": restart, "limits": limits })
}

/// The hash of Fowler, Noll and Vo, 64 bits: small, and the same on every machine and in every version.
pub struct Fnv(pub u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Takes these bytes in.
    pub fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
