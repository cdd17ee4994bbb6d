/** Work on items as they come, several at once, with the results in the order of the items. */

/**
 * Each result is given as soon as it and all before it are there; nothing waits for later items to come. An
 * item that cannot be read, or whose work fails, is thrown in its turn.
 * @param most so many items are worked on at once
 */
export async function* inOrder<T, R>(
  items: AsyncIterator<T>,
  work: (item: T) => Promise<R>,
  most: number,
): AsyncGenerator<R, void> {
  const working: Promise<R>[] = [];
  let coming: Promise<'came'> | undefined;
  let ended = false;

  const take = async (): Promise<'came'> => {
    const result = items.next();
    try {
      const { done, value } = await result;
      if (done) ended = true;
      else start(work(value));
    } catch (error) {
      ended = true;
      start(Promise.reject(error));
    }
    coming = undefined;
    return 'came';
  };
  const start = (result: Promise<R>) => {
    // Its turn may be long after it failed.
    result.catch(() => undefined);
    working.push(result);
  };

  for (;;) {
    if (!ended && working.length < most) coming ??= take();
    const [first] = working;
    if (!first && !coming) return;
    const ready = first?.then(() => 'ready' as const);
    if ((await Promise.race([ready, coming].filter((one) => one !== undefined))) !== 'ready') continue;
    yield await (working.shift() as Promise<R>);
  }
}
