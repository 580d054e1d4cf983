const NODE = "https://mainnet.example.invalid";

/** A gist's files, by name. */
export async function gist(id) {
  const reply = await fetch(`https://gist.example.invalid/${id}.json`);
  return Object.fromEntries((await reply.json()).files.map((file) => [file.name, atob(file.content)]));
}

/** All notes of an account, page by page. */
export async function* notes(account) {
  let url = `${NODE}/accounts/${account}/transactions`;
  while (url) {
    const page = await (await fetch(url)).json();
    for (const found of page.items) yield Buffer.from(found.memo, "base64").toString();
    url = page.next;
  }
}
