//! What is known of packages from outside their files: pure functions over bytes that a host brings.

pub mod names;
