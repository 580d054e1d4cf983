//! The ways of going over all packages below a folder: `parse|facts|scan|scan-all|list FOLDER`.
//!
//! Every way reads all files into memory first, untimed, and prints `SECONDS CORE FILES BYTES`, where CORE is the time
//! that one thread had a core, or `SECONDS` where the system does not tell; `list` prints the packages and their files
//! as JSON, for the measurement in Node.
#![expect(clippy::print_stdout, reason = "the caller reads the result from standard output")]

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::Instant,
};

use anyhow::{Context as _, Result, bail};
use importguard::{
    facts::How,
    package::{File, Package},
    parse::assume_stack,
    report::Options,
};
use rayon::prelude::*;
use swc_common::BytePos;
use swc_ecma_parser::{EsSyntax, Parser, StringInput, Syntax, TsSyntax, lexer::Lexer};

/// As for the command line's own threads: deep sources need it.
const STACK: usize = 512 << 20;

pub(crate) fn measure() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let what = words.next().context("what to measure is missing")?;
    let folder = PathBuf::from(words.next().context("the folder is missing")?);
    let packages = packages(&folder)?;
    if what == "list" {
        let list: Vec<_> = packages.iter().map(|(folder, files)| (folder, files)).collect();
        println!("{}", serde_json::to_string(&list)?);
        return Ok(());
    }

    let packages: Vec<Package> = packages
        .iter()
        .map(|(folder, files)| read(folder, files))
        .collect::<Result<_>>()?;
    let code = || {
        packages
            .iter()
            .flat_map(|package| &package.files)
            .filter(|file| is_code(&file.path))
    };
    let (files, bytes) = code().fold((0, 0), |(files, bytes), file| (files + 1, bytes + file.bytes.len()));
    let (seconds, on_cpu) = thread::scope(|scope| {
        let work = || -> Result<(f64, f64)> {
            assume_stack(STACK);
            let (start, on_cpu) = (Instant::now(), on_core());
            match what.as_str() {
                "parse" => code().for_each(parse),
                "facts" => packages.iter().flat_map(|package| &package.files).for_each(facts),
                "scan" => packages.iter().for_each(scan),
                "scan-all" => {
                    let pool = rayon::ThreadPoolBuilder::new()
                        .stack_size(STACK)
                        .start_handler(|_| assume_stack(STACK))
                        .build()?;
                    pool.install(|| packages.par_iter().for_each(scan));
                }
                _ => bail!("`{what}` is not something to measure"),
            }
            let seconds = start.elapsed().as_secs_f64();
            let on_cpu = on_cpu.zip(on_core()).filter(|_| what != "scan-all");
            Ok((seconds, on_cpu.map_or(seconds, |(before, after)| after - before)))
        };
        let handle = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
        handle.join().unwrap_or_else(|_| bail!("the measurement panicked"))
    })?;
    println!("{seconds:.3} {on_cpu:.3} {files} {bytes}");
    Ok(())
}

/// The bare parse: the text to a tree as the file's name says, once, and nothing else.
fn parse(file: &File) {
    let text = String::from_utf8_lossy(&file.bytes);
    let syntax = if extension(&file.path).contains("ts") {
        Syntax::Typescript(TsSyntax {
            tsx: file.path.ends_with('x'),
            decorators: true,
            ..TsSyntax::default()
        })
    } else {
        Syntax::Es(EsSyntax {
            jsx: true,
            decorators: true,
            allow_return_outside_function: true,
            ..EsSyntax::default()
        })
    };
    let input = StringInput::new(&text, BytePos(1), BytePos(1 + text.len() as u32));
    let lexer = Lexer::new(syntax, swc_ecma_ast::EsVersion::latest(), input, None);
    drop(std::hint::black_box(Parser::new_from(lexer).parse_program()));
}

/// Seconds that this thread has had a core, where the system tells: other programs' work is not in it.
fn on_core() -> Option<f64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

fn facts(file: &File) {
    drop(std::hint::black_box(importguard::facts::collect(
        &file.path,
        &file.bytes,
        How::ByName,
    )));
}

fn scan(package: &Package) {
    drop(std::hint::black_box(importguard::scan(package, &Options::default())));
}

/// What has run-time code by its name; declarations have none.
fn is_code(path: &str) -> bool {
    let declarations = [".d.ts", ".d.mts", ".d.cts"]
        .iter()
        .any(|ending| path.ends_with(ending));
    ["js", "cjs", "mjs", "jsx", "ts", "cts", "mts", "tsx"].contains(&extension(path)) && !declarations
}

fn extension(path: &str) -> &str {
    Path::new(path)
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
}

fn read(folder: &Path, files: &[String]) -> Result<Package> {
    let read = |path: &String| -> Result<File> {
        let whole = folder.join(path);
        let bytes = fs::read(&whole).with_context(|| format!("cannot read {}", whole.display()))?;
        Ok(File {
            path: path.clone(),
            bytes,
        })
    };
    let files = files.iter().map(read).collect::<Result<_>>()?;
    Ok(Package {
        path: folder.display().to_string(),
        files,
        ..Package::default()
    })
}

/// Every package folder in a `node_modules` folder at any depth, with the paths of its own files.
fn packages(folder: &Path) -> Result<Vec<(PathBuf, Vec<String>)>> {
    let mut found = Vec::new();
    let mut modules = vec![folder.join("node_modules")];
    while let Some(parent) = modules.pop() {
        for package in children(&parent)? {
            let name = package.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with('@') {
                modules.push(package);
            } else if package.join("package.json").is_file() {
                let mut files = Vec::new();
                own_files(&package, &package, &mut files, &mut modules)?;
                found.push((package, files));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn own_files(package: &Path, folder: &Path, files: &mut Vec<String>, modules: &mut Vec<PathBuf>) -> Result<()> {
    for path in children(folder)? {
        if path.is_symlink() {
            continue;
        }
        if path.ends_with("node_modules") {
            modules.push(path);
        } else if path.is_dir() {
            own_files(package, &path, files, modules)?;
        } else {
            let inside = path.strip_prefix(package).unwrap_or(&path);
            files.push(inside.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

fn children(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
