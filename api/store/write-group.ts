/**
 * Single writes that come in at about the same time, committed together: a commit costs more than the
 * write. Each is told its own outcome, after the commit; one that fails takes none of the others along.
 */
import type { Outcome, SqliteHandles } from './sqlite-handles.js';

interface Waiting {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Runs work while nobody else has the writer; resolves when what it committed is as durable as it must be. */
type Alone = <T>(work: () => T) => Promise<T>;

export class WriteGroup {
  readonly #handles: SqliteHandles;
  readonly #alone: Alone;
  #waiting: Waiting[] = [];

  constructor(handles: SqliteHandles, alone: Alone) {
    this.#handles = handles;
    this.#alone = alone;
  }

  write(sql: string, parameters: readonly unknown[]): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ sql, parameters, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => this.#flush());
    });
  }

  async #flush(): Promise<void> {
    let group: Waiting[] | undefined;
    try {
      const tell = await this.#alone(() => {
        group = this.#take();
        return this.#commit(group);
      });
      for (const outcome of tell) outcome();
    } catch (error) {
      for (const { reject } of group ?? this.#take()) reject(error);
    }
  }

  #take(): Waiting[] {
    const group = this.#waiting;
    this.#waiting = [];
    return group;
  }

  #commit(group: readonly Waiting[]): (() => void)[] {
    const handles = this.#handles;
    handles.begin();
    try {
      const tell = group.map((waiting) => this.#run(waiting));
      handles.commit();
      return tell;
    } finally {
      handles.rollback();
    }
  }

  /** @returns what tells the outcome, once it is committed */
  #run({ sql, parameters, resolve, reject }: Waiting): () => void {
    try {
      const outcome = this.#handles.writer.run(sql, parameters);
      return () => resolve(outcome);
    } catch (error) {
      // A statement that fails is taken back by itself; a full disk ends the whole transaction.
      if (!this.#handles.writer.inTransaction) throw error;
      return () => reject(error);
    }
  }
}
