/**
 * Makes a test for names out of a pattern: `*` stands for anything but a slash, `**` for anything, `?` for one character
 * but a slash; everything else for itself.
 */
export function globTest(pattern: string): (name: string) => boolean {
  const source = pattern.replace(/\*\*\/|\*\*|\*|\?|[^*?]+/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
}
