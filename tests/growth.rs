//! Twice the input costs about twice the work, counted in steps of evaluation and not in time.

use std::fmt::Write as _;

use importguard::facts::{self, How};

/// A shape of input of some size.
struct Shape {
    name: &'static str,
    write: fn(usize) -> String,
    /// The size to begin with.
    size: usize,
}

/// How often each shape is doubled.
const DOUBLINGS: u32 = 5;
/// Work that any input may cost, however small it is.
const FREE: u64 = 20_000;
/// The most that twice the input may cost, in percent of what the input cost.
const GROWTH: u64 = 260;

const SHAPES: [Shape; 11] = [
    Shape {
        name: "a long concatenation",
        write: |size| {
            let mut text = "const k = 1;\neval(''".to_owned();
            for at in 0..size {
                let _ = write!(text, " + String.fromCharCode({} ^ k)", 97 + at % 26);
            }
            text + ");"
        },
        size: 100,
    },
    Shape {
        name: "a chain of aliases",
        write: |size| {
            let mut text = "let a0 = require('child_process');\n".to_owned();
            for at in 1..size {
                let _ = writeln!(text, "let a{at} = a{};", at - 1);
            }
            let _ = writeln!(text, "a{}.exec('id');", size - 1);
            text
        },
        size: 100,
    },
    Shape {
        name: "one code that is run again and again",
        write: |size| {
            let mut text = "const c = ['aler', 't(1)'].join('');\n".to_owned();
            for _ in 0..size {
                text.push_str("eval(c);\n");
            }
            text
        },
        size: 100,
    },
    Shape {
        name: "calls within calls",
        write: |size| {
            let mut text = "function f0(x) { return x + 'a'; }\n".to_owned();
            for at in 1..size {
                let _ = writeln!(
                    text,
                    "function f{at}(x) {{ return f{}(x + 'a') + f{}(x); }}",
                    at - 1,
                    at - 1
                );
            }
            let _ = writeln!(text, "eval(f{}('x'));", size - 1);
            text
        },
        size: 50,
    },
    Shape {
        name: "a giant array",
        write: |size| {
            let mut text = "const t = [".to_owned();
            for at in 0..size {
                let _ = write!(text, "'w{at}',");
            }
            text.push_str("];\nt.reverse();\nfunction d(i) { return t[i]; }\n");
            for at in 0..size / 20 {
                let _ = writeln!(text, "require('child_process').exec(d({at}));");
            }
            text
        },
        size: 500,
    },
    Shape {
        name: "a giant switch",
        write: |size| {
            let mut text = "function d(i) { let o = ''; switch (i) {".to_owned();
            for at in 0..size {
                let _ = writeln!(text, "case {at}: o += 'w{at}'; break;");
            }
            let _ = writeln!(text, "}} return o; }}\nrequire('child_process').exec(d({}));", size - 1);
            text
        },
        size: 300,
    },
    Shape {
        name: "loops within loops of a decoder",
        write: |size| {
            let mut text = "function d(t) { let o = ''; for (const a of t) { for (const b of t) { if (a === b) o += a; } } return o; }\n"
                .to_owned();
            for at in 0..size {
                let _ = writeln!(text, "require('child_process').exec(d('abcdefgh{at}'));");
            }
            text
        },
        size: 20,
    },
    Shape {
        name: "texts that double",
        write: |size| {
            let mut text = "let s = 'x'.repeat(1000);\n".to_owned();
            for _ in 0..size {
                text.push_str("s = s + s; s += 'y'.repeat(100000);\n");
            }
            text + "eval(s);"
        },
        size: 50,
    },
    Shape {
        name: "code of six characters",
        write: |size| {
            let mut text = "[]['flat']['constructor'](".to_owned();
            for at in 0..size {
                text.push_str(if at == 0 { "" } else { "+" });
                text.push_str("(![]+[])[+!+[]]+([][[]]+[])[!+[]+!+[]]+([]['flat']+[])[!+[]+!+[]+!+[]]");
            }
            text + ")()"
        },
        size: 20,
    },
    Shape {
        name: "a rotation that never fits",
        write: |size| {
            let mut text = "function t() { const a = [".to_owned();
            for at in 0..size {
                let _ = write!(text, "'{at}abc',");
            }
            text.push_str(
                "]; t = function () { return a; }; return t(); }\nfunction d(i) { return t()[i]; }\n\
                 (function (f, sum) { const a = f(); while (!![]) { try { if (parseInt(d(1)) * parseInt(d(2)) === sum) break; \
                 else a.push(a.shift()); } catch (e) { a.push(a.shift()); } } })(t, 0.5);\n",
            );
            text + "require('child_process').exec(d(3));"
        },
        size: 200,
    },
    Shape {
        name: "functions that call each other",
        write: |size| {
            let mut text = String::new();
            for at in 0..size {
                let _ = writeln!(
                    text,
                    "function f{at}(x) {{ return g{at}(x + 'a') + f{}(x); }}\nfunction g{at}(x) {{ return f{at}(x) + g{}(x); }}",
                    (at + 1) % size,
                    (at + 7) % size
                );
            }
            text + "eval(f0('x'));"
        },
        size: 50,
    },
];

fn steps(text: &str) -> u64 {
    let before = facts::steps();
    facts::collect("index.js", text.as_bytes(), How::ByName);
    facts::steps() - before
}

#[test]
fn twice_the_input_costs_about_twice_the_work() {
    let mut wrong = Vec::new();
    for shape in &SHAPES {
        let mut costs = Vec::new();
        for doubling in 0..=DOUBLINGS {
            costs.push(steps(&(shape.write)(shape.size << doubling)));
        }
        let grows = costs
            .windows(2)
            .all(|pair| pair[1].saturating_sub(FREE) * 100 <= pair[0].max(FREE) * GROWTH);
        if !grows {
            wrong.push(format!("{}: {costs:?}", shape.name));
        }
    }
    assert!(wrong.is_empty(), "grows faster than its input:\n{}", wrong.join("\n"));
}

#[test]
fn steps_are_counted() {
    let text = "function d(t) { return t.split('').reverse().join(''); }\neval(d('1 + 1 + 1'));";
    assert!(steps(text) > 20, "a decoder costs some steps");
    assert_eq!(steps("const a = 1;"), 0, "what uses no power costs none");
}

/// A browser gives its WebAssembly a megabyte of stack; native frames without optimisation are larger than its frames.
#[test]
fn deep_recursion_stays_within_a_small_stack() {
    let mut nested = "x".to_owned();
    for _ in 0..12 {
        nested = format!("(function (y) {{ if (y) {{ return [{nested} + y, f(x + 'a')][0]; }} }})('b')");
    }
    let text = format!("function f(x) {{ return `${{{nested}}}` + f(x); }}\nrequire('child_process')[f('a')]('id');");
    let work = move || steps(&text);
    let thread = std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(work)
        .expect("a thread");
    assert!(thread.join().expect("no overflow") > 0);
}
