//! Tarballs from anybody.
