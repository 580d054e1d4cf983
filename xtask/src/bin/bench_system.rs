//! Measures with the system's allocator: what a parse costs whoever just calls the parser.

#[path = "bench/ways.rs"]
mod ways;

fn main() -> anyhow::Result<()> {
    ways::measure()
}
