//! Measures with the allocator of the command line's own binary.

#[path = "bench/ways.rs"]
mod ways;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    ways::measure()
}
