/** Which provinces' peers lack what others have: those that stand still behind another, and those that stay far behind. */
import type { ProvinceView } from './compare-provinces.js';

/** Number of blocks; a peer that is so far behind at two looks is told of, though it comes on between them. */
export const FAR_BEHIND = 100;

export class Gaps {
  #before: ReadonlyMap<string, { readonly height: number | undefined; readonly isFar: boolean }> = new Map();

  /** @returns what is missing of each province; the others have nothing missing */
  look(views: readonly ProvinceView[]): ReadonlyMap<string, string | undefined> {
    const highest = Math.max(...views.map(({ height }) => height ?? 0));
    const now = new Map(
      views.map(({ mspId, height }) => [mspId, { height, isFar: height !== undefined && highest - height >= FAR_BEHIND }]),
    );
    const gaps = [...now].map(([mspId, { height, isFar }]) => {
      const before = this.#before.get(mspId);
      const stands = before !== undefined && before.height === height;
      const staysFar = before?.isFar === true && isFar;
      if ((!stands && !staysFar) || height === highest) return [mspId, undefined] as const;
      if (height === undefined) return [mspId, 'cannot be asked'] as const;
      return [mspId, `has blocks up to ${height - 1}, and another province up to ${highest - 1}`] as const;
    });
    this.#before = now;
    return new Map(gaps);
  }
}
