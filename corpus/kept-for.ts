/** `make`, done once for each object: what it made is kept as long as the object is. */
export function keptFor<Source extends object, Made>(make: (source: Source) => Made): (source: Source) => Made {
  const kept = new WeakMap<Source, { readonly made: Made }>();
  return (source) => {
    let entry = kept.get(source);
    if (entry === undefined) kept.set(source, (entry = { made: make(source) }));
    return entry.made;
  };
}
