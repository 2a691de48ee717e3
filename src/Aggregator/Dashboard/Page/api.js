// The reports API, asked with the key of the session.

import { session } from './session.js';

/** What went wrong, as the API says it. `status` is 0 where no answer came. */
export class ApiError extends Error {
  constructor(status, title, detail) {
    super(detail || title || '');
    this.status = status;
    this.title = title;
  }
}

async function ask(path, accept, signal) {
  let answer;
  try {
    answer = await fetch(path, {
      headers: { Authorization: `Bearer ${session.key ?? ''}`, Accept: accept },
      cache: 'no-store', credentials: 'omit', redirect: 'error', signal,
    });
  } catch (fault) {
    if (fault.name === 'AbortError') throw fault;
    throw new ApiError(0, '', '');
  }
  if (answer.ok) return answer;
  let problem = {};
  try {
    problem = await answer.json();
  } catch {
    // Whoever stands between answered in a form of its own.
  }
  throw new ApiError(answer.status, problem.title, problem.detail);
}

/** The JSON under a path. Throws ApiError; AbortError where the signal ended it. */
export async function get(path, signal) {
  const answer = await ask(path, 'application/json', signal);
  try {
    return await answer.json();
  } catch (fault) {
    if (fault.name === 'AbortError') throw fault;
    throw new ApiError(answer.status, '', '');
  }
}

/** A file that the browser keeps: the key goes in a header, which a plain link could not send. Excel reads UTF-8 only behind a byte order mark. */
export async function download(path, type, name) {
  const answer = await ask(path, type);
  const url = URL.createObjectURL(new Blob(['\ufeff', await answer.blob()], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Reads server-sent events until the signal ends it or the server does. `heard(event, data)` gets each; a comment, which says no more than that the server is there, as `heard(null)`. */
export async function listen(path, heard, signal) {
  const answer = await ask(path, 'text/event-stream', signal);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value.replaceAll('\r', '');
    let end;
    while ((end = rest.indexOf('\n\n')) >= 0) {
      const block = rest.slice(0, end);
      rest = rest.slice(end + 2);
      let event = 'message';
      const data = [];
      for (const line of block.split('\n')) {
        if (line.startsWith('event:')) event = line.slice(6).trim();
        else if (line.startsWith('data:')) data.push(line.slice(5).trimStart());
      }
      if (data.length) heard(event, data.join('\n'));
      else if (block.startsWith(':')) heard(null);
    }
  }
}

/** A path with the parameters that have a value. */
export function path(base, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters ?? {}))
    if (value !== null && value !== undefined && value !== '') query.set(name, value);
  const text = query.toString();
  return text ? `${base}?${text}` : base;
}
