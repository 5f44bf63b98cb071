//! DockTab: the tabs of the panel below the canvas.

/// A tab of the panel below the canvas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DockTab {
    /// Lines of the console components.
    #[default]
    Console,
    /// What is wrong, and where.
    Problems,
    /// The last messages of the selected link.
    Messages,
    /// All components with their numbers.
    Components,
    /// Who worked and who waited in the last minute.
    Time,
}

impl DockTab {
    /// Every tab, in order.
    pub const ALL: [Self; 5] = [Self::Console, Self::Problems, Self::Messages, Self::Components, Self::Time];

    /// The text on the tab.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Console => "Console",
            Self::Problems => "Problems",
            Self::Messages => "Messages",
            Self::Components => "Components",
            Self::Time => "Time",
        }
    }
}
