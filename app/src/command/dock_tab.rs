//! DockTab: the tabs of the panel below the canvas.

use crate::theme::icons::Icon;

/// Builds [`DockTab`] from one line for each tab. `panels/dock` draws the tabs; the compiler reports a tab that it does
/// not draw. The View menu and the command palette show every tab (see `table`).
macro_rules! tabs {
    ($($(#[$attribute:meta])* $name:ident => $title:literal, $tooltip:literal, $icon:expr;)*) => {
        /// A tab of the panel below the canvas.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum DockTab {
            $($(#[$attribute])* $name,)*
        }

        impl DockTab {
            /// Every tab, in order.
            pub const ALL: [Self; [$(Self::$name),*].len()] = [$(Self::$name),*];

            /// The text on the tab.
            pub const fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                }
            }

            /// One sentence: what the tab shows.
            pub const fn tooltip(self) -> &'static str {
                match self {
                    $(Self::$name => $tooltip,)*
                }
            }

            /// The picture in the menu.
            pub const fn icon(self) -> Icon {
                match self {
                    $(Self::$name => $icon,)*
                }
            }
        }
    };
}

tabs! {
    /// The lines that components print.
    #[default]
    Console => "Console", "Shows the console", Icon::Blank;
    /// The problems and their locations.
    Problems => "Problems", "Shows the problems and their locations", Icon::Warning;
    /// The last messages of the selected link.
    Messages => "Messages", "Shows the messages of the selected link", Icon::Message;
    /// A table of all components.
    Components => "Components", "Shows all components in a table", Icon::Blank;
    /// When components worked and waited in the last minute.
    Time => "Time", "Shows when components worked and waited", Icon::Blank;
}
