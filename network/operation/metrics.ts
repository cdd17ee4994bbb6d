/** A node's own figures, from the Prometheus text of its operations endpoint on the loopback. */
import { CHANNEL } from '../channel.js';
import { LOOPBACK } from '../definition/definition.js';

/** a busy machine also falls silent in the middle of an answer */
const PATIENCE_MS = 5000;

async function page(port: number): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://${LOOPBACK}:${port}/metrics`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.status === 200 ? await answer.text() : undefined;
  } catch {
    return undefined;
  }
}

/** Metric name → its value for our channel, or for none; undefined when the node does not answer. */
export async function metricsOf(port: number): Promise<ReadonlyMap<string, number> | undefined> {
  const text = await page(port);
  if (text === undefined) return undefined;
  const figures = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name && (labels === '' || labels === `channel="${CHANNEL}"`)) figures.set(name, Number(value));
  }
  return figures;
}
