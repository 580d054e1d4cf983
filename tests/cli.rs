//! The real program on small folders: what it finds, what it prints, how it ends.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "cli/folder.rs"]
mod folder;
#[path = "cli/layouts.rs"]
mod layouts;
#[path = "cli/name.rs"]
mod name;
#[path = "cli/output.rs"]
mod output;
#[path = "cli/policy.rs"]
mod policy;
#[path = "cli/registry.rs"]
mod registry;
#[path = "cli/status.rs"]
mod status;
