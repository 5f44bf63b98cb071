//! The first line of a recording: what was run, and how. Pure.

use compose_runtime::ids::BoxAddr;
use compose_runtime::scheduler::Policy;
use compose_runtime::topology::{ComponentBody, ComponentDesc, Topology};
use serde_json::{Map, Value, json};

use super::error::{LineError, TapeError};
use super::fields::{Read, map, number, text, wrong_type};
use super::value;
use super::version::FORMAT;

/// What was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Name of the project, for people.
    pub project: String,
    /// Hash of everything that ran; see [`fingerprint`].
    pub fingerprint: String,
    /// The scheduling policy.
    pub policy: Policy,
    /// Seed of all random choices.
    pub seed: u64,
    /// Project parameters that were set on the command line.
    pub settings: Vec<(String, String)>,
}

impl Header {
    /// The first line of the file.
    pub fn to_json(&self) -> Value {
        let settings: Map<String, Value> =
            self.settings.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        json!({
            "format": FORMAT,
            "version": env!("CARGO_PKG_VERSION"),
            "project": self.project,
            "fingerprint": self.fingerprint,
            "policy": self.policy.name(),
            "seed": self.seed,
            "settings": settings,
        })
    }

    /// Reads the first line of the file.
    pub fn from_json(line: &Value) -> Read<Self> {
        let format = text(line, "format")?;
        if format != FORMAT {
            return Err(LineError::OtherFormat(format.to_owned()));
        }
        let name = text(line, "policy")?;
        let unknown = || LineError::UnknownValue { key: "policy", found: name.to_owned() };
        let settings = map(line, "settings")?;
        let setting = |(name, value): (&String, &Value)| match value.as_str() {
            Some(value) => Ok((name.clone(), value.to_owned())),
            None => Err(wrong_type(name, "text")),
        };
        Ok(Self {
            project: text(line, "project")?.to_owned(),
            fingerprint: text(line, "fingerprint")?.to_owned(),
            policy: Policy::from_name(name).ok_or_else(unknown)?,
            seed: number(line, "seed")?,
            settings: settings.iter().map(setting).collect::<Read<_>>()?,
        })
    }

    /// Refuses every project except the one that was recorded.
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

/// Hash of a topology, in hexadecimal: equal for equal components, settings and links.
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

/// The 64-bit FNV-1a hash: small, and the same on every machine and in every version.
pub struct Fnv(pub u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Adds these bytes to the hash.
    pub fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
