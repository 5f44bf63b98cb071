//! The table of dependencies in ARCHITECTURE.md, section 2, as rules about paths.

use compose_structure::rules::Rule;

/// The window libraries.
const EGUI: &str = "egui";
const EFRAME: &str = "eframe";

/// One rule for each row, in the order of the page.
pub const RULES: &[Rule] = &[
    Rule {
        row: "runtime",
        modules: &["compose_runtime"],
        must_not: &[EGUI, EFRAME, "serde", "serde_json", "compose_components", "compose_app"],
        ..Rule::EMPTY
    },
    Rule {
        row: "runtime::{ids, message, params, topology, command, surface, introspect::snapshot}",
        modules: &[
            "compose_runtime::ids",
            "compose_runtime::message",
            "compose_runtime::params",
            "compose_runtime::topology",
            "compose_runtime::command",
            "compose_runtime::surface",
            "compose_runtime::introspect::snapshot",
        ],
        must_not: &[
            "compose_runtime::scheduler",
            "compose_runtime::delivery",
            "compose_runtime::handle",
            "compose_runtime::builder",
        ],
        ..Rule::EMPTY
    },
    Rule {
        row: "runtime::delivery",
        modules: &["compose_runtime::delivery"],
        must_not: &[
            "compose_runtime::component",
            "compose_runtime::scheduler",
            "compose_runtime::handle",
            "compose_runtime::process",
            "compose_runtime::cluster",
        ],
        ..Rule::EMPTY
    },
    Rule {
        row: "components",
        modules: &["compose_components"],
        must_not: &[EGUI, EFRAME, "compose_app", "petgraph"],
        ..Rule::EMPTY
    },
    Rule {
        row: "app::document",
        modules: &["compose_app::document"],
        must_not: &[
            EGUI,
            EFRAME,
            "std::thread",
            "std::fs",
            "std::net",
            "std::process",
            "std::sync::mpsc",
            "std::sync::Mutex",
            "crossbeam_channel",
            "crossbeam",
        ],
        may_only: &[
            "petgraph",
            "thiserror",
            "serde::Deserialize",
            "serde::Deserializer",
            "serde::Serialize",
            "serde::Serializer",
            "serde::de::Error",
            "serde_json::Map",
            "serde_json::Value",
            "compose_runtime::component",
            "compose_runtime::ids",
            "compose_runtime::introspect::findings",
            "compose_runtime::message",
            "compose_runtime::params",
            "compose_runtime::registry",
            "compose_runtime::substitute",
            "compose_runtime::topology",
        ],
        ..Rule::EMPTY
    },
    Rule {
        row: "app::project",
        modules: &["compose_app::project"],
        must_not: &[EGUI, EFRAME, "compose_app::live", "compose_app::canvas", "compose_app::panels"],
        may_only: &[
            "compose_app::document",
            "crc32fast",
            "compose_runtime::component",
            "compose_runtime::ids",
            "compose_runtime::message",
            "compose_runtime::params",
            "compose_runtime::registry",
            "compose_runtime::substitute",
            "compose_runtime::topology",
            "directories",
            "include_dir",
            "serde",
            "serde_json",
            "tempfile",
            "thiserror",
        ],
        ..Rule::EMPTY
    },
    Rule {
        row: "app::journal",
        modules: &["compose_app::journal"],
        must_not: &[EGUI, EFRAME, "compose_app::live", "compose_app::canvas", "compose_app::panels"],
        ..Rule::EMPTY
    },
    Rule {
        row: "app::live",
        modules: &["compose_app::live"],
        must_not: &[EGUI, EFRAME, "compose_app::canvas", "compose_app::panels", "std::fs", "tempfile"],
        may_only: &["compose_app::document", "compose_app::wording", "compose_runtime", "thiserror"],
        ..Rule::EMPTY
    },
    Rule {
        row: "app::workspace",
        modules: &["compose_app::workspace"],
        must_not: &[
            EGUI,
            EFRAME,
            "compose_app::canvas",
            "compose_app::panels",
            "compose_app::command",
            "compose_app::dispatch",
            "compose_app::view_state",
        ],
        ..Rule::EMPTY
    },
    Rule {
        row: "app::command",
        modules: &["compose_app::command"],
        must_not: &[
            EFRAME,
            "compose_runtime::handle",
            "compose_app::live",
            "compose_app::project",
            "compose_app::canvas",
            "compose_app::panels",
            "compose_app::dispatch",
            "std::fs",
            "tempfile",
        ],
        may_only: &[
            "egui::Key",
            "egui::KeyboardShortcut",
            "egui::Modifiers",
            "serde",
            "compose_app::document",
            "compose_app::theme::icons",
            "compose_app::theme::tokens",
            "compose_runtime::command",
            "compose_runtime::component::Category",
            "compose_runtime::component::spec",
            "compose_runtime::message",
        ],
        ..Rule::EMPTY
    },
    Rule {
        row: "app::session",
        modules: &["compose_app::session"],
        must_not: &[
            EGUI,
            EFRAME,
            "compose_app::document",
            "compose_app::live",
            "compose_app::canvas",
            "compose_app::panels",
            "compose_app::dispatch",
        ],
        ..Rule::EMPTY
    },
    Rule {
        row: "app::{canvas, panels, theme}",
        modules: &["compose_app::canvas", "compose_app::panels", "compose_app::theme"],
        must_not: &["compose_runtime::handle", "compose_app::dispatch", "std::fs", "tempfile"],
        may_only: &[
            EGUI,
            "egui_commonmark",
            "egui_extras",
            "serde",
            "serde_json",
            "thiserror",
            "compose_app::command",
            "compose_app::document",
            "compose_app::fuzzy",
            "compose_app::journal",
            "compose_app::live::view",
            "compose_app::live::console",
            "compose_app::live::notice",
            "compose_app::live::rates",
            "compose_app::session",
            "compose_app::wording",
            "compose_app::workspace::findings",
            "compose_runtime::command",
            "compose_runtime::component",
            "compose_runtime::ids",
            "compose_runtime::introspect",
            "compose_runtime::message",
            "compose_runtime::params",
            "compose_runtime::registry",
            "compose_runtime::substitute",
            "compose_runtime::surface",
            "compose_runtime::topology",
        ],
        ..Rule::EMPTY
    },
    Rule {
        row: "app::view_state",
        modules: &["compose_app::view_state"],
        must_not: &[
            EGUI,
            EFRAME,
            "compose_runtime::handle",
            "compose_app::workspace",
            "compose_app::live",
            "compose_app::dispatch",
            "std::fs",
            "tempfile",
        ],
        ..Rule::EMPTY
    },
    Rule {
        row: "app::dispatch",
        modules: &["compose_app::dispatch"],
        must_not: &[
            "egui::Ui",
            "egui::Painter",
            "egui::Shape",
            "egui::Area",
            "egui::Window",
            "egui::Response",
            "egui::Widget",
            "egui::epaint",
            "compose_app::canvas::paint",
            "compose_app::theme::widgets",
        ],
        ..Rule::EMPTY
    },
    Rule {
        row: "app::app",
        modules: &["compose_app::app"],
        must_not: &["compose_runtime::handle", "std::thread", "std::fs", "tempfile"],
        ..Rule::EMPTY
    },
    Rule {
        row: "app::cli",
        modules: &["compose_app::cli"],
        must_not: &[
            EGUI,
            EFRAME,
            "compose_app::canvas",
            "compose_app::panels",
            "compose_app::command",
            "compose_app::dispatch",
            "compose_app::view_state",
            "compose_app::workspace",
        ],
        ..Rule::EMPTY
    },
    Rule {
        row: "app::{fuzzy, wording}",
        modules: &["compose_app::fuzzy", "compose_app::wording"],
        must_not: &[EGUI, EFRAME, "compose_runtime", "compose_components"],
        may_only: &["nucleo_matcher"],
        ..Rule::EMPTY
    },
];

/// Rules for modules within one row, which the page does not list. The layers of the runtime are in `layers`.
pub const WITHIN_ROWS: &[Rule] = &[
    Rule { row: "app::canvas", modules: &["compose_app::canvas"], must_not: &["compose_app::panels"], ..Rule::EMPTY },
    Rule {
        row: "app::theme",
        modules: &["compose_app::theme"],
        must_not: &["compose_app::canvas", "compose_app::panels", "compose_app::command", "compose_app::live"],
        ..Rule::EMPTY
    },
];
