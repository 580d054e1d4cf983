/** Whether the source has room beside the report. */
import { useEffect, useState } from "preact/hooks";

const query = matchMedia("(max-width: 64rem)");

export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const onChange = (): void => setNarrow(query.matches);
    query.addEventListener("change", onChange);
    return () => query.removeEventListener("change", onChange);
  }, []);
  return narrow;
}
