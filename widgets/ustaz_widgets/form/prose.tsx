/** Guidance of a definition: paragraphs between blank lines, lines with "- " as a list. */

export function Prose({ text, class: name = "uz-prose" }: { text: string; class?: string }) {
  const blocks = text.trim().split(/\n\s*\n/);
  return <div class={name}>{blocks.map((block, at) => blockOf(block, at))}</div>;
}

function blockOf(block: string, at: number) {
  const parts: { list: boolean; lines: string[] }[] = [];
  for (const line of block.split("\n").map((part) => part.trim())) {
    const list = line.startsWith("- ");
    const last = parts.at(-1);
    const text = list ? line.slice(2) : line;
    if (last?.list && !list && text !== "" && last.lines.length > 0) {
      // A wrapped line goes on with its list item.
      last.lines[last.lines.length - 1] += ` ${text}`;
    } else if (last && last.list === list) last.lines.push(text);
    else parts.push({ list, lines: [text] });
  }
  return parts.map((part, index) =>
    part.list ? (
      <ul key={`${at}-${index}`}>
        {part.lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    ) : (
      <p key={`${at}-${index}`}>{part.lines.join(" ")}</p>
    ),
  );
}
