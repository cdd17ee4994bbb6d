/** The two languages that people are answered in, and how `Accept-Language` (RFC 9110, 12.5.4) picks one. */

export type Language = 'zh-CN' | 'en';

function quality(parameters: readonly string[]): number {
  const q = parameters
    .map((parameter) => /^\s*q=([01](?:\.[0-9]{0,3})?)\s*$/i.exec(parameter)?.[1])
    .find((value) => value !== undefined);
  return q === undefined ? 1 : Number(q);
}

function languageOf(range: string): Language | undefined {
  const tag = range.trim().toLowerCase();
  if (tag === '*' || tag === 'zh' || tag.startsWith('zh-')) return 'zh-CN';
  return tag === 'en' || tag.startsWith('en-') ? 'en' : undefined;
}

/** The language wanted most of those there are; Chinese when none is named. */
export function negotiateLanguage(header: string | undefined): Language {
  if (header === undefined || header.length > 500) return 'zh-CN';
  let best: { language: Language; quality: number } = { language: 'zh-CN', quality: 0 };
  for (const part of header.split(',')) {
    const [range = '', ...parameters] = part.split(';');
    const language = languageOf(range);
    const wanted = quality(parameters);
    if (language && wanted > best.quality) best = { language, quality: wanted };
  }
  return best.language;
}
