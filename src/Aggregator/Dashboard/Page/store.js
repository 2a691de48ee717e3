/** One of the browser's stores (`sessionStorage`, `localStorage`); memory where the browser keeps nothing for this page. */
export function store(name) {
  try {
    const kept = window[name];
    kept.getItem('');
    return kept;
  } catch {
    const memory = new Map();
    return { getItem: key => memory.get(key) ?? null, setItem: (key, value) => memory.set(key, value), removeItem: key => memory.delete(key) };
  }
}
