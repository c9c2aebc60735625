// The site that shows us in a frame: the server asks for it, and it is the only one whose tokens are taken.

/** Its origin; none at the top, or where the browser keeps it to itself. */
export function framingSite(): string | undefined {
  if (parent === window) return undefined;
  // Firefox does not know it.
  const ancestors: DOMStringList | undefined = (location as Partial<Location>).ancestorOrigins;
  return readOrigin(ancestors?.[0] ?? document.referrer);
}

/** Frames without an origin call themselves "null", which says nothing of any site. */
function readOrigin(address: string): string | undefined {
  try {
    const { origin, protocol } = new URL(address);
    return /^https?:$/.test(protocol) ? origin : undefined;
  } catch {
    return undefined;
  }
}
