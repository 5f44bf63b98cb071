//! DockTab: the tabs of the panel below the canvas.

use crate::theme::icons::Icon;

/// Makes [`DockTab`] out of one line for each tab. `panels/dock` draws the tabs; the compiler names one that it does not
/// draw. The View menu and the command palette show every tab (see `table`).
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
    /// Lines of the console components.
    #[default]
    Console => "Console", "Shows the console", Icon::Blank;
    /// What is wrong, and where.
    Problems => "Problems", "Shows what is wrong, and where", Icon::Warning;
    /// The last messages of the selected link.
    Messages => "Messages", "Shows the messages of a link", Icon::Message;
    /// All components with their numbers.
    Components => "Components", "Shows all components in a table", Icon::Blank;
    /// Who worked and who waited in the last minute.
    Time => "Time", "Shows who worked and who waited", Icon::Blank;
}
