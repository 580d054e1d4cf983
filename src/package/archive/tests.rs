//! Archives as `tar` writes them, as nobody should write them, and broken ones.

use std::io::Write;

use flate2::{Compression, GzBuilder, write::GzEncoder};

use super::*;

fn header(path: &str, flag: u8, size: usize, link: &str) -> Vec<u8> {
    let mut block = vec![0; BLOCK];
    block[..path.len()].copy_from_slice(path.as_bytes());
    block[100..107].copy_from_slice(b"0000644");
    block[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    block[156] = flag;
    block[157..157 + link.len()].copy_from_slice(link.as_bytes());
    block[257..263].copy_from_slice(b"ustar\0");
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    block
}

fn entry(path: &str, flag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = header(path, flag, content.len(), "");
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    bytes
}

fn tar(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = entries.concat();
    bytes.resize(bytes.len() + 2 * BLOCK, 0);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn open(bytes: &[u8]) -> (Vec<(String, String)>, Vec<String>) {
    let package = unpack(bytes, &Limits::default()).unwrap();
    let files = package
        .files
        .into_iter()
        .map(|file| (file.path, String::from_utf8_lossy(&file.bytes).into_owned()));
    (
        files.collect(),
        package
            .issues
            .into_iter()
            .map(|issue| format!("{}: {}", issue.file, issue.message))
            .collect(),
    )
}

fn pair(path: &str, content: &str) -> (String, String) {
    (path.to_owned(), content.to_owned())
}

#[test]
fn packed_and_plain_long_names_and_pax() {
    let long = format!("package/{}/x.js", "d".repeat(120));
    let pax = "26 path=package/päx/y.js\n13 size=0002\n";
    let archive = tar(&[
        entry("package/", b'5', b""),
        entry("package/a.js", b'0', b"a"),
        entry("././@LongLink", b'L', format!("{long}\0").as_bytes()),
        entry("package/short", b'0', b"x"),
        entry("pax", b'x', pax.as_bytes()),
        entry("package/other", b'0', b"yy"),
        entry("package/old", 0, &[b'o'; 600]),
    ]);
    let expected = vec![
        pair("a.js", "a"),
        pair(&format!("{}/x.js", "d".repeat(120)), "x"),
        pair("old", &"o".repeat(600)),
        pair("päx/y.js", "yy"),
    ];
    for bytes in [
        archive.clone(),
        gzip(&archive),
        [gzip(&archive[..700]), gzip(&archive[700..])].concat(),
    ] {
        assert_eq!(open(&bytes), (expected.clone(), vec![]));
    }
}

#[test]
fn integrity_is_npms() {
    assert!(integrity(b"").starts_with(
        "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="
    ));
}

#[test]
fn hostile_entries_are_refused_and_said() {
    let mut link = header("package/link", b'2', 0, "/etc/passwd");
    link.resize(BLOCK, 0);
    let archive = tar(&[
        entry("package/good.js", b'0', b"1"),
        entry("package/../../x.js", b'0', b"2"),
        entry("/package/abs.js", b'0', b"3"),
        link,
        entry("package/pipe", b'6', b""),
        entry("package/sparse", b'S', b"4"),
        entry("package/good.js", b'0', b"5"),
        entry("package/Good.js", b'0', b"6"),
        entry("top.js", b'0', b"7"),
    ]);
    let (files, issues) = open(&gzip(&archive));
    assert_eq!(files, [pair("Good.js", "6"), pair("abs.js", "3"), pair("good.js", "5")]);
    let starts = [
        "package/../../x.js: a path that leads out",
        "/package/abs.js: an absolute path",
        "package/link: a link to `/etc/passwd`",
        "package/pipe: a device",
        "package/sparse: an entry of unknown type 'S'",
        "good.js: twice in the archive",
        "top.js: a file outside any folder",
        "good.js: differs from `Good.js` in case only",
    ];
    assert_eq!(issues.len(), starts.len(), "{issues:#?}");
    for (issue, start) in issues.iter().zip(starts) {
        assert!(issue.starts_with(start), "{issue}");
    }
}

#[test]
fn damage_costs_only_what_it_hits() {
    let mut broken = entry("package/b.js", b'0', b"b");
    broken[0] ^= 0xFF;
    let archive = tar(&[
        entry("package/a.js", b'0', b"a"),
        broken,
        entry("package/c.js", b'0', b"c"),
    ]);
    let (files, issues) = open(&archive);
    assert_eq!(files, [pair("a.js", "a"), pair("c.js", "c")]);
    assert!(
        issues.iter().all(|issue| issue.contains("wrong checksum")) && !issues.is_empty(),
        "{issues:?}"
    );

    let mut hidden = tar(&[entry("package/a.js", b'0', b"a")]);
    hidden.extend(entry("package/z.js", b'0', b"z"));
    let (files, issues) = open(&hidden);
    assert_eq!(files, [pair("a.js", "a")]);
    assert!(issues[0].contains("after the archive's end"), "{issues:?}");
}

#[test]
fn every_truncation_keeps_what_came_before() {
    let mut state = 1u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(5000)
    .collect();
    let archive = tar(&[
        entry("package/a.js", b'0', b"first"),
        entry("package/b.bin", b'0', &noise),
    ]);
    let packed = gzip(&archive);
    let mut kept = 0;
    for length in (18..packed.len()).step_by(37) {
        let (files, issues) = open(&packed[..length]);
        assert!(!issues.is_empty(), "{length}");
        kept += usize::from(files.first() == Some(&pair("a.js", "first")));
    }
    assert!(kept > 100, "{kept}");
    let (files, issues) = open(&archive[..2 * BLOCK + 100]);
    assert_eq!(files, [pair("a.js", "first")]);
    assert_eq!(issues.len(), 1);
}

#[test]
fn gzip_headers_and_checksums() {
    let archive = tar(&[entry("package/a.js", b'0', b"a")]);
    let mut encoder = GzBuilder::new()
        .extra(vec![7; 300])
        .filename("a.tar")
        .comment("packed")
        .write(Vec::new(), Compression::best());
    encoder.write_all(&archive).unwrap();
    let named = encoder.finish().unwrap();
    assert_eq!(open(&named), (vec![pair("a.js", "a")], vec![]));

    // A header with a checksum of its own, right and wrong: of the header's ten bytes it is 0x77A7.
    let plain = gzip(&archive);
    for (sum, issues) in [
        ([0xA7, 0x77], vec![]),
        (
            [0, 0],
            vec![": damaged or cut off: corrupt gzip stream does not have a matching checksum"],
        ),
    ] {
        let header = [0x1F, 0x8B, 8, 2, 0, 0, 0, 0, 0, 3];
        let summed = [&header[..], &sum, &plain[10..]].concat();
        assert_eq!(open(&summed).1, issues);
    }

    let end = plain.len();
    for (at, message) in [(2, "invalid gzip header"), (end - 1, "checksum"), (end - 8, "checksum")] {
        let mut broken = plain.clone();
        broken[at] ^= 1;
        let issues = open(&broken).1;
        assert!(issues[0].contains(message), "{at}: {issues:?}");
    }
    assert!(open(&[plain.clone(), b"rest".to_vec()].concat()).1[0].contains("after its end"));
}

#[test]
fn bombs_stop_at_the_limits() {
    let limits = Limits {
        unpacked: 1 << 20,
        ratio: 10,
        entries: 10,
        path: 100,
    };
    let bomb = gzip(&tar(&[
        entry("package/a.js", b'0', b"a"),
        entry("package/bomb", b'0', &vec![0; 4 << 20]),
    ]));
    let package = unpack(&bomb, &limits).unwrap();
    assert_eq!(package.files[0].path, "a.js");
    assert!(package.files.iter().map(|file| file.bytes.len()).sum::<usize>() <= 1 << 20);
    assert!(
        package.issues[0].message.contains("decompression bomb"),
        "{:?}",
        package.issues
    );

    let many: Vec<_> = (0..20).map(|n| entry(&format!("package/{n}.js"), b'0', b"")).collect();
    let package = unpack(&tar(&many), &limits).unwrap();
    assert_eq!(package.files.len(), 10);
    assert!(package.issues[0].message.starts_with("more than 10 entries"));

    let links: Vec<_> = (0..500)
        .map(|n| header(&format!("package/{n}"), b'1', 0, "x"))
        .collect();
    let package = unpack(&tar(&links), &Limits::default()).unwrap();
    assert_eq!(
        package.issues.last().unwrap().message,
        "400 more oddities of the archive"
    );
}

#[test]
fn a_size_that_lies_costs_no_memory() {
    let mut lie = header("package/a.js", b'0', 0, "");
    lie[124..136].copy_from_slice(&[0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
    lie[148..156].fill(b' ');
    let sum: u32 = lie.iter().map(|&byte| u32::from(byte)).sum();
    lie[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    lie.extend_from_slice(b"short");
    let (files, issues) = open(&lie);
    assert_eq!(files, [pair("a.js", "short")]);
    assert!(issues[0].contains("only the first part"), "{issues:?}");
}

#[test]
fn what_is_no_archive_is_an_error() {
    for bytes in [&b""[..], b"PK\x03\x04", b"hello", &[0; 2048]] {
        assert_eq!(unpack(bytes, &Limits::default()).unwrap_err(), NotAnArchive);
    }
    let (files, issues) = open(&[0x1F, 0x8B, 8, 0]);
    assert!(
        files.is_empty() && issues[0].contains("damaged or cut off"),
        "{issues:?}"
    );
}
