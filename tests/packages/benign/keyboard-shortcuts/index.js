export function onKey(keys, call, target = document) {
  const heard = (event) => {
    if (event.ctrlKey && event.key.toLowerCase() === keys) call(event);
  };
  target.addEventListener("keydown", heard);
  return () => target.removeEventListener("keydown", heard);
}

export function suggest(input, show, url = "/search") {
  input.addEventListener("input", async (event) => {
    const reply = await fetch(`${url}?q=${encodeURIComponent(event.target.value)}`);
    show(await reply.json());
  });
}

export function ajaxForm(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    fetch(form.action, { method: "POST", body: new FormData(form) });
  });
}
