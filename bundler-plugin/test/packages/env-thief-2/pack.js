export function pack(text) {
  return btoa(text);
}
