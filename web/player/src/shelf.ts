// A place to keep small texts for this tab: sessionStorage, or plain memory where the browser forbids it.

export interface Shelf {
  /** False when a reload forgets everything. */
  lasting: boolean;
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/** `open` is a function because merely naming `window.sessionStorage` throws where storage is blocked. */
export function openShelf(open: () => Storage): Shelf {
  try {
    const storage = open();
    storage.setItem("admit:trial", "1");
    storage.removeItem("admit:trial");
    return storageShelf(storage);
  } catch {
    return memoryShelf();
  }
}

function storageShelf(storage: Storage): Shelf {
  return {
    lasting: true,
    get: (key) => storage.getItem(key) ?? undefined,
    set: (key, value) => storage.setItem(key, value),
    remove: (key) => storage.removeItem(key),
  };
}

function memoryShelf(): Shelf {
  const texts = new Map<string, string>();
  return {
    lasting: false,
    get: (key) => texts.get(key),
    set: (key, value) => void texts.set(key, value),
    remove: (key) => void texts.delete(key),
  };
}
