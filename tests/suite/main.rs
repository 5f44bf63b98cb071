//! The list of what is tested from outside: each module is one thing a user or a contributor could notice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod app_rig;
mod architecture;
mod contributing;
mod panels;
mod undo;
mod window_files;
