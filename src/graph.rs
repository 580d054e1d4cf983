//! How modules hang together.
