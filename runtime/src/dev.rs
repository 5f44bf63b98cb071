//! Everything that the code of a *component* imports.

pub use crate::component::io::{Service, Timed};
pub use crate::component::{
    BoxIo, BoxSpec, Category, Component, ComponentSpec, Fate, Fault, FullPolicy, Meeting, Outcome, Outside,
    OutsidePort, SendsFirst, ThreadIo, ThreadedComponent, build, build_threaded,
};
pub use crate::message::{ImageFrame, Kind, Message, SoundChunk};
pub use crate::params::{DefaultValue, ParamError, ParamKind, ParamSpec, Params};
pub use crate::resource::Resource;
pub use crate::surface::{GraphLink, GraphLinkKind, GraphNode, GraphNodeKind, PlotSeries, Surface};
