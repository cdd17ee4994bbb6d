/** The route 办理环节 of an item: milestones in a fixed order, each once. */
import { ensure } from '../../runtime/tx.js';

/**
 * How many names of the route are done after this milestone. Any name but the next one is out of
 * order: a name before its turn, again, or that the route does not know. Without a route all names go.
 * @throws Refusal `case.route`
 */
export function advance(route: readonly string[] | undefined, done: number, name: string): number {
  if (!route) return done;
  ensure(route[done] === name, 'case.route');
  return done + 1;
}
