/** Drawn marks; shapes differ as well as colours. All are decoration: words stand next to them. */
import type { Severity, Verdict } from "importguard-wasm";
import type { ComponentChildren } from "preact";

function Icon({ children, size = 20, class: name }: { children: ComponentChildren; size?: number; class?: string }) {
  return (
    <svg class={name} width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export function VerdictIcon({ verdict, size = 24 }: { verdict: Verdict; size?: number }) {
  const name = `verdict-icon ${verdict}`;
  if (verdict === "block") {
    return (
      <Icon size={size} class={name}>
        <path d="M8.2 2.8h7.6l5.4 5.4v7.6l-5.4 5.4H8.2l-5.4-5.4V8.2z" />
        <path d="M7.5 12h9" stroke-width="2.6" />
      </Icon>
    );
  }
  if (verdict === "review") {
    return (
      <Icon size={size} class={name}>
        <path d="M12 3 22 20.5H2z" />
        <path d="M12 9.5v5" stroke-width="2.2" />
        <path d="M12 17.6v.1" stroke-width="2.6" />
      </Icon>
    );
  }
  return (
    <Icon size={size} class={name}>
      <circle cx="12" cy="12" r="9.4" />
      <path d="m7.8 12.4 2.9 2.9 5.6-6" stroke-width="2.2" />
    </Icon>
  );
}

/** One to five bars, as for a signal. */
export function SeverityIcon({ severity }: { severity: Severity }) {
  const bars = ["info", "low", "medium", "high", "critical"].indexOf(severity) + 1;
  return (
    <svg width="16" height="12" viewBox="0 0 16 12" aria-hidden="true" focusable="false">
      {[0, 1, 2, 3, 4].map((bar) => (
        <rect key={bar} x={bar * 3.3} y={8 - bar * 2} width="2.3" height={4 + bar * 2} rx="0.6" fill="currentColor" opacity={bar < bars ? 1 : 0.22} />
      ))}
    </svg>
  );
}

export function Mark() {
  return (
    <Icon size={24} class="mark">
      <path d="M2.5 12h10.5" stroke-width="2.1" />
      <path d="m9 7.5 4.5 4.5L9 16.5" stroke-width="2.1" />
      <path d="M19 4v16" stroke-width="3" class="mark-bar" />
    </Icon>
  );
}

export function BoxIcon() {
  return (
    <Icon size={40}>
      <path d="M12 2.8 20.5 7v10L12 21.2 3.5 17V7z" stroke-width="1.2" />
      <path d="M3.5 7 12 11.4 20.5 7M12 11.4v9.8M7.7 4.9l8.5 4.3" stroke-width="1.2" />
    </Icon>
  );
}

export function CloseIcon() {
  return (
    <Icon>
      <path d="m6 6 12 12M18 6 6 18" />
    </Icon>
  );
}

export function EyeOffIcon() {
  return (
    <Icon>
      <path d="M3 3l18 18M10 5.2A9.8 9.8 0 0 1 12 5c5.5 0 9 5 10 7a15.500 15.500 0 0 1-3 3.900M6.500 6.700A15.600 15.600 0 0 0 2 12c1 2 4.500 7 10 7a9.600 9.600 0 0 0 4.300-1M9.900 9.900a3 3 0 0 0 4.200 4.200" />
    </Icon>
  );
}

export function ThemeIcon() {
  return (
    <Icon>
      <circle cx="12" cy="12" r="8.500" />
      <path d="M12 3.500a8.500 8.500 0 0 1 0 17z" fill="currentColor" stroke="none" />
    </Icon>
  );
}

export function ArrowIcon() {
  return (
    <Icon size={16}>
      <path d="M5 12h13M13 7l5 5-5 5" />
    </Icon>
  );
}
