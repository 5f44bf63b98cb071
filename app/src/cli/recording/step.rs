//! The steps of a recording as JSON: the changes that another thread made during the run. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use compose_runtime::command::Step;
use compose_runtime::component::FullPolicy;
use compose_runtime::ids::{BoxAddr, ComponentId, Direction};
use compose_runtime::message::Message;
use compose_runtime::template::Template;
use compose_runtime::topology::{ComponentBody, ComponentDesc, InboxLimit, LinkageDesc, RestartPolicy, Topology};
use serde_json::{Map, Value, json};

use super::error::LineError;
use super::fields::{Read, count, field, list, map, number, text, texts};
use super::value;

/// The names of both enumerations, for writing and reading.
const POLICIES: [(FullPolicy, &str); 4] = [
    (FullPolicy::Block, "block"),
    (FullPolicy::DropOldest, "drop oldest"),
    (FullPolicy::DropNewest, "drop newest"),
    (FullPolicy::Fail, "fail"),
];
const RESTARTS: [(RestartPolicy, &str); 2] =
    [(RestartPolicy::Never, "never"), (RestartPolicy::OnFailure, "on failure")];

/// The step as JSON.
pub fn to_json(step: &Step) -> Value {
    match step {
        Step::Start { id, desc } => json!({ "start": id.0, "as": of_desc(desc) }),
        Step::Stop { id } => json!({ "stop": id.0 }),
        Step::Restart { id, desc } => json!({ "restart": id.0, "as": of_desc(desc) }),
        Step::Configure { id, params } => json!({ "configure": id.0, "params": of_values(params) }),
        Step::Describe { id, desc } => json!({ "describe": id.0, "as": of_desc(desc) }),
        Step::Link { linkage } => json!({ "link": of_link(linkage) }),
        Step::Unlink { linkage } => json!({ "unlink": of_link(linkage) }),
        Step::Limit { inbox, limit } => json!({ "limit": of_box(inbox), "to": of_limit(*limit) }),
        Step::SetTemplate { name, template } => {
            json!({ "template": &**name, "is": template.as_ref().map(|template| of_template(template)) })
        }
    }
}

/// The step that [`to_json`] wrote.
pub fn from_json(value: &Value) -> Read<Step> {
    let has = |name: &str| value.get(name).is_some();
    let id = |name: &str| number(value, name).map(ComponentId);
    let described = || desc(field(value, "as")?);
    if has("start") {
        Ok(Step::Start { id: id("start")?, desc: described()? })
    } else if has("stop") {
        Ok(Step::Stop { id: id("stop")? })
    } else if has("restart") {
        Ok(Step::Restart { id: id("restart")?, desc: described()? })
    } else if has("configure") {
        Ok(Step::Configure { id: id("configure")?, params: values(value, "params")? })
    } else if has("describe") {
        Ok(Step::Describe { id: id("describe")?, desc: described()? })
    } else if has("link") {
        Ok(Step::Link { linkage: link(field(value, "link")?)? })
    } else if has("unlink") {
        Ok(Step::Unlink { linkage: link(field(value, "unlink")?)? })
    } else if has("limit") {
        Ok(Step::Limit { inbox: address(field(value, "limit")?)?, limit: limit(field(value, "to")?)? })
    } else {
        let template = match field(value, "is")? {
            Value::Null => None,
            template => Some(Arc::new(self::template(template)?)),
        };
        Ok(Step::SetTemplate { name: text(value, "template")?.into(), template })
    }
}

fn name_of<T: Copy + PartialEq>(names: &[(T, &'static str)], wanted: T) -> &'static str {
    names.iter().find(|(value, _)| *value == wanted).map_or("", |(_, name)| name)
}

/// The value whose name is under a key.
fn named<T: Copy>(names: &[(T, &'static str)], value: &Value, key: &'static str) -> Read<T> {
    let wanted = text(value, key)?;
    let found = names.iter().find(|(_, name)| *name == wanted).map(|(value, _)| *value);
    found.ok_or_else(|| LineError::UnknownValue { key, found: wanted.to_owned() })
}

fn of_values(values: &BTreeMap<String, Message>) -> Value {
    values.iter().map(|(name, message)| (name.clone(), value::to_json(message))).collect::<Map<_, _>>().into()
}

fn values(value: &Value, key: &str) -> Read<BTreeMap<String, Message>> {
    map(value, key)?.iter().map(|(name, message)| Ok((name.clone(), value::from_json(message)?))).collect()
}

fn of_box(addr: &BoxAddr) -> Value {
    json!({ "of": addr.component.0, addr.direction.name(): &*addr.name })
}

fn address(value: &Value) -> Read<BoxAddr> {
    let component = ComponentId(number(value, "of")?);
    let direction = if value.get("inbox").is_some() { Direction::Inbox } else { Direction::Outbox };
    Ok(BoxAddr { component, direction, name: text(value, direction.name())?.into() })
}

fn of_link(link: &LinkageDesc) -> Value {
    json!({ "from": of_box(&link.from), "to": of_box(&link.to) })
}

fn link(value: &Value) -> Read<LinkageDesc> {
    Ok(LinkageDesc { from: address(field(value, "from")?)?, to: address(field(value, "to")?)? })
}

fn of_limit(limit: InboxLimit) -> Value {
    json!({ "capacity": limit.capacity, "policy": name_of(&POLICIES, limit.policy) })
}

fn limit(value: &Value) -> Read<InboxLimit> {
    let capacity = match field(value, "capacity")? {
        Value::Null => None,
        _ => Some(count(value, "capacity")?),
    };
    Ok(InboxLimit { capacity, policy: named(&POLICIES, value, "policy")? })
}

fn of_desc(desc: &ComponentDesc) -> Value {
    let body = match &desc.body {
        ComponentBody::Leaf { type_name, params } => json!({ "type": &**type_name, "params": of_values(params) }),
        ComponentBody::Composite { inboxes, outboxes } => json!({ "inboxes": inboxes, "outboxes": outboxes }),
    };
    let limits: Map<String, Value> = desc.limits.iter().map(|(name, limit)| (name.clone(), of_limit(*limit))).collect();
    let (parent, restart) = (desc.parent.map(|id| id.0), name_of(&RESTARTS, desc.restart));
    json!({ "name": &*desc.name, "body": body, "parent": parent, "restart": restart, "limits": limits })
}

fn desc(value: &Value) -> Read<ComponentDesc> {
    let body = field(value, "body")?;
    let body = if body.get("type").is_some() {
        ComponentBody::Leaf { type_name: text(body, "type")?.into(), params: values(body, "params")? }
    } else {
        ComponentBody::Composite { inboxes: texts(body, "inboxes")?, outboxes: texts(body, "outboxes")? }
    };
    let parent = match field(value, "parent")? {
        Value::Null => None,
        _ => Some(ComponentId(number(value, "parent")?)),
    };
    let limits: Read<_> = map(value, "limits")?.iter().map(|(name, value)| Ok((name.clone(), limit(value)?))).collect();
    let restart = named(&RESTARTS, value, "restart")?;
    Ok(ComponentDesc { name: text(value, "name")?.into(), body, parent, restart, limits: limits? })
}

fn of_template(template: &Template) -> Value {
    let graph = &template.graph;
    let components: Vec<Value> =
        graph.components.iter().map(|(id, desc)| json!({ "id": id.0, "as": of_desc(desc) })).collect();
    let links: Vec<Value> = graph.linkages.iter().map(of_link).collect();
    let inner = graph.templates.iter().map(|(name, template)| (name.to_string(), of_template(template)));
    json!({
        "inboxes": template.inboxes,
        "outboxes": template.outboxes,
        "values": of_values(&template.values),
        "code": template.code.iter().map(|(id, setting)| json!({ "id": id.0, "setting": setting })).collect::<Vec<_>>(),
        "components": components,
        "links": links,
        "templates": inner.collect::<Map<_, _>>(),
    })
}

fn template(value: &Value) -> Read<Template> {
    let component = |value: &Value| Ok((ComponentId(number(value, "id")?), desc(field(value, "as")?)?));
    let inner: Read<_> = map(value, "templates")?
        .iter()
        .map(|(name, value)| Ok((Arc::from(name.as_str()), Arc::new(template(value)?))))
        .collect();
    let graph = Topology {
        components: list(value, "components", component)?.into_iter().collect(),
        linkages: list(value, "links", link)?.into_iter().collect(),
        templates: inner?,
    };
    let (inboxes, outboxes) = (texts(value, "inboxes")?, texts(value, "outboxes")?);
    let code_setting = |value: &Value| Ok((ComponentId(number(value, "id")?), text(value, "setting")?.to_owned()));
    // Older recordings have no such list.
    let code = if value.get("code").is_some() { list(value, "code", code_setting)? } else { Vec::new() };
    let code = code.into_iter().collect();
    Ok(Template { inboxes, outboxes, graph, values: values(value, "values")?, code })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub mod tests {
    use proptest::prelude::*;

    use super::super::value::tests::messages;
    use super::*;

    fn ids() -> impl Strategy<Value = ComponentId> {
        any::<u64>().prop_map(ComponentId)
    }

    fn addresses() -> impl Strategy<Value = BoxAddr> {
        (ids(), any::<(bool, String)>()).prop_map(|(id, (is_inbox, name))| {
            if is_inbox { BoxAddr::inbox(id, name) } else { BoxAddr::outbox(id, name) }
        })
    }

    fn links() -> impl Strategy<Value = LinkageDesc> {
        (addresses(), addresses()).prop_map(|(from, to)| LinkageDesc { from, to })
    }

    fn limits() -> impl Strategy<Value = InboxLimit> {
        (any::<Option<u32>>(), prop::sample::select(POLICIES.as_slice()))
            .prop_map(|(capacity, (policy, _))| InboxLimit { capacity: capacity.map(|count| count as usize), policy })
    }

    fn settings() -> impl Strategy<Value = BTreeMap<String, Message>> {
        prop::collection::btree_map(any::<String>(), messages(), 0..3)
    }

    fn descs() -> impl Strategy<Value = ComponentDesc> {
        let body = prop_oneof![
            (any::<String>(), settings())
                .prop_map(|(name, params)| ComponentBody::Leaf { type_name: name.into(), params }),
            any::<(Vec<String>, Vec<String>)>()
                .prop_map(|(inboxes, outboxes)| ComponentBody::Composite { inboxes, outboxes }),
        ];
        let limits = prop::collection::btree_map(any::<String>(), limits(), 0..3);
        let restart = prop::sample::select(RESTARTS.as_slice());
        (any::<String>(), body, prop::option::of(ids()), restart, limits).prop_map(
            |(name, body, parent, (restart, _), limits)| ComponentDesc {
                name: name.into(),
                body,
                parent,
                restart,
                limits,
            },
        )
    }

    fn templates() -> impl Strategy<Value = Template> {
        let components = prop::collection::btree_map(ids(), descs(), 0..3);
        let links = prop::collection::btree_set(links(), 0..3);
        let code = prop::collection::btree_set((ids(), any::<String>()), 0..3);
        (any::<(Vec<String>, Vec<String>)>(), components, links, settings(), code).prop_map(
            |((inboxes, outboxes), components, linkages, values, code)| {
                let graph = Topology { components, linkages, ..Topology::default() };
                let inner = Template { graph: graph.clone(), ..Template::default() };
                let graph = Topology { templates: [("inner".into(), Arc::new(inner))].into(), ..graph };
                Template { inboxes, outboxes, graph, values, code }
            },
        )
    }

    /// Every kind of step.
    pub fn steps() -> impl Strategy<Value = Step> {
        prop_oneof![
            (ids(), descs()).prop_map(|(id, desc)| Step::Start { id, desc }),
            ids().prop_map(|id| Step::Stop { id }),
            (ids(), descs()).prop_map(|(id, desc)| Step::Restart { id, desc }),
            (ids(), settings()).prop_map(|(id, params)| Step::Configure { id, params }),
            (ids(), descs()).prop_map(|(id, desc)| Step::Describe { id, desc }),
            links().prop_map(|linkage| Step::Link { linkage }),
            links().prop_map(|linkage| Step::Unlink { linkage }),
            (addresses(), limits()).prop_map(|(inbox, limit)| Step::Limit { inbox, limit }),
            (any::<String>(), prop::option::of(templates()))
                .prop_map(|(name, template)| Step::SetTemplate { name: name.into(), template: template.map(Arc::new) }),
        ]
    }

    proptest! {
        #[test]
        fn every_step_survives_a_round_trip(step in steps()) {
            let text = to_json(&step).to_string();
            let back = from_json(&serde_json::from_str(&text).unwrap()).unwrap();
            prop_assert_eq!(format!("{back:?}"), format!("{step:?}"));
        }
    }
}
