export function whole(...parts) {
  return parts.length > 0 && globalThis.whole !== false;
}
