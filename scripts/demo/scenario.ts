/** A scenario from the provinces' practice. */
import type { Stage } from './stage.js';

export interface Scenario {
  readonly number: number;
  readonly title: { readonly zh: string; readonly en: string };
  /** the case that it turns on: who opens it, and its name */
  readonly matter: { readonly as: string; readonly name: string };
  /** @throws DemoFault at the first step that does not go as it must */
  readonly play: (stage: Stage) => Promise<void>;
}
