/** The rules and their pages. */
import { useEffect, useState } from "preact/hooks";

import { failureOf } from "../failure.ts";
import { loadRules, rules } from "../state.ts";
import { ArrowIcon, SeverityIcon } from "../ui/icons.tsx";
import { Phrase, sentence } from "../ui/phrase.tsx";
import { Markdown } from "../ui/markdown.tsx";

export function RulesView({ id }: { id: string | null }) {
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    loadRules().catch((error: unknown) => setFailure(failureOf(error).what));
  }, []);
  if (failure) return <p class="lead">The rules could not be loaded: {failure}</p>;
  if (rules.value.size === 0) return <p class="lead">Loading the rules…</p>;
  return id === null ? <RuleList /> : <RulePage id={id} />;
}

function RuleList() {
  const all = [...rules.value.values()];
  return (
    <div class="rules">
      <h1 tabIndex={-1}>The rules</h1>
      <p class="lead">What importguard looks for. Each rule’s page says why, shows what it reports and what it leaves alone. The severity is the highest that it gives.</p>
      <ul class="rule-list">
        {all.map((rule) => (
          <li key={rule.id}>
            <a href={`#/rules/${rule.id}`}>
              <strong>
                <Phrase text={sentence(rule.title)} />
              </strong>
              <code>{rule.id}</code>
            </a>
            <span class={`severity ${rule.severity}`}>
              <SeverityIcon severity={rule.severity} />
              {rule.severity}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function RulePage({ id }: { id: string }) {
  const rule = rules.value.get(id);
  if (!rule) {
    return (
      <div class="rules">
        <h1 tabIndex={-1}>There is no rule named “{id}”</h1>
        <p>
          <a href="#/rules">All rules</a>
        </p>
      </div>
    );
  }
  return (
    <article class="rules">
      <p class="crumbs">
        <a href="#/rules">All rules</a> <ArrowIcon /> <code>{rule.id}</code>
      </p>
      <h1 tabIndex={-1}>
        <Phrase text={sentence(rule.title)} />
      </h1>
      <p>
        <span class={`severity ${rule.severity}`}>
          <SeverityIcon severity={rule.severity} />
          {rule.severity}
        </span>{" "}
        at its worst, depending on how the place is reached
      </p>
      <Markdown text={withoutTitle(rule.docs)} />
    </article>
  );
}

/** The page's first heading is shown as the view's own. */
function withoutTitle(docs: string): string {
  return docs.replace(/^\s*# .*\n/, "");
}
