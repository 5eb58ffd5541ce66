/** What a server-sent event stream sends, as a browser would read it. */
export interface StreamEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

export interface EventReader {
  /** Resolves with the next event; undefined at the end of the stream. */
  next(): Promise<StreamEvent | undefined>;
  /** Events up to and with the first of that name. */
  until(event: string): Promise<StreamEvent[]>;
  cancel(): Promise<void>;
}

export async function readEvents(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
  const response = await fetch(url, { headers });
  if (response.body === null) throw new Error(`no stream: status ${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";

  async function next(): Promise<StreamEvent | undefined> {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end < 0) {
        const { done, value } = await reader.read();
        if (done) return undefined;
        text += value;
        continue;
      }
      const fields = new Map(
        text
          .slice(0, end)
          .split("\n")
          .map((line): [string, string] => {
            const colon = line.indexOf(": ");
            return [line.slice(0, colon), line.slice(colon + 2)];
          }),
      );
      text = text.slice(end + 2);
      const event = fields.get("event");
      if (event !== undefined) return { event, id: fields.get("id"), data: JSON.parse(fields.get("data") ?? "null") };
    }
  }

  return {
    next,
    async until(name) {
      const events: StreamEvent[] = [];
      for (;;) {
        const event = await next();
        if (event === undefined) throw new Error(`the stream ended before '${name}'`);
        events.push(event);
        if (event.event === name) return events;
      }
    },
    cancel: () => reader.cancel(),
  };
}
