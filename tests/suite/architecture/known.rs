//! Circles of files that are still in the tree. The list only ever gets shorter: an entry that is not needed any more
//! fails the test.

/// The files of each circle.
pub const CIRCLES: &[&[&str]] = &[
    &[
        "app/src/cli/check.rs",
        "app/src/cli/components.rs",
        "app/src/cli/diagnosis.rs",
        "app/src/cli/explore/mod.rs",
        "app/src/cli/explore/report.rs",
        "app/src/cli/interrupt.rs",
        "app/src/cli/mod.rs",
        "app/src/cli/prepare.rs",
        "app/src/cli/run.rs",
        "app/src/cli/window.rs",
    ],
    &[
        "app/src/panels/inspector.rs",
        "app/src/panels/inspector/composite.rs",
        "app/src/panels/inspector/frame.rs",
        "app/src/panels/inspector/node.rs",
        "app/src/panels/inspector/project.rs",
        "app/src/panels/inspector/wire.rs",
    ],
    &[
        "app/src/canvas/surface/diagram.rs",
        "app/src/canvas/surface/graph.rs",
        "app/src/canvas/surface/hands.rs",
        "app/src/canvas/surface/mod.rs",
        "app/src/canvas/surface/words.rs",
    ],
    &[
        "app/src/project/format/mod.rs",
        "app/src/project/format/read.rs",
        "app/src/project/format/read_node.rs",
        "app/src/project/format/write.rs",
        "app/src/project/migrate.rs",
    ],
    &[
        "app/src/canvas/gesture/linking.rs",
        "app/src/canvas/gesture/mod.rs",
        "app/src/canvas/gesture/moving.rs",
        "app/src/canvas/gesture/press.rs",
    ],
    &["app/src/canvas/minimap.rs", "app/src/canvas/state.rs"],
];
