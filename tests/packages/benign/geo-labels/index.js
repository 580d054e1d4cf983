import { writeFileSync } from "node:fs";

const EU = new Set(["AT", "BE", "FR", "DE", "IT"]);

/** Whether a visitor is to be asked for consent. */
export async function needsConsent() {
  const { country_code: code } = await (await fetch("https://geoip.example.invalid/json")).json();
  return EU.has(code);
}

/** The user's date format. */
export function order() {
  const { locale, timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (locale.startsWith("en-US")) return "mdy";
  return timeZone === "Asia/Tokyo" ? "ymd" : "dmy";
}

/** Keeps the translations of one language. */
export function save(language, texts, file) {
  if (language === "ru" || language === "uk") texts.direction = "ltr";
  writeFileSync(file, JSON.stringify(texts));
}

/** Whether a licence has ended. */
export const ended = (licence) => new Date() > new Date(licence.until);
