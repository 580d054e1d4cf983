/** One section of a report. */
import type { ComponentChildren } from "preact";

interface Props {
  id: string;
  title: string;
  lead?: ComponentChildren;
  children?: ComponentChildren;
}

export function Section({ id, title, lead, children }: Props) {
  return (
    <section class={`section ${id}`} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} tabIndex={-1}>
        {title}
      </h2>
      {lead && <p class="section-lead">{lead}</p>}
      {children}
    </section>
  );
}
