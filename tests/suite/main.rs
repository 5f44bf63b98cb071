//! Tests of the product from outside. Each module tests one thing that a user or a contributor can notice.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that cannot continue must fail

mod app_rig;
mod architecture;
mod chassis;
mod cli;
mod cli_inputs;
mod cli_outputs;
mod contributing;
mod crash;
mod damaged_files;
mod end_to_end;
mod ends;
mod explore;
mod gestures;
mod http;
mod introspection;
mod journal;
mod keyboard;
mod keys_and_mouse;
mod manual;
mod panels;
mod plan;
mod projects;
mod recording;
mod rewire_live;
mod screens;
mod seeds;
mod servers;
mod silent_projects;
mod sound;
mod undo;
mod window_files;
