/** Markdown to elements: every text becomes a text node, raw HTML is shown as it is written. */
import { lexer, type Token, type Tokens } from "marked";
import { Fragment, type ComponentChildren } from "preact";

export function Markdown({ text }: { text: string }) {
  return <div class="prose">{blocks(lexer(text))}</div>;
}

function blocks(tokens: readonly Token[]): ComponentChildren {
  return tokens.map((token, index) => <Fragment key={index}>{block(token)}</Fragment>);
}

function block(token: Token): ComponentChildren {
  switch (token.type) {
    case "space":
    case "def":
      return null;
    case "heading":
      // The page has its own h1.
      return (token as Tokens.Heading).depth <= 2 ? <h2>{inline(token.tokens)}</h2> : <h3>{inline(token.tokens)}</h3>;
    case "paragraph":
      return <p>{inline(token.tokens)}</p>;
    case "blockquote":
      return <blockquote>{blocks(token.tokens ?? [])}</blockquote>;
    case "hr":
      return <hr />;
    case "code":
      return <Code code={token as Tokens.Code} />;
    case "list":
      return <List list={token as Tokens.List} />;
    case "table":
      return <Table table={token as Tokens.Table} />;
    case "text":
      return token.tokens ? inline(token.tokens) : (token as Tokens.Text).text;
    default:
      return <p>{token.raw}</p>;
  }
}

/** A rule's examples say in their first line what they are: `js bad file=setup.js`. */
function Code({ code }: { code: Tokens.Code }) {
  const words = (code.lang ?? "").split(/\s+/);
  const file = words.find((word) => word.startsWith("file="))?.slice("file=".length);
  const kind = (["bad", "ok", "also"] as const).find((one) => words.includes(one));
  const caption = [kind && CAPTIONS[kind], file].filter(Boolean).join(": ");
  return (
    <figure class={`example ${kind ?? ""}`}>
      {caption && <figcaption>{caption}</figcaption>}
      <pre tabIndex={0}>
        <code>{code.text}</code>
      </pre>
    </figure>
  );
}

const CAPTIONS = { bad: "Reported", ok: "Not reported", also: "Together with" };

function List({ list }: { list: Tokens.List }) {
  const items = list.items.map((item, index) => <li key={index}>{blocks(item.tokens)}</li>);
  return list.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
}

function Table({ table }: { table: Tokens.Table }) {
  return (
    <table>
      <thead>
        <tr>
          {table.header.map((cell, index) => (
            <th key={index} scope="col">
              {inline(cell.tokens)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={column}>{inline(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function inline(tokens: readonly Token[] | undefined): ComponentChildren {
  return (tokens ?? []).map((token, index) => <Fragment key={index}>{phrase(token)}</Fragment>);
}

function phrase(token: Token): ComponentChildren {
  switch (token.type) {
    case "strong":
      return <strong>{inline(token.tokens)}</strong>;
    case "em":
      return <em>{inline(token.tokens)}</em>;
    case "del":
      return <del>{inline(token.tokens)}</del>;
    case "codespan":
      return <code>{(token as Tokens.Codespan).text}</code>;
    case "br":
      return <br />;
    case "link": {
      // One rule's page refers to another's by its file name.
      const href = (token as Tokens.Link).href.replace(/^(?:\.\/)?([a-z-]+)\.md$/, "#/rules/$1");
      return /^(https?:|#)/.test(href) ? (
        <a href={href} rel="noreferrer noopener">
          {inline(token.tokens)}
        </a>
      ) : (
        inline(token.tokens)
      );
    }
    case "text":
      return token.tokens ? inline(token.tokens) : (token as Tokens.Text).text;
    case "escape":
      return (token as Tokens.Escape).text;
    default:
      return token.raw;
  }
}
