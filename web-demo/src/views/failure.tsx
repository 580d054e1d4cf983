/** A scan that came to nothing: what, where, what to do. */
import type { Failure } from "../failure.ts";
import { startOver } from "../state.ts";

export function FailureView({ failure }: { failure: Failure }) {
  return (
    <div class="failure">
      <h1 tabIndex={-1}>{failure.title}</h1>
      <p class="lead">{failure.what}</p>
      {failure.where && (
        <p>
          <code>{failure.where}</code>
        </p>
      )}
      <h2>What to do</h2>
      <ul>
        {failure.advice.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <button type="button" class="primary" onClick={startOver}>
        Try another
      </button>
    </div>
  );
}
