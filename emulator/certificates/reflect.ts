/**
 * The three metadata functions that the dependency injection inside @peculiar/x509 looks for at load time.
 * It keeps tokens of its algorithms there and nothing else, so a map per class is all that is needed.
 */
type Metadata = {
  defineMetadata(key: unknown, value: unknown, target: object): void;
  getOwnMetadata(key: unknown, target: object): unknown;
  getMetadata(key: unknown, target: object): unknown;
};

const known = new WeakMap<object, Map<unknown, unknown>>();
const reflect = Reflect as unknown as Partial<Metadata>;

reflect.defineMetadata ??= (key, value, target) => {
  const entries = known.get(target) ?? new Map<unknown, unknown>();
  known.set(target, entries.set(key, value));
};
reflect.getOwnMetadata ??= (key, target) => known.get(target)?.get(key);
reflect.getMetadata ??= (key, target) => {
  for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const entries = known.get(at);
    if (entries?.has(key) === true) return entries.get(key);
  }
  return undefined;
};
